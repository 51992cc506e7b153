"""The transactions of one partition: which are open, and which were aborted in what is still in the log."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple


class AbortedTransaction(NamedTuple):
    """Data of a producer, from its first offset to the marker, that read_committed consumers skip.

    `last_stable_offset` is where read_committed ended just after the marker was written: whatever was aborted
    later begins there or behind.
    """

    producer_id: int
    first_offset: int
    last_offset: int
    last_stable_offset: int


class PartitionTransactions:
    """Offsets of transactions by producer id; bounded by the log, of which each of them occupies a part."""

    def __init__(self) -> None:
        self._open: dict[int, int] = {}
        self._aborted: list[AbortedTransaction] = []

    def first_offset_of(self, producer_id: int) -> int | None:
        """Where the producer's open transaction begins, None if it has written nothing in one."""
        return self._open.get(producer_id)

    @property
    def first_open_offset(self) -> int | None:
        """Where the oldest open transaction begins; they are in the order of their offsets."""
        return next(iter(self._open.values()), None)

    def appended(self, producer_id: int, base_offset: int) -> None:
        """Note a batch of a transaction; the first one is where the transaction begins."""
        self._open.setdefault(producer_id, base_offset)

    def ended(self, producer_id: int, committed: bool, marker_offset: int, start_offset: int) -> None:
        """Note a marker, and forget what the log, beginning at `start_offset`, no longer holds."""
        first_offset = self._open.pop(producer_id, None)
        if first_offset is None or committed:
            return
        gone = bisect_left(self._aborted, start_offset, key=lambda aborted: aborted.last_offset)
        del self._aborted[:gone]
        first_open = self.first_open_offset
        stable = marker_offset + 1 if first_open is None else first_open
        self._aborted.append(AbortedTransaction(producer_id, first_offset, marker_offset, stable))

    def any_aborted_since(self, offset: int) -> bool:
        """Whether an aborted transaction has a marker at that offset or behind."""
        return bool(self._aborted) and self._aborted[-1].last_offset >= offset

    def aborted(self, from_offset: int, before_offset: int) -> Iterator[AbortedTransaction]:
        """Those with data or a marker between two offsets, in the order of their markers."""
        first = bisect_left(self._aborted, from_offset, key=lambda aborted: aborted.last_offset)
        for index in range(first, len(self._aborted)):
            aborted = self._aborted[index]
            if aborted.first_offset < before_offset:
                yield aborted
            if aborted.last_stable_offset >= before_offset:
                return
