"""A terminal with an embedded broker's port nobody else uses."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.terminal.tmux import Tmux

OpenTerminal = Callable[[int, int], Tmux]


@pytest.fixture
def port() -> int:
    """A loopback port the system chose and gave back."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


@pytest.fixture
def terminal(tmp_path: Path, port: int) -> Iterator[OpenTerminal]:
    """Opens terminals of a given size; all are closed at the end."""
    if shutil.which("tmux") is None:
        assert "CI" not in os.environ, "tmux must be installed in CI"
        pytest.skip("tmux is not installed")
    opened: list[Tmux] = []

    def open_terminal(columns: int, rows: int) -> Tmux:
        folder = tmp_path / str(len(opened))
        folder.mkdir()
        tmux = Tmux(folder, columns, rows, {"KCALC_KAFKA__EMBEDDED_PORT": str(port)})
        opened.append(tmux)
        return tmux

    yield open_terminal
    for tmux in opened:
        tmux.close()
