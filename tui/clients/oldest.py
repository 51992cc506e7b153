"""What waits first in a partition: since when, and whether anything does, by the record at the committed offset."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from aiokafka.errors import KafkaError
from aiokafka.structs import TopicPartition

from tui.clients.aiokafka_types import Consumer

PARTITION_FETCH_BYTES = 64 << 10
_PARTITIONS_AT_A_TIME = 16
_WITHIN_MS = 200
_POSITION_S = 0.2  # known at once, but where the log was cut at that moment


@dataclass(frozen=True, slots=True)
class Waiting:
    """Offsets from `start` to before `end`. `since`: Unix seconds of the first record there; None: there is none.

    There is none where all of them are ends of transactions, or were written in one that was aborted.
    """

    start: int
    end: int
    since: float | None


class OldestWaiting:
    """Reads one record of each partition that has lag, and again only when its committed offset has moved."""

    def __init__(self, reader: Consumer) -> None:
        self._reader = reader
        self._known: dict[TopicPartition, Waiting] = {}

    async def look(self, places: Mapping[TopicPartition, tuple[int, int]]) -> dict[TopicPartition, Waiting]:
        """What waits in these stretches of offsets (start, end), as far as it can be read in a moment."""
        self._known = {tp: known for tp, known in self._known.items() if tp in places and _holds(known, *places[tp])}
        unknown = [tp for tp in places if tp not in self._known][:_PARTITIONS_AT_A_TIME]
        if unknown:
            self._reader.assign(unknown)
            for tp in unknown:
                self._reader.seek(tp, places[tp][0])
            await asyncio.gather(*(self._read(tp, *places[tp]) for tp in unknown))
            self._reader.pause(*unknown)  # or it would fetch on and on
        return dict(self._known)

    async def _read(self, partition: TopicPartition, start: int, end: int) -> None:
        try:
            found = await self._reader.getmany(partition, timeout_ms=_WITHIN_MS, max_records=1)
            for record in found.get(partition, ()):
                self._known[partition] = Waiting(start, end, record.timestamp / 1_000)
            async with asyncio.timeout(_POSITION_S):
                if not found and await self._reader.position(partition) >= end:
                    self._known[partition] = Waiting(start, end, None)
        except (KafkaError, TimeoutError):
            return  # deleted, or not to be read: its age stays unknown


def _holds(known: Waiting, start: int, end: int) -> bool:
    """A record stays the oldest one while the committed offset stays; where there was none, one may have come."""
    return known.start == start and (known.since is not None or known.end == end)
