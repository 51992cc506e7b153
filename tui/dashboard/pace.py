"""How often the screen is redrawn: at the wished rate, and less often while drawing it or showing it takes longer."""

from collections.abc import Callable

_SLOWEST_STRIDE = 4
_QUICK_IN_A_ROW = 20


class Pace:
    """Draws only when the terminal is `ready` for a frame, asked with the time in monotonic seconds.

    Besides, it halves the rate when drawing takes longer than its period, and doubles it again after 20 quick drawings:
    the loop has more to do than to draw.
    """

    def __init__(self, period_s: float, ready: Callable[[float], bool] = lambda now: True) -> None:
        self.period_s = period_s
        self._ready = ready
        self._stride = 1  # every how manyth beat is drawn
        self._beats = 0
        self._quick = 0
        self._happened_at = float("-inf")

    def due(self, now: float) -> bool:
        """True if this beat is to be drawn; called once a period."""
        self._beats += 1
        return self._beats % self._stride == 0 and self._ready(now)

    def early(self, now: float) -> bool:
        """True if what just happened may be drawn out of turn: only if nothing happened for a period."""
        quiet = now - self._happened_at >= self.period_s
        self._happened_at = now
        return quiet and self._ready(now)

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
