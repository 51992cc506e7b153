"""A program in a pseudo-terminal, its screen read back by a terminal emulator."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from typing import Self

import pyte


class Terminal:
    """Runs a command in a terminal of its own; use as a context manager, which ends the program it started."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 120,
        rows: int = 40,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._since_typed = bytearray()
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.started_at = time.perf_counter()
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env={
                **os.environ,
                "TERM": "xterm-256color",
                "COLORTERM": "truecolor",
                "HOME": "",  # without one nothing is remembered from one run to the next
                "XDG_STATE_HOME": "",
                **(environment or {}),
            },
        )
        os.close(slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
        os.close(self._master)

    @property
    def text(self) -> str:
        """The screen as lines of text."""
        return "\n".join(self._screen.display)

    @property
    def since_typed(self) -> bytes:
        """What was taken in since the last key."""
        return bytes(self._since_typed)

    def type(self, keys: str) -> float:
        """Press keys; returns when they were written, on time.perf_counter's clock."""
        self._since_typed.clear()
        os.write(self._master, keys.encode())
        return time.perf_counter()

    def read(self, wait_s: float) -> bool:
        """Take in what the program has written, waiting for it at most `wait_s`; False if there was nothing."""
        ready, _, _ = select.select([self._master], [], [], wait_s)
        if not ready:
            return False
        piece = self._take()
        self._stream.feed(piece)
        return bool(piece)

    def _take(self) -> bytes:
        return self._taken(1 << 16)

    def _taken(self, most: int) -> bytes:
        try:
            piece = os.read(self._master, most)
        except OSError:  # Linux: the other side is closed
            return b""
        self._since_typed += piece
        return piece

    def wait_for(self, *texts: str, timeout_s: float = 20.0) -> float:
        """Read until the screen shows all of `texts`; returns when, on perf_counter's clock. Or TimeoutError."""
        deadline = time.perf_counter() + timeout_s
        while not all(text in self.text for text in texts):
            if time.perf_counter() > deadline or self.process.poll() is not None:
                raise TimeoutError(f"waited for {texts}; the screen was\n{self.text}")
            self.read(0.05)
        return time.perf_counter()

    def wait_for_drawn(self, text: str, timeout_s: float = 20.0) -> float:
        """Read until `text` was drawn in one piece since the last key; cheaper than `wait_for`, so it may be timed."""
        wanted, pieces, deadline = text.encode(), [], time.perf_counter() + timeout_s
        while wanted not in self._since_typed:
            if time.perf_counter() > deadline or self.process.poll() is not None:
                raise TimeoutError(f"waited for {text} to be drawn; the screen was\n{self.text}")
            if select.select([self._master], [], [], 0.05)[0]:
                pieces.append(self._take())
        drawn_at = time.perf_counter()
        for piece in pieces:
            self._stream.feed(piece)
        return drawn_at

    def wait_for_end(self, timeout_s: float = 10.0) -> float:
        """Read until the program has ended; returns when, on perf_counter's clock."""
        deadline = time.perf_counter() + timeout_s
        while self.process.poll() is None:
            if time.perf_counter() > deadline:
                raise TimeoutError(f"it did not end; the screen was\n{self.text}")
            self.read(0.01)
        return time.perf_counter()
