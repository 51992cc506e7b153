"""Workers that are wrong, each in one way, for the suite to find out.

`python -m tests.faults.doubles KIND CLIENT_ID [PAUSE]`, with the environment variables of the product. With PAUSE a
double says `paused` the first time it is between the two steps that it takes in the wrong order, and goes on with a
line on stdin.
"""

import asyncio
import os
import sys
import time
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import ProducerFenced

from tui.calc.answer import answer
from tui.calc.messages import NoRequest, encode_result
from tui.calc.numbers import Limits
from tui.calc.operations import Operations
from tui.clients import dead_letters

SERVERS = os.environ.get("KCALC_BOOTSTRAP_SERVERS", "")
REQUESTS = os.environ.get("KCALC_TOPICS__REQUESTS", "")
RESULTS = os.environ.get("KCALC_TOPICS__RESULTS", "")
DEAD_LETTERS = os.environ.get("KCALC_TOPICS__DEAD_LETTERS", "")
GROUP = os.environ.get("KCALC_WORKERS__GROUP", "")
SESSION_S = float(os.environ.get("KCALC_WORKERS__SESSION_TIMEOUT_S", "10"))
BATCH = 100
WRONG_FOR_S = 0.05  # how long the wrong state lasts at least, so that a look at the run meets it
OPERATIONS = Operations.standard(Limits())


class Kind(StrEnum):
    """What is wrong with it."""

    COMMIT_FIRST = "commits before it produces"
    AUTO_COMMIT = "lets its client commit now and then"
    WORKER_ID = "has a transactional id of the worker, not of the partition"
    PARTITION_ID = "nothing: the transactional id is that of the partition"

    @property
    def transactional(self) -> bool:
        """True if it works in transactions."""
        return self in {Kind.WORKER_ID, Kind.PARTITION_ID}


class Double(ConsumerRebalanceListener):
    """One worker, one loop for all its partitions."""

    def __init__(self, kind: Kind, client_id: str, pauses: bool) -> None:
        self._kind = kind
        self._client_id = client_id
        self._pauses = pauses
        self._assigned = False
        self._producers: dict[str, Any] = {}
        self._consumer: Any = AIOKafkaConsumer(
            bootstrap_servers=SERVERS,
            client_id=client_id,
            group_id=GROUP,
            enable_auto_commit=kind is Kind.AUTO_COMMIT,
            auto_commit_interval_ms=50,
            auto_offset_reset="earliest",
            session_timeout_ms=round(SESSION_S * 1_000),
            heartbeat_interval_ms=300,
            fetch_max_wait_ms=50,
            metadata_max_age_ms=2_000,
        )

    async def run(self) -> None:
        """Work until killed or fenced."""
        await self._consumer.start()
        self._consumer.subscribe([REQUESTS], listener=self)
        while True:
            found = await self._consumer.getmany(timeout_ms=100, max_records=BATCH)
            # aiokafka fetches before `on_partitions_assigned` has returned, and so from where it is not to begin.
            for place, records in found.items() if self._assigned else ():
                await self._answer(place, records)

    async def on_partitions_revoked(self, revoked: Sequence[TopicPartition]) -> None:
        """Nothing is finished: it is a bad worker."""
        self._assigned = False

    async def on_partitions_assigned(self, assigned: Sequence[TopicPartition]) -> None:
        """Start the producers, which fences those before them, and go on where the group is."""
        for place in assigned:
            await self._producer(place)
        offsets = {place: await self._consumer.committed(place) or 0 for place in assigned}
        for place, offset in offsets.items():
            self._consumer.seek(place, offset)
        self._assigned = True

    async def _producer(self, place: TopicPartition) -> Any:
        name = str(place.partition) if self._kind is Kind.PARTITION_ID else self._client_id
        if name not in self._producers:
            transactional_id = f"{GROUP}-{name}" if self._kind.transactional else None
            producer: Any = AIOKafkaProducer(
                bootstrap_servers=SERVERS,
                client_id=self._client_id,
                acks="all",
                enable_idempotence=True,
                transactional_id=transactional_id,
            )
            await producer.start()
            self._producers[name] = producer
        return self._producers[name]

    async def _answer(self, place: TopicPartition, records: Sequence[Any]) -> None:
        producer, offsets = await self._producer(place), {place: records[-1].offset + 1}
        match self._kind:
            case Kind.COMMIT_FIRST:
                await self._consumer.commit(offsets)
                await self._between()
                await self._produce(producer, place, records)
            case Kind.AUTO_COMMIT:
                await self._committed(place, offsets[place])
                await self._between()
                await self._produce(producer, place, records)
            case _:
                await producer.begin_transaction()
                await self._produce(producer, place, records)
                await self._between()
                await producer.send_offsets_to_transaction(offsets, GROUP)
                await producer.commit_transaction()
                print("committed", flush=True)

    async def _committed(self, place: TopicPartition, offset: int) -> None:
        """Wait until the client has committed so much by itself, which it announces to nobody."""
        while (await self._consumer.committed(place) or 0) < offset:  # noqa: ASYNC110
            await asyncio.sleep(WRONG_FOR_S)

    async def _between(self) -> None:
        """Here it is wrong to die, or to stand still and go on."""
        await asyncio.sleep(WRONG_FOR_S)
        if self._pauses:
            self._pauses = False
            print("paused", flush=True)
            await asyncio.to_thread(sys.stdin.readline)

    async def _produce(self, producer: Any, place: TopicPartition, records: Sequence[Any]) -> None:
        sent = [
            await producer.send(topic, value, key=record.key, partition=place.partition, headers=headers)
            for record in records
            for topic, value, headers in [self._answered(record)]
        ]
        for each in sent:
            await each

    def _answered(self, record: Any) -> tuple[str, bytes | None, list[tuple[str, bytes | None]]]:
        """Topic, value and headers of the right answer."""
        try:
            result = answer(
                record.value,
                OPERATIONS,
                topic=record.topic,
                partition=record.partition,
                offset=record.offset,
                client_id=self._client_id,
                attempt=1,
                received_at=time.time(),
                sent_at=record.timestamp / 1_000,
                clock=time.time,
            )
        except NoRequest as refused:
            return DEAD_LETTERS, record.value, dead_letters.headers(record, refused, self._client_id)
        return RESULTS, encode_result(result), []


async def main(kind: Kind, client_id: str, pauses: bool) -> None:
    """Run one; says `fenced` if another took its place, and ends."""
    try:
        await Double(kind, client_id, pauses).run()
    except ProducerFenced:
        print("fenced", flush=True)


if __name__ == "__main__":
    asyncio.run(main(Kind[sys.argv[1]], sys.argv[2], "PAUSE" in sys.argv))
