"""Lets what was counted fade with time, so that shares are of the latest minute at any rate."""

_HALF_LIFE_S = 20.0
_STEP_S = 2.0
"""All counts are made smaller so often: rarely enough to cost nothing, by too little for a share to jump."""


class Fading:
    """Says by what to multiply counts that halve every 20 seconds. Times are Unix seconds of one clock."""

    def __init__(self) -> None:
        self._last: float | None = None

    def factor(self, at: float) -> float:
        """By what to multiply all counts at `at`: mostly 1.0, and every two seconds what they have lost since."""
        last = self._last
        if last is not None and last <= at < last + _STEP_S:
            return 1.0
        self._last = at
        # A clock that was set back must not stop the forgetting.
        return 1.0 if last is None or at < last else float(0.5 ** ((at - last) / _HALF_LIFE_S))
