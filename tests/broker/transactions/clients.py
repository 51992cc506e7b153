"""Transactional producers and read_committed consumers of three client libraries, each kind with one face."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Protocol

import aiokafka
import confluent_kafka
import kafka
from kafka.structs import OffsetAndMetadata

DEADLINE_S = 30.0
TIMEOUT_MS = 30_000


class Writer(Protocol):
    """A transactional producer; what it cannot do any more raises the error of its library."""

    async def start(self) -> None: ...
    async def begin(self) -> None: ...
    async def send(self, topic: str, *values: bytes) -> None: ...
    async def send_offset(self, topic: str, offset: int, group_id: str) -> None: ...
    async def commit(self) -> None: ...
    async def abort(self) -> None: ...
    async def close(self) -> None: ...


class AiokafkaWriter:
    def __init__(self, bootstrap_servers: str, transactional_id: str) -> None:
        self._producer = aiokafka.AIOKafkaProducer(
            bootstrap_servers=bootstrap_servers,
            transactional_id=transactional_id,
            transaction_timeout_ms=TIMEOUT_MS,
        )

    async def start(self) -> None:
        await self._producer.start()

    async def begin(self) -> None:
        await self._producer.begin_transaction()

    async def send(self, topic: str, *values: bytes) -> None:
        for value in values:
            await self._producer.send_and_wait(topic, value, partition=0)

    async def send_offset(self, topic: str, offset: int, group_id: str) -> None:
        where = aiokafka.TopicPartition(topic, 0)
        await self._producer.send_offsets_to_transaction({where: offset}, group_id)

    async def commit(self) -> None:
        await self._producer.commit_transaction()

    async def abort(self) -> None:
        await self._producer.abort_transaction()

    async def close(self) -> None:
        await self._producer.stop()


class ConfluentWriter:
    def __init__(self, bootstrap_servers: str, transactional_id: str) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._producer: Any = confluent_kafka.Producer(
            {
                "bootstrap.servers": bootstrap_servers,
                "transactional.id": transactional_id,
                "transaction.timeout.ms": TIMEOUT_MS,
            }
        )

    async def start(self) -> None:
        await asyncio.to_thread(self._producer.init_transactions, DEADLINE_S)

    async def begin(self) -> None:
        self._producer.begin_transaction()

    async def send(self, topic: str, *values: bytes) -> None:
        failed: list[Any] = []
        for value in values:
            self._producer.produce(
                topic, value, partition=0, on_delivery=lambda error, _: failed.append(error) if error else None
            )
        assert await asyncio.to_thread(self._producer.flush, DEADLINE_S) == 0
        if failed:
            raise confluent_kafka.KafkaException(failed[0])

    async def send_offset(self, topic: str, offset: int, group_id: str) -> None:
        consumer = confluent_kafka.Consumer({"bootstrap.servers": self._bootstrap_servers, "group.id": group_id})
        offsets = [confluent_kafka.TopicPartition(topic, 0, offset)]
        metadata = consumer.consumer_group_metadata()
        await asyncio.to_thread(self._producer.send_offsets_to_transaction, offsets, metadata, DEADLINE_S)
        await asyncio.to_thread(consumer.close)

    async def commit(self) -> None:
        await asyncio.to_thread(self._producer.commit_transaction, DEADLINE_S)

    async def abort(self) -> None:
        await asyncio.to_thread(self._producer.abort_transaction, DEADLINE_S)

    async def close(self) -> None:
        with contextlib.suppress(confluent_kafka.KafkaException):  # a fenced one repeats that it is
            await asyncio.to_thread(self._producer.close, 1.0)


class KafkaPythonWriter:
    def __init__(self, bootstrap_servers: str, transactional_id: str) -> None:
        self._settings = {
            "bootstrap_servers": bootstrap_servers,
            "transactional_id": transactional_id,
            "transaction_timeout_ms": TIMEOUT_MS,
            "max_block_ms": DEADLINE_S * 1000,
        }
        self._producer: Any = None

    async def start(self) -> None:
        self._producer = await asyncio.to_thread(lambda: kafka.KafkaProducer(**self._settings))
        await asyncio.to_thread(self._producer.init_transactions)

    async def begin(self) -> None:
        self._producer.begin_transaction()

    async def send(self, topic: str, *values: bytes) -> None:
        sent = [await asyncio.to_thread(self._producer.send, topic, value, partition=0) for value in values]
        for each in sent:
            await asyncio.to_thread(each.get, DEADLINE_S)

    async def send_offset(self, topic: str, offset: int, group_id: str) -> None:
        offsets = {kafka.TopicPartition(topic, 0): OffsetAndMetadata(offset, "", -1)}
        await asyncio.to_thread(self._producer.send_offsets_to_transaction, offsets, group_id)

    async def commit(self) -> None:
        await asyncio.to_thread(self._producer.commit_transaction)

    async def abort(self) -> None:
        await asyncio.to_thread(self._producer.abort_transaction)

    async def close(self) -> None:
        await asyncio.to_thread(self._producer.close, 1.0)


WRITERS: dict[str, Callable[[str, str], Writer]] = {
    "aiokafka": AiokafkaWriter,
    "confluent": ConfluentWriter,
    "kafka-python": KafkaPythonWriter,
}


@asynccontextmanager
async def writing(client: str, bootstrap_servers: str, transactional_id: str) -> AsyncIterator[Writer]:
    """A started producer of that library."""
    writer = WRITERS[client](bootstrap_servers, transactional_id)
    try:
        async with asyncio.timeout(DEADLINE_S):
            await writer.start()
        yield writer
    finally:
        async with asyncio.timeout(DEADLINE_S):
            await writer.close()


async def read_with_aiokafka(bootstrap_servers: str, topic: str, end: bytes) -> list[bytes | None]:
    consumer = aiokafka.AIOKafkaConsumer(bootstrap_servers=bootstrap_servers, isolation_level="read_committed")
    await consumer.start()
    try:
        consumer.assign([aiokafka.TopicPartition(topic, 0)])
        await consumer.seek_to_beginning()
        found: list[bytes | None] = []
        async with asyncio.timeout(DEADLINE_S):
            while end not in found:
                found.append((await consumer.getone()).value)
        return found
    finally:
        await consumer.stop()


async def read_with_confluent(bootstrap_servers: str, topic: str, end: bytes) -> list[bytes | None]:
    def read() -> list[bytes | None]:
        consumer = confluent_kafka.Consumer(
            {
                "bootstrap.servers": bootstrap_servers,
                "group.id": uuid.uuid4().hex,
                "isolation.level": "read_committed",
            }
        )
        consumer.assign([confluent_kafka.TopicPartition(topic, 0, 0)])
        found: list[bytes | None] = []
        while end not in found:
            message = consumer.poll(DEADLINE_S)
            assert message is not None
            assert message.error() is None
            found.append(message.value())
        consumer.close()
        return found

    return await asyncio.to_thread(read)


async def read_with_kafka_python(bootstrap_servers: str, topic: str, end: bytes) -> list[bytes | None]:
    def read() -> list[bytes | None]:
        consumer: Any = kafka.KafkaConsumer(
            bootstrap_servers=bootstrap_servers,
            isolation_level="read_committed",
            consumer_timeout_ms=DEADLINE_S * 1000,
        )
        where = kafka.TopicPartition(topic, 0)
        consumer.assign([where])
        consumer.seek_to_beginning(where)
        found: list[bytes | None] = []
        while end not in found:
            found.append(next(consumer).value)
        consumer.close()
        return found

    return await asyncio.to_thread(read)


READERS: dict[str, Callable[[str, str, bytes], Awaitable[list[bytes | None]]]] = {
    "aiokafka": read_with_aiokafka,
    "confluent": read_with_confluent,
    "kafka-python": read_with_kafka_python,
}
