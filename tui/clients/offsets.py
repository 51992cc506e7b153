"""Where partitions begin and end, and reading a topic from one place to another, outside any group."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass

from aiokafka.structs import TopicPartition

from tui.clients.aiokafka_types import Consumer, Record

OFFSETS_A_RECORD = 2  # at most, nearly always: a transaction of one record takes another offset for its end
MAX_RECORDS = 2_000  # a slice of about 5 ms
POLL_MS = 200
STALLED_S = 15.0


@dataclass(frozen=True, slots=True)
class Span:
    """The offsets of one partition: its first message, and the one that will come next."""

    begin: int
    end: int

    @property
    def messages(self) -> int:
        """How many there are. Of a compacted topic, or one with transactions, this is an upper bound."""
        return self.end - self.begin


async def spans(reader: Consumer, topics: Mapping[str, Iterable[int]]) -> dict[str, dict[int, Span]]:
    """The span of each partition of `topics`, by topic and partition; KafkaError also when out of time.

    The reader is left with these partitions assigned, and paused.
    """
    wanted = [TopicPartition(topic, partition) for topic, numbers in topics.items() for partition in numbers]
    found: dict[str, dict[int, Span]] = {topic: {} for topic in topics}
    if wanted:
        reader.assign(wanted)  # or the reader learns of one topic after the other, at 0.1 s each
        reader.pause(*wanted)
        begins, ends = await reader.beginning_offsets(wanted), await reader.end_offsets(wanted)
        for place in wanted:
            found[place.topic][place.partition] = Span(begins[place], ends[place])
    return found


class Reading:
    """The records of one topic from the given offsets on, batch by batch; owns the reader's assignment."""

    def __init__(self, reader: Consumer, topic: str, start: Mapping[int, int]) -> None:
        self._reader = reader
        self._places = [TopicPartition(topic, partition) for partition in start]
        reader.assign(self._places)
        for place in self._places:
            reader.seek(place, start[place.partition])

    async def batches(self, until: Mapping[int, int] | None = None) -> AsyncIterator[Sequence[Record]]:
        """Records in the order of each partition; an empty batch every 0.2 s if none come.

        With `until` it ends as soon as each partition has been read up to that offset, and raises TimeoutError if
        nothing comes for `STALLED_S` before; without, it goes on for ever.
        """
        left = {place: until[place.partition] for place in self._places} if until is not None else None
        last = time.monotonic()
        while True:
            if left is not None:
                async with asyncio.timeout(STALLED_S):
                    if not await self._unfinished(left):
                        return
                if time.monotonic() > last + STALLED_S:
                    raise TimeoutError(f"nothing came for {STALLED_S:g} s")
            found = await self._reader.getmany(*self._places, timeout_ms=POLL_MS, max_records=MAX_RECORDS)
            for place, records in found.items():
                end = until.get(place.partition) if until is not None else None
                yield records if end is None else [record for record in records if record.offset < end]
            if found:
                last = time.monotonic()
            else:
                yield ()
            await asyncio.sleep(0)  # prefetched records come without suspending: let others have their turn

    async def _unfinished(self, left: dict[TopicPartition, int]) -> bool:
        """Forget and pause the partitions that have been read to their end; False if none is left."""
        for place in list(left):
            if await self._reader.position(place) >= left[place]:
                del left[place]
                self._reader.pause(place)
        return bool(left)
