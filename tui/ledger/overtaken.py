"""Requests of ours that were never answered although later ones of their partition were: those are lost."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

GRACE_S = 15.0
"""Dead letters are read beside the results, and a lane that failed tries again after at most 5 s."""
_WATCHED = 1 << 20
_MISSING_KEPT = 10_000
_PARTITIONS_KEPT = 4_096


@dataclass(slots=True)
class _Partition:
    """Batches that the broker stored, (first offset, numbers), oldest first, and how far the answers have come."""

    stored: deque[tuple[int, Sequence[int]]] = field(default_factory=deque)
    next_offset: int = 0
    answered_to: int = -1


class Overtaken:
    """Watches stored requests until they are answered, or overtaken.

    The answers of a partition come in the order of its requests; only dead letters and repetitions may be late. So a
    request is lost if one behind it is answered and it is not for a while. An answer after all corrects that.
    """

    def __init__(self, is_answered: Callable[[int], bool]) -> None:
        self._is_answered = is_answered
        self._partitions: dict[int, _Partition] = {}
        self._watched = 0
        self._missing: dict[int, float] = {}

    def stored(self, numbers: Sequence[int], partition: int, base_offset: int, at: float) -> None:
        """The broker stored these at `base_offset` and on; while a million are watched, these are not."""
        place = self._partitions.get(partition)
        if place is None:
            if len(self._partitions) >= _PARTITIONS_KEPT:
                return
            place = self._partitions[partition] = _Partition()
        if base_offset < place.next_offset:  # the topic was made anew, and what the old one held is gone
            while place.stored:
                self._take_first(place, at)
            place.answered_to = -1
        place.next_offset = base_offset + len(numbers)
        if self._watched + len(numbers) <= _WATCHED:
            place.stored.append((base_offset, numbers))
            self._watched += len(numbers)

    def answered(self, partition: int, offset: int) -> None:
        """A request of ours at this place was answered."""
        place = self._partitions.get(partition)
        if place is not None and offset > place.answered_to:
            place.answered_to = offset

    def lost(self, now: float) -> list[int]:
        """The numbers that are missing for at least `GRACE_S`, at most 10,000. To be asked about once a second."""
        for place in self._partitions.values():
            while place.stored and place.stored[0][0] + len(place.stored[0][1]) - 1 <= place.answered_to:
                self._take_first(place, now)
        self._missing = {number: since for number, since in self._missing.items() if not self._is_answered(number)}
        return sorted(number for number, since in self._missing.items() if now - since >= GRACE_S)

    def _take_first(self, place: _Partition, now: float) -> None:
        _, numbers = place.stored.popleft()
        self._watched -= len(numbers)
        for number in numbers:
            if not self._is_answered(number) and len(self._missing) < _MISSING_KEPT:
                self._missing.setdefault(number, now)
