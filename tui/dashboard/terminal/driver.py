"""Textual's driver for terminals, with a writer that knows what the terminal has not taken. Not for Windows."""

import signal
import sys
import threading
import time
from types import FrameType
from typing import Any

from textual import events
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from tui.dashboard.terminal.intake import Intake
from tui.dashboard.terminal.painted import Painted
from tui.dashboard.terminal.writer import TerminalWriter

QUESTION = "\x1b[6n"
"""DSR 6, "where is the cursor?": the one question that all terminals answer and Textual's parser understands."""
_LAST_ANSWER_S = 0.3
"""An answer that comes after the end would be typed into the shell."""
_CLOSE_S = 1.0


class TerminalDriver(LinuxDriver):
    """Writes only what differs from what the terminal shows, and asks it now and then whether it has taken that.

    `app.intake`, an `Intake`, is told of all that.
    """

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        intake = getattr(app, "intake", None)
        self._intake = intake if isinstance(intake, Intake) else Intake()
        self._painted = Painted()
        self._encoding = (sys.__stderr__ and sys.__stderr__.encoding) or "utf-8"
        self._order = threading.RLock()
        self._writer: TerminalWriter | None = None
        self._asking = False

    def write(self, data: str) -> None:
        """Write what of it the terminal does not show yet."""
        with self._order:
            if self._writer is None:
                return
            shown = self._painted.changes(data)
            if self._asking and self._intake.ask(len(shown), time.monotonic()):
                shown += QUESTION
            if shown:
                self._writer.write(shown.encode(self._encoding, "backslashreplace"))

    def process_message(self, message: Message) -> None:
        """Keep the answers, which no widget wants; runs in the thread that reads."""
        if isinstance(message, events.CursorPosition):
            self._intake.answered(time.monotonic())
            return
        if isinstance(message, events.Resize):
            self._painted.forget()
        super().process_message(message)

    def start_application_mode(self) -> None:
        """Begin to write, and draw everything again when the size changes."""
        if sys.__stderr__ is not None and self._writer is None:
            self._writer = TerminalWriter(sys.__stderr__.fileno(), self._intake)
        self._painted.forget()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        resized = signal.getsignal(signal.SIGWINCH)

        def forget_first(number: int, frame: FrameType | None) -> None:
            self._painted.forget()
            if callable(resized):
                resized(number, frame)

        signal.signal(signal.SIGWINCH, forget_first)
        self._asking = self.input_tty
        with self._order:
            if self._asking and self._writer is not None and self._intake.ask(0, time.monotonic(), worth=0):
                self._writer.write(QUESTION.encode())

    def stop_application_mode(self) -> None:
        """Await the last answer, then give the terminal back."""
        self._asking = False
        deadline = time.monotonic() + _LAST_ANSWER_S
        while (now := time.monotonic()) < deadline and self._intake.waiting(now):
            time.sleep(0.005)
        super().stop_application_mode()

    def close(self) -> None:
        """Write the rest, and end both writers: Textual's own has had nothing to do."""
        if self._writer is not None:
            self._writer.close(_CLOSE_S)
            self._writer = None
        super().close()
