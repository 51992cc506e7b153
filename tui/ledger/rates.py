"""How often and how long: counts per second over the last minute, and percentiles of the newest durations."""

from collections import deque
from collections.abc import Sequence

_SECONDS_KEPT = 60
_WINDOW_S = 3
_SAMPLES_KEPT = 512
_STALE_SHARE = 16
"""Percentiles are taken anew when a sixteenth of the samples is: sorting them for 128 workers costs 3 ms a tick."""


class PerSecond:
    """Counts in one-second slots of the last minute. Times must be Unix seconds and may come slightly out of order."""

    def __init__(self) -> None:
        self._slots: deque[list[int]] = deque(maxlen=_SECONDS_KEPT)  # [second, count], oldest first
        self._series: tuple[int, tuple[float, ...]] = (0, ())  # the second it was made in, and the series

    def add(self, at: float, count: int) -> None:
        """Count `count` at time `at`; what is older than the newest slot is counted in the newest."""
        second = int(at)
        if self._slots and second <= self._slots[-1][0]:
            self._slots[-1][1] += count
        else:
            self._slots.append([second, count])

    def series(self, now: float, seconds: int) -> tuple[float, ...]:
        """The last `seconds` whole seconds, oldest first; the second that is still running is left out."""
        last = int(now)
        if self._series[0] == last and len(self._series[1]) == seconds:
            return self._series[1]
        series = [0.0] * seconds
        for second, count in reversed(self._slots):
            if second < last - seconds:
                break
            if second < last:
                series[second - last] = float(count)
        self._series = (last, tuple(series))
        return self._series[1]

    def rate(self, now: float) -> float:
        """Mean count per second over the last three seconds, the running one included."""
        return self.counted(now, _WINDOW_S) / (_WINDOW_S - 1 + (now - int(now)))

    def counted(self, now: float, window_s: int) -> int:
        """How many in the last `window_s` seconds, the running one included."""
        first = int(now) - window_s + 1
        counted = 0
        for second, count in reversed(self._slots):
            if second < first:
                break
            counted += count
        return counted


class Durations:
    """The newest 512 durations in seconds."""

    def __init__(self) -> None:
        self._samples: deque[float] = deque(maxlen=_SAMPLES_KEPT)
        self._new = 0
        self._percentiles: tuple[float, float] | tuple[None, None] = (None, None)

    def add(self, seconds: float) -> None:
        """Remember one duration; the oldest one is forgotten when there are too many."""
        self._samples.append(seconds)
        self._new += 1

    def percentiles(self) -> tuple[float, float] | tuple[None, None]:
        """p50 and p95 by nearest rank, in which the newest sixteenth may be missing; (None, None) if there is none."""
        if self._new * _STALE_SHARE > len(self._samples):
            ordered = sorted(self._samples)
            self._new = 0
            self._percentiles = nearest_rank(ordered, 50), nearest_rank(ordered, 95)
        return self._percentiles


def nearest_rank(ordered: Sequence[float], percent: int) -> float:
    """The nearest-rank percentile of a non-empty ascending sequence."""
    return ordered[max(0, -(-percent * len(ordered) // 100) - 1)]
