"""Real clients over a socket: producing with every codec, consuming by partition, administering."""

import asyncio
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import confluent_kafka.admin
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin import NewTopic as AioNewTopic
from confluent_kafka import Consumer as ConfluentConsumer
from confluent_kafka import Producer as ConfluentProducer
from confluent_kafka import TopicPartition as ConfluentPartition
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka import TopicPartition as PythonPartition

from tui.broker import EmbeddedBroker

TOPIC = "requests"
confluent_admin: Any = confluent_kafka.admin  # partly untyped
DEADLINE_S = 20
CODECS = ["none", "gzip", "snappy", "lz4", "zstd"]
VALUES = [b"value %d" % index * 10 for index in range(50)]

needs_kcat = pytest.mark.skipif(shutil.which("kcat") is None, reason="kcat is not installed")


async def in_thread(work: Callable[[], Any]) -> Any:
    """Run a blocking client beside the broker's event loop."""
    async with asyncio.timeout(DEADLINE_S):
        return await asyncio.to_thread(work)


async def read_with_aiokafka(broker: EmbeddedBroker, count: int, partition: int = 0) -> list[bytes | None]:
    consumer = AIOKafkaConsumer(bootstrap_servers=broker.bootstrap_servers)
    await consumer.start()
    try:
        consumer.assign([TopicPartition(TOPIC, partition)])
        await consumer.seek_to_beginning()
        async with asyncio.timeout(DEADLINE_S):
            return [(await consumer.getone()).value for _ in range(count)]
    finally:
        await consumer.stop()


def read_with_confluent(bootstrap_servers: str, count: int) -> list[bytes | None]:
    consumer = ConfluentConsumer({"bootstrap.servers": bootstrap_servers, "group.id": "none", "check.crcs": True})
    consumer.assign([ConfluentPartition(TOPIC, 0, 0)])
    found = consumer.consume(count, timeout=DEADLINE_S)
    consumer.close()
    assert [message.error() for message in found] == [None] * count
    return [message.value() for message in found]


@pytest.mark.parametrize("codec", CODECS)
async def test_what_aiokafka_writes_confluent_and_aiokafka_read(broker: EmbeddedBroker, codec: str) -> None:
    producer = AIOKafkaProducer(
        bootstrap_servers=broker.bootstrap_servers,
        compression_type=None if codec == "none" else codec,
        enable_idempotence=True,
    )
    await producer.start()
    sent = [await producer.send(TOPIC, value, partition=0) for value in VALUES]
    offsets = [(await each).offset for each in sent]
    await producer.stop()
    assert offsets == list(range(len(VALUES)))
    assert await read_with_aiokafka(broker, len(VALUES)) == VALUES
    assert await in_thread(lambda: read_with_confluent(broker.bootstrap_servers, len(VALUES))) == VALUES


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("idempotent", [False, True])
async def test_what_confluent_writes_aiokafka_and_confluent_read(
    broker: EmbeddedBroker, codec: str, idempotent: bool
) -> None:
    def write() -> list[Any]:
        errors: list[Any] = []
        producer = ConfluentProducer(
            {
                "bootstrap.servers": broker.bootstrap_servers,
                "compression.type": codec,
                "enable.idempotence": idempotent,
            }
        )
        for value in VALUES:
            producer.produce(TOPIC, value, partition=0, on_delivery=lambda error, _: errors.append(error))
        assert producer.flush(DEADLINE_S) == 0
        return errors

    assert await in_thread(write) == [None] * len(VALUES)
    assert await read_with_aiokafka(broker, len(VALUES)) == VALUES
    assert await in_thread(lambda: read_with_confluent(broker.bootstrap_servers, len(VALUES))) == VALUES


@pytest.mark.parametrize("codec", ["none", "gzip"])  # those it has without further packages
@pytest.mark.parametrize("idempotent", [False, True])
async def test_kafka_python_writes_reads_and_finds_by_time(
    broker: EmbeddedBroker, codec: str, idempotent: bool
) -> None:
    def write_and_read() -> tuple[list[bytes], Any]:
        producer = KafkaProducer(
            bootstrap_servers=broker.bootstrap_servers,
            compression_type=None if codec == "none" else codec,
            enable_idempotence=idempotent,
        )
        for index, value in enumerate(VALUES):
            producer.send(TOPIC, value, partition=0, timestamp_ms=1000 + index)
        producer.flush(DEADLINE_S)
        producer.close()
        consumer = KafkaConsumer(bootstrap_servers=broker.bootstrap_servers, consumer_timeout_ms=DEADLINE_S * 1000)
        partition = PythonPartition(TOPIC, 0)
        consumer.assign([partition])
        consumer.seek_to_beginning(partition)
        found = [next(consumer).value for _ in VALUES]
        by_time = consumer.offsets_for_times({partition: 1040})[partition]
        consumer.close()
        return found, by_time

    found, by_time = await in_thread(write_and_read)
    assert found == VALUES
    assert (by_time.offset, by_time.timestamp) == (40, 1040)


def kcat(broker: EmbeddedBroker, *arguments: str, given: str = "") -> str:
    """What kcat prints; it must succeed in time."""
    command = ["kcat", "-b", broker.bootstrap_servers, *arguments]
    done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=DEADLINE_S, check=True)
    return done.stdout


@needs_kcat
async def test_kcat_consumes_as_a_group_and_goes_on_where_it_was(broker: EmbeddedBroker) -> None:
    def consume(count: int) -> list[str]:
        arguments = "-G", "readers", "-q", "-c", str(count), "-X", "auto.offset.reset=earliest", TOPIC
        return kcat(broker, *arguments).split()

    lines = [f"line{index}" for index in range(30)]
    await in_thread(lambda: kcat(broker, "-P", "-t", TOPIC, "-p", "0", given="\n".join(lines)))
    assert await in_thread(lambda: consume(10)) == lines[:10]
    assert await in_thread(lambda: consume(20)) == lines[10:]


@needs_kcat
@pytest.mark.parametrize("codec", CODECS)
async def test_kcat_writes_and_reads(broker: EmbeddedBroker, codec: str) -> None:
    lines = "".join(f"key{index}:line {index}\n" for index in range(20))
    await in_thread(lambda: kcat(broker, "-P", "-t", TOPIC, "-p", "1", "-K:", "-z", codec, given=lines))
    read = await in_thread(lambda: kcat(broker, "-C", "-t", TOPIC, "-p", "1", "-o", "beginning", "-e", "-q", "-K:"))
    assert read == lines
    assert await in_thread(lambda: kcat(broker, "-Q", "-t", f"{TOPIC}:1:-1")) == f"{TOPIC} [1] offset 20\n"
    listed = await in_thread(lambda: kcat(broker, "-L", "-t", TOPIC))
    assert f'topic "{TOPIC}" with 2 partitions' in listed


async def test_aiokafka_administers(broker: EmbeddedBroker) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap_servers)
    await admin.start()
    try:
        await admin.create_topics([AioNewTopic("made", 3, 1, topic_configs={"retention.ms": "5000"})])
        described = await admin.describe_topics(["made"])
        assert len(described[0]["partitions"]) == 3
        assert "made" in await admin.list_topics()
        await admin.delete_topics(["made"])
        assert "made" not in await admin.list_topics()
        assert (await admin.describe_cluster())["cluster_id"] == broker.broker.cluster_id
    finally:
        await admin.close()


async def test_confluent_administers(broker: EmbeddedBroker) -> None:
    def administer() -> None:
        admin = confluent_admin.AdminClient({"bootstrap.servers": broker.bootstrap_servers})
        admin.create_topics([confluent_admin.NewTopic("made", 3, 1)])["made"].result(DEADLINE_S)
        admin.create_partitions([confluent_admin.NewPartitions("made", 5)])["made"].result(DEADLINE_S)
        assert len(admin.list_topics("made", timeout=DEADLINE_S).topics["made"].partitions) == 5
        entry = confluent_admin.ConfigEntry(
            "retention.ms", "5000", incremental_operation=confluent_admin.AlterConfigOpType.SET
        )
        altered = confluent_admin.ConfigResource(
            confluent_admin.ConfigResource.Type.TOPIC, "made", incremental_configs=[entry]
        )
        admin.incremental_alter_configs([altered])[altered].result(DEADLINE_S)
        resource = confluent_admin.ConfigResource(confluent_admin.ConfigResource.Type.TOPIC, "made")
        described = admin.describe_configs([resource])[resource].result(DEADLINE_S)
        assert described["retention.ms"].value == "5000"
        partition = ConfluentPartition("made", 0)
        listed = admin.list_offsets({partition: confluent_admin.OffsetSpec.latest()})[partition].result(DEADLINE_S)
        assert listed.offset == 0
        assert len(admin.describe_cluster().result(DEADLINE_S).nodes) == 1
        admin.delete_topics(["made"])["made"].result(DEADLINE_S)

    await in_thread(administer)
    assert broker.broker.topics.get("made") is None


async def test_kafka_python_administers(broker: EmbeddedBroker) -> None:
    def administer() -> None:
        admin: Any = KafkaAdminClient(bootstrap_servers=broker.bootstrap_servers)
        admin.create_topics({"made": {"num_partitions": 3, "replication_factor": 1}})
        assert "made" in admin.list_topics()
        admin.create_partitions({"made": 5})
        assert len(admin.describe_topics(["made"])[0]["partitions"]) == 5
        admin.delete_topics(["made"])
        assert "made" not in admin.list_topics()
        admin.close()

    await in_thread(administer)
