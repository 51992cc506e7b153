"""How long to wait before the next try: doubling, capped, and back to the start after a success."""


class Backoff:
    """`next_s()` gives 0.2, 0.4, 0.8 … seconds, at most `cap_s`."""

    def __init__(self, first_s: float = 0.2, cap_s: float = 10.0) -> None:
        self._first_s = first_s
        self._cap_s = cap_s
        self._next_s = first_s

    def next_s(self) -> float:
        """The wait before the next try, in seconds."""
        wait_s, self._next_s = self._next_s, min(self._cap_s, self._next_s * 2)
        return wait_s

    def reset(self) -> None:
        """Start again from the shortest wait."""
        self._next_s = self._first_s
