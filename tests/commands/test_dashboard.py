"""`kcalc-tui` in a terminal of its own. What ends it before it meets a broker is tested once."""

import os
import pty
import select
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.processes import DEADLINE_S, RUN_TUI, environment


class Terminal:
    """A command in a pseudo terminal, and what it has drawn so far."""

    def __init__(self, folder: Path, variables: dict[str, str], *arguments: str) -> None:
        self._ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [*RUN_TUI, *arguments],
            cwd=folder,
            env=environment(
                {
                    "TERM": "xterm-256color",
                    "COLUMNS": "100",
                    "LINES": "30",
                    "XDG_STATE_HOME": str(folder / "state"),
                    **variables,
                }
            ),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self.drawn = ""

    def until(self, words: str) -> None:
        """Wait until `words` have been drawn."""
        deadline = time.monotonic() + DEADLINE_S
        while words not in self.drawn:
            assert time.monotonic() < deadline, f"{words!r} was not drawn: {self.drawn[-500:]!r}"
            assert self._read(), f"ended without {words!r}: {self.drawn[-500:]!r}"

    def end(self) -> int:
        """Read to the end; the exit code."""
        while self._read():
            pass
        return self.process.wait(DEADLINE_S)

    def close(self) -> None:
        """End it whatever it does."""
        self.process.kill()
        self.process.wait(DEADLINE_S)
        os.close(self._ours)

    def _read(self) -> bool:
        ready, _, _ = select.select([self._ours], [], [], DEADLINE_S)
        assert ready, f"nothing more was drawn: {self.drawn[-500:]!r}"
        try:
            piece = os.read(self._ours, 65_536)
        except OSError:  # Linux says EIO when the other side has closed
            return False
        self.drawn += piece.decode(errors="replace")
        return bool(piece)


@pytest.fixture
def terminals() -> Iterator[list[Terminal]]:
    """Terminals that are closed with the test."""
    opened: list[Terminal] = []
    yield opened
    for terminal in opened:
        terminal.close()


def test_it_starts_and_ends_on_a_signal_with_the_terminal_restored(
    tmp_path: Path, variables: dict[str, str], terminals: list[Terminal]
) -> None:
    terminal = Terminal(tmp_path, variables, "--workers", "1")
    terminals.append(terminal)
    terminal.until("client-0")
    terminal.process.send_signal(signal.SIGTERM)
    assert terminal.end() == 0
    assert terminal.drawn.rindex("\x1b[?1049l") > terminal.drawn.rindex("\x1b[?1049h")
    assert "Traceback" not in terminal.drawn


def test_a_port_in_use_by_something_else_is_said_after_the_terminal_is_restored(
    tmp_path: Path, terminals: list[Terminal]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        terminal = Terminal(tmp_path, {"KCALC_KAFKA__EMBEDDED_PORT": str(port)})
        terminals.append(terminal)
        assert terminal.end() == 1
    _, _, after = terminal.drawn.rpartition("\x1b[?1049l")
    assert f"kcalc: 127.0.0.1:{port} is in use by something that is no kcalc broker" in after
    assert "Traceback" not in terminal.drawn


@pytest.mark.parametrize(
    ("text", "said"), [("dashboard: {theme: nosuch}", "nosuch"), ("dashboard: {keys: {nosuch: q}}", "nosuch")]
)
def test_a_theme_or_a_key_that_is_not_there_is_a_wrong_configuration(
    tmp_path: Path, terminals: list[Terminal], text: str, said: str
) -> None:
    (tmp_path / "config.yml").write_text(text)
    terminal = Terminal(tmp_path, {"KCALC_KAFKA__EMBEDDED_PORT": "0"})
    terminals.append(terminal)
    assert terminal.end() == 2
    assert said in terminal.drawn
    assert "Traceback" not in terminal.drawn
    assert "\x1b[?1049h" not in terminal.drawn
