"""Questions that a terminal answers when it has taken all that was written before them, however far away it is."""

import math
from collections import deque

EXPIRES_S = 5.0
"""After that an answer is not waited for any more."""
_APART_S = 0.03
_HOPE_S = 1.0


class Answers:
    """How late the terminal's answers are. Times are monotonic seconds.

    One question tries whether the terminal answers at all; the next is asked only after an answer. The first is best
    asked when there is nothing before it: how long its answer takes is what the way there and back takes.
    """

    def __init__(self) -> None:
        self._open: deque[float] = deque()
        self._quickest = math.inf
        self._tried = False
        self._asked_at = -math.inf

    @property
    def known(self) -> bool:
        """True if this terminal answers."""
        return self._quickest < math.inf

    def waiting(self, now: float) -> bool:
        """True while an answer is likely to come."""
        self._expire(now)
        return bool(self._open) and (self.known or now - self._open[0] < _HOPE_S)

    def ask(self, now: float) -> bool:
        """True if a question is to be written now; it then counts as asked."""
        self._expire(now)
        if (self._tried and not self.known) or now - self._asked_at < _APART_S:
            return False
        self._tried = True
        self._asked_at = now
        self._open.append(now)
        return True

    def answered(self, now: float) -> None:
        """The oldest question was answered."""
        if self._open:
            self._quickest = min(self._quickest, now - self._open.popleft())

    def late_s(self, now: float) -> float:
        """How much longer than ever before the oldest question waits for its answer."""
        self._expire(now)
        return max(0.0, now - self._open[0] - self._quickest) if self._open and self.known else 0.0

    def _expire(self, now: float) -> None:
        if self._open and now - self._open[0] > EXPIRES_S:
            # A terminal that used to answer is tried once more, one that never did is not.
            self._tried = not self.known
            self._open.clear()
            self._quickest = math.inf
