"""One partition's log: record batches as opaque bytes, by offset, in segments, bounded by retention."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from tui.broker.batch import CONTROL_BIT, BatchHeader
from tui.broker.records import RecordTime, first_at_or_after, newest
from tui.broker.segment import Segment
from tui.broker.storage import Storage


@dataclass(frozen=True, slots=True)
class Retention:
    """How much a log keeps; None keeps everything.

    Age counts from the append, not from the record's timestamp as in Kafka: whoever replays old records can read
    them, and one from the future does not stay for ever.
    """

    max_bytes: int | None
    max_age_ms: int | None

    @property
    def segment_bytes(self) -> int:
        """The granularity of dropping: an eighth of what is kept, within 16 KiB and 1 MiB."""
        return 1 << 20 if self.max_bytes is None else min(1 << 20, max(1 << 14, self.max_bytes // 8))


class PartitionLog:
    """Appends give contiguous offsets; what was appended is read back byte for byte, but for its place.

    `start_offset` is the first readable offset, `end_offset` the next to be given; one replica, so the end
    is the high watermark. All times are Unix milliseconds. What looks for records raises KafkaError
    KAFKA_STORAGE_ERROR if they cannot be read.
    """

    def __init__(self, retention: Retention, storage: Storage) -> None:
        self.retention = retention
        self.start_offset = 0
        self.end_offset = 0
        self._end_position = 0
        self._storage = storage
        self._segments: list[Segment] = []

    @property
    def size_bytes(self) -> int:
        return self._end_position - self._segments[0].base_position if self._segments else 0

    def append(self, batch: bytes | bytearray, header: BatchHeader, now_ms: int) -> int:
        """Append a checked batch and drop what retention no longer covers; returns its base offset.

        KafkaError KAFKA_STORAGE_ERROR if there is no room for it; nothing is changed then. The marker of a
        transaction's end always has room: it cannot be refused any more, and is small.
        """
        if not header.attributes & CONTROL_BIT:
            self._storage.make_room(len(batch))
        segment = self._segment_for(len(batch), now_ms)
        base_offset = self.end_offset
        segment.append(base_offset, batch, header.max_timestamp, now_ms)
        self.end_offset = base_offset + header.last_offset_delta + 1
        self._end_position += len(batch)
        self.expire(now_ms)
        return base_offset

    def available_bytes(self, offset: int) -> int:
        """How many bytes lie at and after the batch with `offset` (which is within start and end offset)."""
        if offset >= self.end_offset:
            return 0
        segment = self._segment_at(offset)
        return self._end_position - segment.base_position - segment.position(offset)

    def read(self, offset: int, max_bytes: int) -> bytes:
        """Whole batches from the one with `offset` on, at most `max_bytes` but always one; empty at the end.

        A read ends with its segment, as in Kafka, so it may return less than there is. `offset` is within the
        start and the end offset; the first batch may begin before it.
        """
        if offset >= self.end_offset:
            return b""
        return self._segment_at(offset).read(offset, max_bytes)

    def first_at_or_after(self, timestamp_ms: int) -> RecordTime | None:
        """The first record, by offset, whose timestamp is at least `timestamp_ms`.

        A batch whose header says that it has one is believed, so that no more than two of them are looked into.
        """
        for segment in self._segments:
            if segment.newest_ms < timestamp_ms:
                continue
            for position, header in segment.headers():
                if (
                    header.max_timestamp < timestamp_ms
                    or header.base_offset + header.last_offset_delta < self.start_offset
                ):
                    continue
                found = first_at_or_after(segment.batch(position), timestamp_ms, self.start_offset)
                if found is not None:
                    return found
                if header.base_offset >= self.start_offset:
                    return RecordTime(header.base_offset + header.last_offset_delta, header.max_timestamp)
        return None

    def newest(self) -> RecordTime | None:
        """The first record with the largest timestamp (KIP-734), None when the log is empty."""
        best: tuple[int, Segment, int] | None = None
        # Only the first segment may have its newest record before the start offset: at most two are looked into.
        for segment in sorted(self._segments, key=lambda segment: -segment.newest_ms):
            if best is not None and segment.newest_ms <= best[0]:
                break
            for position, header in segment.headers():
                newest_ms = self._newest_ms(segment, position, header)
                if newest_ms is not None and (best is None or newest_ms > best[0]):
                    best = newest_ms, segment, position
        return None if best is None else newest(best[1].batch(best[2]), self.start_offset)

    def _newest_ms(self, segment: Segment, position: int, header: BatchHeader) -> int | None:
        """The largest timestamp of a batch from the start offset on; None if all of it lies before."""
        if header.base_offset >= self.start_offset:
            return header.max_timestamp
        if header.base_offset + header.last_offset_delta < self.start_offset:
            return None
        found = newest(segment.batch(position), self.start_offset)
        return None if found is None else found.timestamp_ms

    def delete_before(self, offset: int) -> None:
        """Make `offset` the start offset (DeleteRecords) unless it already is larger."""
        self.start_offset = max(self.start_offset, min(offset, self.end_offset))
        ended = 0
        while ended < len(self._segments) and self._end_of(ended) <= self.start_offset:
            ended += 1
        self._drop(ended)

    def expire(self, now_ms: int) -> None:
        """Drop the oldest segments that are beyond the retained size or age."""
        keep_bytes, keep_ms = self.retention.max_bytes, self.retention.max_age_ms
        dropped = 0
        for index, segment in enumerate(self._segments):
            following = self._end_position - self._position_after(index)
            too_much = keep_bytes is not None and following >= keep_bytes and index + 1 < len(self._segments)
            too_old = keep_ms is not None and segment.last_append_ms < now_ms - keep_ms
            if not (too_much or too_old):
                break
            dropped = index + 1
        if dropped:
            self.start_offset = max(self.start_offset, self._end_of(dropped - 1))
            self._drop(dropped)

    def _drop(self, count: int) -> None:
        """Give up the first segments."""
        for segment in self._segments[:count]:
            segment.release()
        del self._segments[:count]

    def _end_of(self, index: int) -> int:
        """The offset after the last one of segment `index`."""
        return self._segments[index + 1].base_offset if index + 1 < len(self._segments) else self.end_offset

    def _position_after(self, index: int) -> int:
        following = index + 1
        return self._segments[following].base_position if following < len(self._segments) else self._end_position

    def _segment_at(self, offset: int) -> Segment:
        return self._segments[bisect_right(self._segments, offset, key=lambda segment: segment.base_offset) - 1]

    def _segment_for(self, batch_bytes: int, now_ms: int) -> Segment:
        if self._segments and not self._is_full(self._segments[-1], batch_bytes, now_ms):
            return self._segments[-1]
        segment = Segment(self._storage, self.end_offset, self._end_position, now_ms)
        self._segments.append(segment)
        return segment

    def _is_full(self, segment: Segment, batch_bytes: int, now_ms: int) -> bool:
        """Full by size, or by age: a trickle of new records must not keep the old ones alive."""
        max_age_ms = self.retention.max_age_ms
        aged = max_age_ms is not None and now_ms - segment.created_ms > max_age_ms // 4
        return aged or segment.size_bytes + batch_bytes > self.retention.segment_bytes
