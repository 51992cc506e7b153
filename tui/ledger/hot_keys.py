"""Which key brings most of the requests: it always goes to one partition, so that more workers cannot help."""

from msgspec import Struct

_COUNTERS = 64
_FORGET_AT = 20_000  # answers after which all counts are halved: what counts is the latest minute or so
_LEAST_SEEN = 200
_HOT = 0.2


class HotKey(Struct, frozen=True):
    """A key, its partition, and its share of the latest requests (at least so much)."""

    key: bytes
    partition: int
    share: float


class HotKeys:
    """Counts the most frequent keys in bounded memory (Space-Saving, Metwally et al. 2005)."""

    def __init__(self) -> None:
        self._counts: dict[bytes, tuple[int, int, int]] = {}  # count, how much of it may be others', partition
        self._total = 0

    def add(self, key: bytes | None, partition: int) -> None:
        """One request with this key; None is no key."""
        self._total += 1
        if key is not None:
            self._count(key, partition)
        if self._total >= _FORGET_AT:
            self._halve()

    def hottest(self) -> HotKey | None:
        """The key that certainly brings a fifth or more of the latest requests, None if none does."""
        if self._total < _LEAST_SEEN or not self._counts:
            return None
        key, (count, error, partition) = max(self._counts.items(), key=lambda entry: entry[1][0] - entry[1][1])
        share = (count - error) / self._total
        return HotKey(key, partition, share) if share >= _HOT else None

    def _count(self, key: bytes, partition: int) -> None:
        known = self._counts.get(key)
        if known is not None:
            self._counts[key] = (known[0] + 1, known[1], partition)
        elif len(self._counts) < _COUNTERS:
            self._counts[key] = (1, 0, partition)
        else:
            rarest = min(self._counts, key=lambda other: self._counts[other][0])
            count, _, _ = self._counts.pop(rarest)
            self._counts[key] = (count + 1, count, partition)

    def _halve(self) -> None:
        self._total //= 2
        halved = {key: (count // 2, error // 2, place) for key, (count, error, place) in self._counts.items()}
        self._counts = {key: entry for key, entry in halved.items() if entry[0]}
