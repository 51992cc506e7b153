"""How often the screen is redrawn: at the wished rate, and less often while the terminal is slow to take it."""

_SLOWEST_STRIDE = 8
_QUICK_IN_A_ROW = 20


class Pace:
    """Halves the rate when drawing takes longer than its period, and doubles it again after 20 quick drawings.

    A terminal behind a slow line takes frames late; Textual's queue of frames then blocks the whole loop, and the
    Kafka clients with it.
    """

    def __init__(self, period_s: float) -> None:
        self.period_s = period_s
        self._stride = 1
        self._beats = 0
        self._quick = 0
        self._early_at = float("-inf")

    @property
    def stride(self) -> int:
        """Every how manyth beat is drawn."""
        return self._stride

    def due(self) -> bool:
        """True if this beat is to be drawn; called once a period."""
        self._beats += 1
        return self._beats % self._stride == 0

    def early(self, now: float) -> bool:
        """True if what just happened may be drawn out of turn: at most once a period; `now` in monotonic seconds."""
        if now - self._early_at < self.period_s * self._stride:
            return False
        self._early_at = now
        return True

    def took(self, seconds: float) -> None:
        """A drawing was taken over after this time."""
        if seconds > self.period_s:
            self._stride = min(self._stride * 2, _SLOWEST_STRIDE)
            self._quick = 0
            return
        self._quick += 1
        if self._quick >= _QUICK_IN_A_ROW and self._stride > 1:
            self._stride //= 2
            self._quick = 0
