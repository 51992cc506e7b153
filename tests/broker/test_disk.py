"""The broker and the disk under it: full, broken, and left clean."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from kafka.protocol.consumer import ListOffsetsRequest

from tests.broker.conftest import Connect, StartBroker
from tests.broker.disk import file_size_limit
from tests.broker.hostile import undisturbed
from tests.broker.wire import WireClient, fetch_request, record_batch, until
from tui.broker import BrokerSettings, EmbeddedBroker
from tui.broker.errors import ErrorCode

MEBIBYTE = 1 << 20
RECORDS = 200
SMALL_MEMORY = BrokerSettings(max_log_memory_bytes=100_000)
HOLDER = """
import asyncio, sys
sys.path.insert(0, sys.argv[1])
from tests.broker.wire import record_batch, WireClient
from tui.broker import BrokerSettings, EmbeddedBroker

async def main():
    async with EmbeddedBroker(BrokerSettings(max_log_memory_bytes=0)) as broker:
        broker.broker.topics.create("t", 1, {})
        async with WireClient("127.0.0.1", broker.port) as client:
            for _ in range(3):
                assert (await client.produce("t", 0, record_batch(b"x"))).error_code == 0
        print(broker.broker.storage.file.slot_count, flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.fixture
async def broker(start_broker: StartBroker) -> EmbeddedBroker:
    """A broker that soon needs its file, with a topic of one partition."""
    broker = await start_broker(SMALL_MEMORY)
    broker.broker.topics.create("t", 1, {})
    return broker


@pytest.fixture
async def producer(broker: EmbeddedBroker) -> AsyncIterator[AIOKafkaProducer]:
    producer = AIOKafkaProducer(
        bootstrap_servers=broker.bootstrap_servers, enable_idempotence=True, retry_backoff_ms=20
    )
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


def value(index: int) -> bytes:
    return b"%010d" % index * 1000


async def test_a_producer_outlasts_a_full_disk_and_nothing_is_lost(
    broker: EmbeddedBroker, producer: AIOKafkaProducer, caplog: pytest.LogCaptureFixture
) -> None:
    async def send_all() -> list[int]:
        sent = [await producer.send("t", value(index), partition=0) for index in range(RECORDS)]
        return [(await each).offset for each in sent]

    async with asyncio.timeout(30):
        with file_size_limit(300_000):
            sending = asyncio.create_task(send_all())
            await until(lambda: "records are refused" in caplog.text)
            assert not sending.done()
        assert await sending == list(range(RECORDS))
    assert await read_by_client(broker, RECORDS) == [value(index) for index in range(RECORDS)]


async def read_by_client(broker: EmbeddedBroker, count: int) -> list[bytes]:
    consumer = AIOKafkaConsumer(bootstrap_servers=broker.bootstrap_servers, auto_offset_reset="earliest")
    await consumer.start()
    try:
        consumer.assign([TopicPartition("t", 0)])
        async with asyncio.timeout(20):
            return [(await consumer.getone()).value or b"" for _ in range(count)]
    finally:
        await consumer.stop()


async def fill(client: WireClient) -> int:
    """Produce until the disk refuses; returns how much was accepted."""
    for index in range(RECORDS):
        answer = await client.produce("t", 0, record_batch(value(index)), version=8)
        if answer.error_code:
            assert answer.error_code == ErrorCode.KAFKA_STORAGE_ERROR
            assert "File too large" in answer.error_message
            return index
    raise AssertionError("the disk is never full")


async def test_a_full_disk_refuses_records_and_serves_those_it_has(broker: EmbeddedBroker, connect: Connect) -> None:
    client = await connect(broker)
    with file_size_limit(200_000):
        accepted = await fill(client)
        assert (await client.fetch("t", 0, 0)).high_watermark == accepted
        assert await read_by_client(broker, accepted) == [value(index) for index in range(accepted)]


async def test_records_that_are_deleted_make_room_on_a_full_disk(broker: EmbeddedBroker, connect: Connect) -> None:
    client = await connect(broker)
    with file_size_limit(200_000):
        await fill(client)
        topic = broker.broker.topics.get("t")
        assert topic is not None
        broker.broker.delete_topic(topic)
        broker.broker.topics.create("t", 1, {})
        assert (await client.produce("t", 0, record_batch(b"x"))).error_code == ErrorCode.NONE
        assert broker.broker.storage.file.slot_count == 0


async def test_what_cannot_be_read_is_an_error_of_its_partition_only(broker: EmbeddedBroker, connect: Connect) -> None:
    client = await connect(broker)
    for index in range(20):
        await client.produce("t", 0, record_batch(value(index)))
    broker.broker.storage.close()
    async with undisturbed(broker):
        wanted = fetch_request([("t", 0, 0), ("work", 0, 0)], max_wait_ms=50_000, min_bytes=MEBIBYTE)
        async with asyncio.timeout(5):
            answer = await client.ask(wanted, 11)
        broken, good = (topic.partitions[0] for topic in answer.responses)
        assert (broken.error_code, broken.records) == (ErrorCode.KAFKA_STORAGE_ERROR, b"")
        assert (good.error_code, good.records[16:]) == (ErrorCode.NONE, record_batch(b"before")[16:])
        assert await listed(client, 1000) == (ErrorCode.KAFKA_STORAGE_ERROR, -1)
        assert await listed(client, -1) == (ErrorCode.NONE, 20)


async def listed(client: WireClient, timestamp: int) -> tuple[int, int]:
    """Error and offset that ListOffsets answers."""
    topic = ListOffsetsRequest.ListOffsetsTopic
    wanted = topic.ListOffsetsPartition(partition_index=0, current_leader_epoch=-1, timestamp=timestamp)
    request = ListOffsetsRequest(replica_id=-1, isolation_level=0, topics=[topic(name="t", partitions=[wanted])])
    answer = (await client.ask(request, 5)).topics[0].partitions[0]
    return answer.error_code, answer.offset


async def test_a_topic_that_is_deleted_gives_its_disk_back(broker: EmbeddedBroker, connect: Connect) -> None:
    client = await connect(broker)
    for index in range(50):
        await client.produce("t", 0, record_batch(value(index)))
    assert broker.broker.storage.file.slot_count > 0
    topic = broker.broker.topics.get("t")
    assert topic is not None
    broker.broker.delete_topic(topic)
    assert (broker.broker.storage.file.slot_count, broker.broker.storage.memory_bytes) == (0, 0)


async def test_stopping_keeps_the_file_and_closing_deletes_it(broker: EmbeddedBroker, connect: Connect) -> None:
    client = await connect(broker)
    for index in range(20):
        await client.produce("t", 0, record_batch(value(index)))
    await broker.stop()
    await broker.start()
    assert await read_by_client(broker, 20) == [value(index) for index in range(20)]
    assert broker.broker.storage.file.is_open
    await broker.close()
    await broker.close()
    assert not broker.broker.storage.file.is_open


def test_a_broker_that_is_killed_leaves_no_file_behind(tmp_path: Path) -> None:
    root = str(Path(__file__).parents[2])
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, root],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    ) as holder:
        assert holder.stdout is not None
        assert int(holder.stdout.readline()) > 0
        assert not list(tmp_path.iterdir())
        holder.send_signal(signal.SIGKILL)
        holder.wait(10)
    assert not list(tmp_path.iterdir())
