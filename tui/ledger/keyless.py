"""How requests without a key are shared: evenly, unless whoever sends them names the partition."""

from math import sqrt

_FORGET_AT = 20_000  # requests after which all counts are halved: what counts is the latest minute or so
_LEAST_SEEN = 200
_CROWD = 2.0
"""So many times its fair share makes a partition crowded."""
_SURE = 5.0
"""So many standard deviations above it: chance gives one of many partitions twice its share for a while."""
_PARTITIONS_COUNTED = 4_096


class Keyless:
    """Counts the latest requests without a key by partition."""

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}
        self._keyless = 0
        self._total = 0

    def add(self, key: bytes | None, partition: int) -> None:
        """One request; None is no key."""
        self._total += 1
        if key is None and (partition in self._counts or len(self._counts) < _PARTITIONS_COUNTED):
            self._counts[partition] = self._counts.get(partition, 0) + 1
            self._keyless += 1
        if self._total >= _FORGET_AT:
            self._counts = {number: count // 2 for number, count in self._counts.items() if count > 1}
            self._keyless = sum(self._counts.values())
            self._total //= 2

    def crowd(self, partition: int, partitions: int) -> float | None:
        """The share of all requests that come to this partition without a key, if that is far above its fair one."""
        if self._total < _LEAST_SEEN or partitions < 2:
            return None
        count, fair = self._counts.get(partition, 0), self._total / partitions
        if count < min(0.9 * self._total, _CROWD * fair) or count - fair < min(_SURE * sqrt(fair), 0.4 * self._total):
            return None
        return count / self._total
