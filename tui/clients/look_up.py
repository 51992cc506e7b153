"""One record as Kafka keeps it: read on demand by a reader that lives no longer than that."""

import asyncio
from dataclasses import dataclass

from aiokafka.errors import KafkaError
from aiokafka.structs import TopicPartition

from tui.clients.aiokafka_types import Consumer
from tui.clients.connection import Connection, closed, started
from tui.clients.refusals import LookUpFailed

_POLL_MS = 200
_CLOSE_S = 0.5


@dataclass(frozen=True, slots=True)
class Looked:
    """A record's own bytes and headers; `timestamp` in Unix seconds."""

    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    timestamp: float


async def look_up(connection: Connection, topic: str, partition: int, offset: int, within_s: float) -> Looked | None:
    """The record at this place; None if there is none: not any more (retention, compaction), or not yet.

    Takes at most `within_s` seconds, and a moment to close. Raises LookUpFailed if nobody can say.
    """
    reader = connection.reader("kcalc-look-up")
    try:
        async with asyncio.timeout(within_s):
            await started(reader)
            return await _record(reader, TopicPartition(topic, partition), offset)
    except TimeoutError as late:
        raise LookUpFailed(f"the broker did not answer within {within_s:g} s") from late
    except (KafkaError, OSError) as error:
        raise LookUpFailed(connection.advice(error, reads=(topic,))) from error
    finally:
        await closed(reader, _CLOSE_S)


async def _record(reader: Consumer, place: TopicPartition, offset: int) -> Looked | None:
    reader.assign([place])
    begins, ends = await reader.beginning_offsets([place]), await reader.end_offsets([place])
    if not begins[place] <= offset < ends[place]:
        return None
    reader.seek(place, offset)
    while True:
        found = await reader.getmany(place, timeout_ms=_POLL_MS, max_records=1)
        for record in found.get(place, ()):
            if record.offset != offset:
                return None  # compacted, or the end of a transaction
            return Looked(record.key, record.value, tuple(record.headers), record.timestamp / 1_000)
        if await reader.position(place) > offset:
            return None
