"""The thread that writes to the terminal, in pieces small enough to notice that it takes no more."""

import os
import select
import threading
import time

from tui.dashboard.terminal.intake import Intake

PIECE = 2_048
_MOST_UNWRITTEN = 1 << 20
"""Bytes; beyond that whoever writes waits. Frames are not drawn long before that."""
_LOOKS_S = 0.2


class TerminalWriter:
    """Writes to a file descriptor what it is given, in order, and tells `intake` how that goes.

    What is given to a terminal that is gone is dropped.
    """

    def __init__(self, fileno: int, intake: Intake) -> None:
        self._fileno = fileno
        self._intake = intake
        # Reentrant: the handler of SIGTSTP writes, too.
        self._changed = threading.Condition(threading.RLock())
        self._pieces: list[bytes] = []
        self._closing = False
        self._gone = False
        self._thread = threading.Thread(target=self._run, name="terminal-output", daemon=True)
        self._thread.start()

    def write(self, data: bytes) -> None:
        """Have it written soon."""
        with self._changed:
            while self._intake.unwritten > _MOST_UNWRITTEN and not self._gone:
                self._changed.wait(_LOOKS_S)
            if self._gone or self._closing:
                return
            self._intake.given(len(data))
            self._pieces.append(data)
            self._changed.notify_all()

    def close(self, deadline_s: float) -> None:
        """Write the rest, as far as the terminal takes it in that time, and end."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(deadline_s)
        self._give_up()

    def _run(self) -> None:
        try:
            while data := self._next():
                self._deliver(memoryview(data))
        except OSError:  # EIO: the terminal is gone, which SIGHUP tells the app
            self._give_up()

    def _next(self) -> bytes:
        with self._changed:
            while not self._pieces and not self._closing:
                self._changed.wait()
            data = b"".join(self._pieces)
            self._pieces.clear()
            return data

    def _deliver(self, left: memoryview) -> None:
        while left and not self._gone:
            if not self._takes(0):
                self._intake.full(time.monotonic())
                while not self._takes(_LOOKS_S) and not self._gone:
                    pass
                continue
            try:
                size = os.write(self._fileno, left[:PIECE])
            except BlockingIOError:  # another program has made the terminal non-blocking for all that share it
                continue
            left = left[size:]
            with self._changed:
                if not self._gone:
                    self._intake.wrote(size, time.monotonic())
                self._changed.notify_all()

    def _takes(self, wait_s: float) -> bool:
        return bool(select.select([], [self._fileno], [], wait_s)[1])

    def _give_up(self) -> None:
        with self._changed:
            self._gone = True
            self._intake.dropped()
            self._changed.notify_all()
