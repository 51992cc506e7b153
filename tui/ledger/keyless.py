"""How requests without a key are shared: evenly, unless whoever sends them names the partition."""

from math import sqrt

from tui.ledger.fading import Fading

_LEAST_SEEN = 100
_LEAST_COUNT = 0.5
_CROWD = 2.0
"""So many times its fair share makes a partition crowded."""
_SURE = 5.0
"""So many standard deviations above it: chance gives one of many partitions twice its share for a while."""
_PARTITIONS_COUNTED = 4_096


class Keyless:
    """Counts the requests without a key of the latest minute by partition."""

    def __init__(self) -> None:
        self._counts: dict[int, float] = {}
        self._total = 0.0
        self._fading = Fading()

    def add(self, key: bytes | None, partition: int, at: float) -> None:
        """One request, answered at Unix time `at`; None is no key."""
        if (factor := self._fading.factor(at)) != 1.0:
            faded = {number: count * factor for number, count in self._counts.items()}
            self._counts = {number: count for number, count in faded.items() if count >= _LEAST_COUNT}
            self._total *= factor
        self._total += 1
        if key is None and (partition in self._counts or len(self._counts) < _PARTITIONS_COUNTED):
            self._counts[partition] = self._counts.get(partition, 0.0) + 1

    def crowded(self, partitions: int) -> dict[int, float]:
        """The share of all requests that come without a key to each partition where that is far above its fair one."""
        if self._total < _LEAST_SEEN or partitions < 2:
            return {}
        fair = self._total / partitions
        least, above = min(0.9 * self._total, _CROWD * fair), min(_SURE * sqrt(fair), 0.4 * self._total)
        return {
            number: count / self._total
            for number, count in self._counts.items()
            if count >= least and count - fair >= above
        }
