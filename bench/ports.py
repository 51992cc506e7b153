"""A loopback port nobody uses at the moment."""

import socket


def free_port() -> int:
    """A port the system chose and gave back."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
