"""A model of what the kernel still holds for the terminal: it does not tell, but a full buffer can be noticed."""

import math

HOLDS = 16_000
"""Bytes: Linux's pseudo-terminals take 12,288 to 19,520 before they are full, by the size of the writes (measured)."""
_SLOWEST = 10_000.0
"""Bytes/s: at a terminal slower than that, or stuck, a frame is tried every 1.6 s."""
_SHARE = 0.8
"""Of the rate that is used, so that a rate measured too high does not fill the buffer again."""
_LEAST_S, _LEAST = 0.02, 512
"""A rate measured over less says nothing: the kernel makes room by pieces."""
_SURE_S, _SUREST_S = 30.0, 240.0
"""A measured rate is believed that long; longer each time that it turned out not to have changed."""
_DOUBLES_S = 2.0


class Backlog:
    """How much the terminal has not taken of what was written, reckoned by the rate at which it takes bytes.

    The rate is known from moments at which the buffer is full: between two of them the terminal took exactly what was
    written. Before the first one it is unlimited. Later it is believed for a while, then doubled until the buffer is
    full again or the rate no longer matters. Times are monotonic seconds.
    """

    def __init__(self) -> None:
        self._rate = math.inf
        self._bytes = 0.0
        self._at = -math.inf
        self._run: tuple[float, int] | None = None
        self._written = 0
        self._sure_s = _SURE_S
        self._sure_until = math.inf

    def rate(self, now: float) -> float:
        """Bytes/s that the terminal is believed to take."""
        doubt = now - self._sure_until
        return self._rate * 2.0 ** min(64, doubt // _DOUBLES_S + 1) if doubt >= 0 else self._rate

    def seconds(self, now: float, unwritten: int = 0) -> float:
        """How long the terminal needs for what it was given, and for so many bytes more."""
        return (self._left(now) + unwritten) / (self.rate(now) * _SHARE)

    def wrote(self, size: int, now: float) -> None:
        """So many bytes were put into the buffer."""
        self._bytes = min(HOLDS, self._left(now) + size)
        self._at = now
        self._written += size

    def full(self, now: float) -> None:
        """There is no room in the buffer."""
        self._bytes = HOLDS
        self._at = now
        if self._run is None:
            self._run = (now, self._written)
        else:
            self._measure(now)

    def caught_up(self, now: float) -> None:
        """All is written, so the buffer may become empty unseen."""
        if self._run is not None:
            self._measure(now)
            self._bytes, self._at = HOLDS, now
        self._run = None

    def _left(self, now: float) -> float:
        rate = self.rate(now)
        return 0.0 if math.isinf(rate) else max(0.0, self._bytes - rate * _SHARE * (now - self._at))

    def _measure(self, now: float) -> None:
        assert self._run is not None
        since, written_then = self._run
        took_s, written = now - since, self._written - written_then
        if took_s < _LEAST_S or written < _LEAST:
            return
        rate = max(_SLOWEST, written / took_s)
        if now >= self._sure_until:
            self._sure_s = min(_SUREST_S, self._sure_s * 2) if rate < 1.5 * self._rate else _SURE_S
        self._rate = rate
        self._sure_until = now + self._sure_s
        if took_s > 0.5:
            self._run = (now, self._written)
