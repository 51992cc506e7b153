"""What is remembered of our own requests: when they were asked for, and where and when the broker stored them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from struct import Struct
from typing import Any

KEPT = 100_000
"""Runs of each kind that are kept: 6 MB if every request is a command and a batch of its own."""
_ASKED = Struct("<qiid")  # first number, count, chosen partition or -1, at
_STORED = Struct("<qiiiqd")  # first number, step, count, partition, offset of the first, at
_NOT_CHOSEN = -1


@dataclass(frozen=True, slots=True)
class Stored:
    """Where the broker said that it has stored a request, and when it said so (Unix seconds)."""

    partition: int
    offset: int
    at: float


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """One request of this process. `chosen` is the partition that a person chose; times are None once forgotten."""

    number: int
    asked_at: float | None
    chosen: int | None
    stored: Stored | None


def own_number(prefix: str, request_id: str) -> int | None:
    """The number in an id of ours, which begins with `prefix`; None if the id is of somebody else."""
    if not request_id.startswith(prefix):
        return None
    digits = request_id[len(prefix) :]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 15 else None


class OwnRequests:
    """Remembers runs of numbers, not requests: a command is one run, a batch one for each even stride of numbers."""

    def __init__(self, sender: str, most: int = KEPT) -> None:
        self._prefix = f"{sender}-"
        self._asked = _Newest(_ASKED, most)
        self._stored = _Newest(_STORED, most)

    def asked(self, first: int, count: int, chosen: int | None, at: float) -> None:
        """`count` requests from number `first` on were handed to the sender; `chosen`: a person named the partition."""
        self._asked.add(first, count, _NOT_CHOSEN if chosen is None else chosen, at)

    def stored(self, numbers: Sequence[int], partition: int, base_offset: int, at: float) -> None:
        """The broker stored these in one partition, `numbers[i]` at `base_offset + i`."""
        begin = 0
        while begin < len(numbers):
            step = numbers[begin + 1] - numbers[begin] if begin + 1 < len(numbers) else 1
            end = begin + 1
            while end < len(numbers) and numbers[end] - numbers[end - 1] == step:
                end += 1
            self._stored.add(numbers[begin], step, end - begin, partition, base_offset + begin, at)
            begin = end

    def find(self, partition: int, offset: int, request_id: str | None) -> OwnRequest | None:
        """What is known of the request stored there, or else of the one with this id; None if it is not one of ours.

        Takes up to 50 ms when as much as possible is remembered.
        """
        number, stored = self._stored_at(partition, offset)
        if number is None and request_id is not None:
            number = own_number(self._prefix, request_id)
            stored = None if number is None else self._place_of(number)
        if number is None:
            return None
        for first, count, chosen, at in self._asked:
            if first <= number < first + count:
                return OwnRequest(number, at, None if chosen == _NOT_CHOSEN else chosen, stored)
        return OwnRequest(number, None, None, stored)

    def _stored_at(self, partition: int, offset: int) -> tuple[int | None, Stored | None]:
        number, newest = None, None
        for first, step, count, place, base, at in self._stored:
            # A topic made anew has the same offsets again: the latest counts.
            if place == partition and base <= offset < base + count and (newest is None or at > newest.at):
                number, newest = first + step * (offset - base), Stored(partition, offset, at)
        return number, newest

    def _place_of(self, number: int) -> Stored | None:
        for first, step, count, partition, base, at in self._stored:
            if first <= number <= first + step * (count - 1) and (number - first) % step == 0:
                return Stored(partition, base + (number - first) // step, at)
        return None


class _Newest:
    """The newest `most` tuples of numbers, packed."""

    def __init__(self, form: Struct, most: int) -> None:
        self._form = form
        self._most = most
        self._bytes = bytearray()
        self._total = 0

    def add(self, *fields: float) -> None:
        if self._total < self._most:
            self._bytes += self._form.pack(*fields)
        else:
            self._form.pack_into(self._bytes, self._total % self._most * self._form.size, *fields)
        self._total += 1

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return self._form.iter_unpack(self._bytes)
