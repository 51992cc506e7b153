"""How long the oldest waiting request of a partition waits: the timestamp of the record at the committed offset."""

import asyncio
from collections.abc import Mapping

from aiokafka.errors import KafkaError
from aiokafka.structs import TopicPartition

from tui.clients.aiokafka_types import Consumer

PARTITION_FETCH_BYTES = 64 << 10
_PARTITIONS_AT_A_TIME = 16
_WITHIN_MS = 200


class OldestWaiting:
    """Reads one record of each partition that has lag, and again only when its committed offset has moved."""

    def __init__(self, reader: Consumer) -> None:
        self._reader = reader
        self._known: dict[TopicPartition, tuple[int, float]] = {}

    async def since(self, committed: Mapping[TopicPartition, int]) -> dict[TopicPartition, float]:
        """Unix seconds of the record at each of the offsets, as far as they can be read in a moment."""
        self._known = {tp: known for tp, known in self._known.items() if committed.get(tp) == known[0]}
        unknown = [tp for tp in committed if tp not in self._known][:_PARTITIONS_AT_A_TIME]
        if unknown:
            self._reader.assign(unknown)
            for tp in unknown:
                self._reader.seek(tp, committed[tp])
            await asyncio.gather(*(self._read(tp, committed[tp]) for tp in unknown))
            self._reader.pause(*unknown)  # or it would fetch on and on
        return {tp: at for tp, (_, at) in self._known.items()}

    async def _read(self, partition: TopicPartition, offset: int) -> None:
        try:
            found = await self._reader.getmany(partition, timeout_ms=_WITHIN_MS, max_records=1)
        except KafkaError:
            return  # deleted, or not to be read: its age stays unknown
        for record in found.get(partition, ()):
            self._known[partition] = (offset, record.timestamp / 1_000)
