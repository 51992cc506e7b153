"""How often and how long: counts per second over the last minute, and percentiles of the newest durations."""

from collections import deque
from collections.abc import Sequence

_SECONDS_KEPT = 60
_SAMPLES_KEPT = 512


class PerSecond:
    """Counts in one-second slots of the last minute. Times must be Unix seconds and may come slightly out of order."""

    def __init__(self) -> None:
        self._slots: deque[list[int]] = deque(maxlen=_SECONDS_KEPT)  # [second, count], oldest first

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
        counts = {slot[0]: slot[1] for slot in self._slots}
        return tuple(float(counts.get(second, 0)) for second in range(last - seconds, last))

    def rate(self, now: float, window_s: int = 3) -> float:
        """Mean count per second over the last `window_s` seconds, the running one included."""
        first = int(now) - window_s + 1
        counted = sum(count for second, count in self._slots if second >= first)
        return counted / (window_s - 1 + (now - int(now))) if window_s > 1 else float(counted)


class Durations:
    """The newest 512 durations in seconds."""

    def __init__(self) -> None:
        self._samples: deque[float] = deque(maxlen=_SAMPLES_KEPT)

    def add(self, seconds: float) -> None:
        """Remember one duration; the oldest one is forgotten when there are too many."""
        self._samples.append(seconds)

    def percentiles(self) -> tuple[float, float] | tuple[None, None]:
        """p50 and p95 by nearest rank; (None, None) if nothing was measured yet."""
        if not self._samples:
            return None, None
        ordered = sorted(self._samples)
        return nearest_rank(ordered, 50), nearest_rank(ordered, 95)


def nearest_rank(ordered: Sequence[float], percent: int) -> float:
    """The nearest-rank percentile of a non-empty ascending sequence."""
    return ordered[max(0, -(-percent * len(ordered) // 100) - 1)]
