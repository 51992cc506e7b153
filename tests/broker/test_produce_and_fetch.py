"""Produce and Fetch, message by message."""

import asyncio

import pytest

from tests.broker.conftest import Connect, StartBroker
from tests.broker.wire import WireClient, fetch_request, produce_request, record_batch, until
from tui.broker import BrokerSettings, EmbeddedBroker
from tui.broker.batch import LOG_OVERHEAD_BYTES, read_header
from tui.broker.errors import ErrorCode
from tui.broker.records import record_times

TOPIC = "requests"
LONG_MS = 8_000


@pytest.fixture
async def client(broker: EmbeddedBroker, connect: Connect) -> WireClient:
    """A client of a broker that has TOPIC with two partitions."""
    broker.broker.topics.create(TOPIC, 2, {})
    return await connect(broker)


def values_in(records: bytes) -> int:
    """How many records there are in a fetched record set."""
    count = 0
    while records:
        header = read_header(records)
        count += header.record_count
        records = records[header.length + LOG_OVERHEAD_BYTES :]
    return count


@pytest.mark.parametrize("acks", [1, -1])
async def test_an_acknowledged_batch_can_be_fetched_from_its_offset(client: WireClient, acks: int) -> None:
    await client.produce(TOPIC, 0, record_batch(b"first"))
    answer = await client.produce(TOPIC, 0, record_batch(b"a", b"b"), acks)
    assert (answer.error_code, answer.base_offset, answer.log_append_time_ms) == (0, 1, -1)
    fetched = await client.fetch(TOPIC, 0, 2)
    assert (fetched.error_code, fetched.high_watermark, fetched.last_stable_offset) == (0, 3, 3)
    assert read_header(fetched.records).base_offset == 1
    assert fetched.records[16:] == record_batch(b"a", b"b")[16:]


async def test_a_batch_without_acknowledgement_is_stored_and_the_next_request_answered(client: WireClient) -> None:
    await client.send(produce_request(TOPIC, 0, record_batch(b"x"), acks=0), 7)
    assert (await client.fetch(TOPIC, 0, 0, max_wait_ms=LONG_MS)).high_watermark == 1


async def test_a_bad_batch_without_acknowledgement_closes_the_connection(client: WireClient) -> None:
    await client.send(produce_request("unknown", 0, record_batch(b"x"), acks=0), 7)
    assert await client.is_closed_by_broker()


async def test_other_acks_are_refused(client: WireClient) -> None:
    answer = await client.produce(TOPIC, 0, record_batch(b"x"), acks=2)
    assert answer.error_code == ErrorCode.INVALID_REQUIRED_ACKS


@pytest.mark.parametrize(("topic", "partition"), [("nowhere", 0), (TOPIC, 2), (TOPIC, -1)])
async def test_unknown_partitions_are_an_error_in_both_directions(
    client: WireClient, topic: str, partition: int
) -> None:
    unknown = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
    assert (await client.produce(topic, partition, record_batch(b"x"))).error_code == unknown
    assert (await client.fetch(topic, partition, 0, max_wait_ms=LONG_MS)).error_code == unknown


@pytest.mark.parametrize("version", [3, 5, 7, 8])
async def test_a_corrupt_batch_is_refused_in_every_version_and_nothing_is_stored(
    client: WireClient, version: int
) -> None:
    answer = await client.produce(TOPIC, 0, record_batch(b"good")[:-1] + b"?", version=version)
    assert (answer.error_code, answer.base_offset) == (ErrorCode.CORRUPT_MESSAGE, -1)
    assert (await client.fetch(TOPIC, 0, 0)).high_watermark == 0


async def test_a_topic_bounds_the_size_of_its_batches(broker: EmbeddedBroker, client: WireClient) -> None:
    broker.broker.topics.create("small", 1, {"max.message.bytes": "500"})
    answer = await client.produce("small", 0, record_batch(b"x" * 600))
    assert answer.error_code == ErrorCode.MESSAGE_TOO_LARGE
    assert (await client.produce("small", 0, record_batch(b"x" * 60))).error_code == ErrorCode.NONE


async def test_a_topic_may_ask_for_the_brokers_time(broker: EmbeddedBroker, client: WireClient) -> None:
    broker.broker.now_ms = lambda: 123_456
    broker.broker.topics.create("stamped", 1, {"message.timestamp.type": "LogAppendTime", "retention.ms": "-1"})
    answer = await client.produce("stamped", 0, record_batch(b"a", b"b"))
    assert answer.log_append_time_ms == 123_456
    fetched = await client.fetch("stamped", 0, 0)
    assert [time.timestamp_ms for time in record_times(fetched.records)] == [123_456, 123_456]


@pytest.mark.parametrize("offset", [-1, 2, 1 << 40])
async def test_an_offset_out_of_range_is_an_error_at_once(client: WireClient, offset: int) -> None:
    await client.produce(TOPIC, 0, record_batch(b"x"))
    fetched = await client.fetch(TOPIC, 0, offset, max_wait_ms=LONG_MS)
    assert (fetched.error_code, fetched.records) == (ErrorCode.OFFSET_OUT_OF_RANGE, b"")


async def test_a_fetch_at_the_end_waits_for_the_next_record(
    broker: EmbeddedBroker, client: WireClient, connect: Connect
) -> None:
    waiting = asyncio.create_task(client.fetch(TOPIC, 1, 0, max_wait_ms=LONG_MS))
    partition = broker.broker.topics.get(TOPIC).partitions[1]  # type: ignore[union-attr]
    async with asyncio.timeout(5):
        await until(lambda: partition.waiters)
        await (await connect(broker)).produce(TOPIC, 1, record_batch(b"x"))
        assert values_in((await waiting).records) == 1
    assert not partition.waiters


async def test_a_fetch_waits_until_it_has_the_bytes_it_asked_for(
    broker: EmbeddedBroker, client: WireClient, connect: Connect
) -> None:
    producer = await connect(broker)
    size = len(record_batch(b"x"))
    waiting = asyncio.create_task(client.fetch(TOPIC, 0, 0, max_wait_ms=LONG_MS, min_bytes=2 * size))
    await producer.produce(TOPIC, 0, record_batch(b"x"))
    await producer.fetch(TOPIC, 0, 0)
    assert not waiting.done()
    await producer.produce(TOPIC, 0, record_batch(b"x"))
    async with asyncio.timeout(5):
        assert values_in((await waiting).records) == 2


async def test_a_fetch_that_waited_long_enough_is_answered_empty(client: WireClient) -> None:
    started = asyncio.get_running_loop().time()
    fetched = await client.fetch(TOPIC, 0, 0, max_wait_ms=150)
    waited_s = asyncio.get_running_loop().time() - started
    assert (fetched.error_code, fetched.records) == (0, b"")
    assert 0.14 <= waited_s < 5


async def test_a_waiting_fetch_learns_that_its_topic_is_deleted(broker: EmbeddedBroker, client: WireClient) -> None:
    topic = broker.broker.topics.get(TOPIC)
    assert topic is not None
    waiting = asyncio.create_task(client.fetch(TOPIC, 0, 0, max_wait_ms=LONG_MS))
    async with asyncio.timeout(5):
        await until(lambda: topic.partitions[0].waiters)
        broker.broker.delete_topic(topic)
        assert (await waiting).error_code == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION


async def test_a_waiting_fetch_is_dropped_when_its_client_goes(broker: EmbeddedBroker, client: WireClient) -> None:
    partition = broker.broker.topics.get(TOPIC).partitions[0]  # type: ignore[union-attr]
    await client.send(fetch_request([(TOPIC, 0, 0)], max_wait_ms=LONG_MS), 11)
    await until(lambda: partition.waiters)
    client.writer.transport.abort()
    await until(lambda: not partition.waiters and not broker.server.connections)


async def test_a_fetch_stays_within_its_bytes_but_always_makes_progress(client: WireClient) -> None:
    size = len(record_batch(b"x" * 1000))
    for _ in range(4):
        await client.produce(TOPIC, 0, record_batch(b"x" * 1000))
        await client.produce(TOPIC, 1, record_batch(b"y" * 1000))
    assert len((await client.fetch(TOPIC, 0, 0, partition_max_bytes=2 * size)).records) == 2 * size
    assert len((await client.fetch(TOPIC, 0, 0, partition_max_bytes=1)).records) == size
    assert len((await client.fetch(TOPIC, 0, 0, max_bytes=1)).records) == size
    both = await client.ask(fetch_request([(TOPIC, 0, 0), (TOPIC, 1, 0)], max_bytes=3 * size), 11)
    sizes = [len(part.records) for topic in both.responses for part in topic.partitions]
    assert sum(sizes) <= 3 * size
    assert sizes[0] == 3 * size


async def test_fetch_sessions_are_declined(client: WireClient) -> None:
    assert (await client.ask(fetch_request([(TOPIC, 0, 0)]), 11)).session_id == 0
    declined = await client.ask(fetch_request([(TOPIC, 0, 0)], session_id=5), 11)
    assert declined.error_code == ErrorCode.FETCH_SESSION_ID_NOT_FOUND


async def test_requests_of_one_connection_are_answered_in_order(client: WireClient) -> None:
    for index in range(100):
        await client.send(produce_request(TOPIC, 0, record_batch(b"%d" % index)), 7)
    client._correlation_id = 0
    for index in range(100):
        client._correlation_id += 1
        answer = await client.response(type(produce_request(TOPIC, 0, None)), 7)
        assert answer.responses[0].partition_responses[0].base_offset == index


async def test_retention_by_size_holds_for_what_is_produced(start_broker: StartBroker, connect: Connect) -> None:
    broker = await start_broker(BrokerSettings(retention_bytes=100_000))
    topic = broker.broker.topics.create(TOPIC, 1, {})
    client = await connect(broker)
    for _ in range(300):
        await client.produce(TOPIC, 0, record_batch(b"x" * 2000))
    log = topic.partitions[0].log
    assert 100_000 <= log.size_bytes <= 120_000
    assert (await client.fetch(TOPIC, 0, 0)).error_code == ErrorCode.OFFSET_OUT_OF_RANGE
    assert (await client.fetch(TOPIC, 0, log.start_offset)).log_start_offset == log.start_offset


async def test_retention_by_time_holds_without_further_appends(start_broker: StartBroker, connect: Connect) -> None:
    broker = await start_broker(BrokerSettings(retention_check_interval_s=0.02))
    topic = broker.broker.topics.create(TOPIC, 1, {"retention.ms": "60000"})
    now_ms = broker.broker.now_ms()
    broker.broker.now_ms = lambda: now_ms
    client = await connect(broker)
    await client.produce(TOPIC, 0, record_batch(b"x"))
    assert topic.partitions[0].log.size_bytes > 0
    broker.broker.now_ms = lambda: now_ms + 60_001
    await until(lambda: topic.partitions[0].log.size_bytes == 0)
    assert topic.partitions[0].log.start_offset == 1
