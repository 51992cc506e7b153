"""Whether the terminal has taken what it was given: what a frame waits for, and a key's echo never does."""

import threading

from tui.dashboard.terminal.answers import Answers
from tui.dashboard.terminal.backlog import Backlog

NEARLY_S = 0.1
"""A frame is drawn when the terminal will have taken the one before in that time; a person does not see it."""
LATE_S = 0.05
_BEHIND = 8_000
"""More unwritten bytes are no longer a thread that waits for its turn."""
_WORTH_ASKING = 256


class Intake:
    """What is on its way to the terminal, fed by the driver and by the thread that writes; asked by the tick.

    Knows it from the terminal's answers if it gives any, else from the model of the kernel's buffer. Times are
    monotonic seconds, sizes bytes.
    """

    def __init__(self) -> None:
        # Reentrant: the handler of SIGTSTP writes to the terminal, too.
        self._lock = threading.RLock()
        self._unwritten = 0
        self._stuck = False
        self._unasked = 0
        self._backlog = Backlog()
        self._answers = Answers()

    @property
    def unwritten(self) -> int:
        """What the kernel has not taken."""
        return self._unwritten

    def waiting(self, now: float) -> bool:
        """True while an answer is likely to come."""
        with self._lock:
            return self._answers.waiting(now)

    def ready(self, now: float) -> bool:
        """True if one more frame will not have to wait for what was drawn before."""
        with self._lock:
            if self._stuck or self._unwritten > _BEHIND:
                return False
            if self._answers.known:
                return self._answers.late_s(now) < LATE_S
            return self._backlog.seconds(now, self._unwritten) < NEARLY_S

    def ask(self, size: int, now: float, worth: int = _WORTH_ASKING) -> bool:
        """True if a question is to be written after these bytes: if there were `worth` bytes since the last one."""
        with self._lock:
            self._unasked += size
            if self._unasked < worth or not self._answers.ask(now):
                return False
            self._unasked = 0
            return True

    def answered(self, now: float) -> None:
        """The terminal answered."""
        with self._lock:
            self._answers.answered(now)

    def given(self, size: int) -> None:
        """So much is to be written."""
        with self._lock:
            self._unwritten += size

    def wrote(self, size: int, now: float) -> None:
        """So much of it was written."""
        with self._lock:
            self._unwritten -= size
            self._stuck = False
            self._backlog.wrote(size, now)
            if not self._unwritten:
                self._backlog.caught_up(now)

    def full(self, now: float) -> None:
        """The kernel takes no more."""
        with self._lock:
            self._stuck = True
            self._backlog.full(now)

    def dropped(self) -> None:
        """What is unwritten never will be, and nothing will be answered."""
        with self._lock:
            self._unwritten = 0
            self._stuck = False
            self._answers = Answers()
