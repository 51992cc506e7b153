"""Writes down every request that goes through a proxy to a broker, with its API key."""

import struct
from collections.abc import Callable
from dataclasses import dataclass

from tests.faults.proxy import Proxy


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it was on the wire: the first fields of its header, and all that follows the correlation id."""

    api_key: int
    api_version: int
    rest: bytes


class Recording:
    """All requests of all connections that were opened through `proxy` since then, in the order of their arrival."""

    def __init__(self, proxy: Proxy) -> None:
        self.requests: list[Request] = []
        proxy.heard = self._connection

    @property
    def api_keys(self) -> set[int]:
        """Which APIs were called."""
        return {request.api_key for request in self.requests}

    def _connection(self) -> Callable[[bytes], None]:
        buffer = bytearray()

        def heard(data: bytes) -> None:
            buffer.extend(data)
            while len(buffer) >= 4 and len(buffer) >= (end := 4 + struct.unpack_from(">i", buffer)[0]):
                api_key, api_version = struct.unpack_from(">hh", buffer, 4)
                self.requests.append(Request(api_key, api_version, bytes(buffer[12:end])))
                del buffer[:end]

        return heard
