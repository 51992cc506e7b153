"""A terminal with an embedded broker's port nobody else uses."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.real_kafka import free_port
from tests.terminal.tmux import Tmux

OpenTerminal = Callable[[int, int], Tmux]


@pytest.fixture
def port() -> int:
    """A loopback port that nobody uses."""
    return free_port()


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
