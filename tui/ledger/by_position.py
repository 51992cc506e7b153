"""Own requests whose answers bear no id of ours, such as dead letters sent again: known by where they are stored."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Outcome = Literal["done", "failed", "dead"]
Place: TypeAlias = tuple[int, int]
"""Partition and offset of a request."""

PLACES_KEPT = 10_000
EARLY_KEPT = 20_000
"""Two seconds of answers at 10,000 a second; an acknowledgement rarely comes after the answer at all."""


@dataclass(frozen=True, slots=True)
class Early:
    """How an answer was entered before it was known to be one of these: `outcome`, and whether it was a `new` one."""

    outcome: Outcome
    new: bool


@dataclass(slots=True)
class ByPosition:
    """Which number is stored where, once the broker has said so. Bounded: the oldest places are forgotten."""

    _unplaced: set[int] = field(default_factory=set)
    _numbers: dict[Place, int] = field(default_factory=dict)
    _early: dict[Place, Early] = field(default_factory=dict)

    def sent(self, numbers: range) -> None:
        """These numbers will be stored, nobody knows where."""
        self._unplaced.update(numbers)

    def unsent(self, numbers: Sequence[int]) -> None:
        """Nobody will say any more where these are stored."""
        if self._unplaced:
            self._unplaced.difference_update(numbers)
            self._forget_early()

    def stored(self, numbers: Sequence[int], partition: int, base_offset: int) -> Iterator[tuple[int, Early]]:
        """`numbers[i]` is stored at `base_offset + i`; yields what is answered, and how that was noted."""
        if not self._unplaced:
            return
        for index, number in enumerate(numbers):
            if number not in self._unplaced:
                continue
            self._unplaced.discard(number)
            place = (partition, base_offset + index)
            self._numbers.pop(place, None)  # of a topic that is no more
            self._numbers[place] = number
            if (early := self._early.pop(place, None)) is not None:
                yield number, early
        while len(self._numbers) > PLACES_KEPT:
            del self._numbers[next(iter(self._numbers))]
        self._forget_early()

    def number_at(self, partition: int, offset: int) -> int | None:
        """The number of the request that is stored there, None if it is none of these."""
        return self._numbers.get((partition, offset)) if self._numbers else None

    def answered(self, partition: int, offset: int, outcome: Outcome, new: bool) -> None:
        """Note an answer that was entered as any other: it may turn out to be one of these."""
        if not self._unplaced:
            return
        self._early.setdefault((partition, offset), Early(outcome, new))
        if len(self._early) > EARLY_KEPT:
            del self._early[next(iter(self._early))]

    def _forget_early(self) -> None:
        if not self._unplaced:
            self._early.clear()
