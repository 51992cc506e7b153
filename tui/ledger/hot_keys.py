"""Which key brings most of the requests: it always goes to one partition, so that more workers cannot help."""

from msgspec import Struct

from tui.ledger.fading import Fading

_COUNTERS = 64
_LEAST_SEEN = 100
_LEAST_COUNT = 0.5
_HOT = 0.2


class HotKey(Struct, frozen=True):
    """A key, its partition, and its share of the latest requests (at least so much)."""

    key: bytes
    partition: int
    share: float


class HotKeys:
    """Counts the most frequent keys of the latest minute in bounded memory (Space-Saving, Metwally et al. 2005)."""

    def __init__(self) -> None:
        self._counts: dict[bytes, tuple[float, float, int]] = {}  # count, how much of it may be others', partition
        self._total = 0.0
        self._fading = Fading()

    def add(self, key: bytes | None, partition: int, at: float) -> None:
        """One request with this key, answered at Unix time `at`; None is no key."""
        if (factor := self._fading.factor(at)) != 1.0:
            self._fade(factor)
        self._total += 1
        if key is not None:
            self._count(key, partition)

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

    def _fade(self, factor: float) -> None:
        self._total *= factor
        faded = {key: (count * factor, error * factor, place) for key, (count, error, place) in self._counts.items()}
        self._counts = {key: entry for key, entry in faded.items() if entry[0] >= _LEAST_COUNT}
