"""Runs the commands as a person does: as processes, with their output and exit codes."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO

DEADLINE_S = 30.0
RUN = (sys.executable, "-c", "from tui.cli import main; main()")
RUN_TUI = (sys.executable, "-c", "from tui.cli import dashboard; dashboard()")
REPOSITORY = Path(__file__).parents[2]


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """The environment of a command: none of our variables but the given ones."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("KCALC_")}
    return {**kept, "PYTHONPATH": str(REPOSITORY), **variables}


class Kcalc:
    """`kcalc` in one folder and with certain variables: `kcalc("send", "5", "2", "sum").stdout`."""

    def __init__(self, folder: Path, variables: Mapping[str, str]) -> None:
        self._folder = folder
        self._environment = environment(variables)

    def __call__(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run it to its end."""
        return subprocess.run(
            [*RUN, *arguments],
            cwd=self._folder,
            env=self._environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
            check=False,
        )

    def start(self, *arguments: str) -> "Running":
        """Run it beside the test."""
        return Running(
            subprocess.Popen(
                [*RUN, *arguments],
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        )


class Running:
    """A command that runs; ended with the block: `with kcalc.start("broker") as broker: ...`."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.process = process
        self._unread: dict[int, bytes] = {}

    def __enter__(self) -> "Running":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate(timeout=DEADLINE_S)

    def out(self) -> str:
        """The next line of stdout."""
        assert self.process.stdout is not None
        return self._line(self.process.stdout)

    def err(self) -> str:
        """The next line of stderr."""
        assert self.process.stderr is not None
        return self._line(self.process.stderr)

    def err_until(self, words: str) -> str:
        """Read stderr up to the line that contains `words`."""
        while words not in (line := self.err()):
            pass
        return line

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """Send a signal; the exit code and the seconds it took."""
        started = time.monotonic()
        self.process.send_signal(number)
        return self.process.wait(DEADLINE_S), time.monotonic() - started

    def _line(self, stream: IO[bytes]) -> str:
        deadline = time.monotonic() + DEADLINE_S
        text = self._unread.get(stream.fileno(), b"")
        while b"\n" not in text:
            ready, _, _ = select.select([stream], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, f"no whole line within {DEADLINE_S} s: {text!r}"
            more = os.read(stream.fileno(), 65_536)
            assert more, f"ended with {text!r}"
            text += more
        line, _, self._unread[stream.fileno()] = text.partition(b"\n")
        return line.decode()
