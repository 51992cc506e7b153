"""A part of a log: consecutive batches with a sparse index, dropped as a whole."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator

from tui.broker import batch as batches
from tui.broker.batch import BatchHeader
from tui.broker.storage import Storage, StoredBytes

NO_TIMESTAMP = -1
INDEX_INTERVAL_BYTES = 4096  # Kafka's index.interval.bytes


class Segment:
    """Consecutive batches. What reads them raises KafkaError KAFKA_STORAGE_ERROR if their file cannot be read.

    The index, which stays in memory, has an entry of 16 bytes for a batch that starts INDEX_INTERVAL_BYTES or more
    after the one of the entry before: at most 0.4 % of the batches, however small they are. From an entry on, batches
    are found by their headers.
    """

    __slots__ = (
        "_data",
        "_offsets",
        "_positions",
        "base_offset",
        "base_position",
        "created_ms",
        "last_append_ms",
        "newest_ms",
    )

    def __init__(self, storage: Storage, base_offset: int, base_position: int, now_ms: int) -> None:
        self.base_offset = base_offset
        self.base_position = base_position
        self.created_ms = now_ms
        self.last_append_ms = now_ms
        self.newest_ms = NO_TIMESTAMP
        self._data = StoredBytes(storage)
        self._offsets = array("q")
        self._positions = array("q")

    @property
    def size_bytes(self) -> int:
        return len(self._data)

    def append(self, base_offset: int, batch: bytes | bytearray, newest_ms: int, now_ms: int) -> None:
        """Add a batch, whose place is decided by then and for which there is room in the storage."""
        position = len(self._data)
        if not self._positions or position - self._positions[-1] >= INDEX_INTERVAL_BYTES:
            self._offsets.append(base_offset)
            self._positions.append(position)
        with memoryview(batch) as view, view[batches.PLACE.size :] as rest:
            self._data.append(batches.place(batch, base_offset), rest)
        self.newest_ms = max(self.newest_ms, newest_ms)
        self.last_append_ms = now_ms

    def position(self, offset: int) -> int:
        """Where the batch with `offset` starts, relative to the segment."""
        found = 0
        for position, block, at in self._starts(bisect_right(self._offsets, offset) - 1):
            if batches.PLACE.unpack_from(block, at)[0] > offset:
                break
            found = position
        return found

    def read(self, offset: int, max_bytes: int) -> bytes:
        """Whole batches from the one with `offset` on, up to `max_bytes`, the first one whatever its size."""
        start = self.position(offset)
        if self.size_bytes - start <= max_bytes:
            return self._data.read(start, self.size_bytes)
        end = self._last_start_within(start + max_bytes)
        return self._data.read(start, end) if end > start else self.batch(start)

    def headers(self) -> Iterator[tuple[int, BatchHeader]]:
        """Each batch's position and header, in order."""
        for entry in range(len(self._positions)):
            for position, block, at in self._starts(entry):
                yield position, batches.read_header(block, at)

    def batch(self, position: int) -> bytes:
        """The whole batch that starts at `position`."""
        header = batches.read_header(self._data.read(position, position + batches.HEADER_BYTES))
        return self._data.read(position, position + batches.LOG_OVERHEAD_BYTES + header.length)

    def release(self) -> None:
        """Give up what the segment holds, in memory and in the file."""
        self._data.release()

    def _last_start_within(self, limit: int) -> int:
        """The last position up to `limit` at which a batch starts."""
        found = 0
        for position, _block, _at in self._starts(bisect_right(self._positions, max(limit, 0)) - 1):
            if position > limit:
                break
            found = position
        return found

    def _starts(self, entry: int) -> Iterator[tuple[int, bytes, int]]:
        """The batches from an index entry up to the next: position, and bytes that have the header, and where."""
        first = position = self._positions[entry]
        following = entry + 1
        stop = self._positions[following] if following < len(self._positions) else self.size_bytes
        block = self._data.read(first, min(stop, first + INDEX_INTERVAL_BYTES + batches.HEADER_BYTES))
        while position < stop:
            at = position - first
            yield position, block, at
            position += batches.LOG_OVERHEAD_BYTES + batches.PLACE.unpack_from(block, at)[1]
