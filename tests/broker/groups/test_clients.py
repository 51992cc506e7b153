"""Groups of real clients: joining, leaving, dying, static members, and offsets."""

from __future__ import annotations

import asyncio
import shutil

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from confluent_kafka import Consumer
from confluent_kafka import TopicPartition as ConfluentTopicPartition
from kafka import KafkaConsumer
from kafka import TopicPartition as KafkaPythonTopicPartition
from kafka.structs import OffsetAndMetadata

from tests.broker.groups.conftest import PARTITIONS, TOPIC
from tests.broker.groups.members import MEMBERS, AiokafkaMember, running, shared_out, victim
from tests.broker.groups.wire import eventually
from tui.broker import EmbeddedBroker
from tui.broker.groups.group import Group

GROUP = "kcalc"


def group_of(broker: EmbeddedBroker) -> Group:
    group = broker.broker.groups.get(GROUP)
    assert group is not None
    return group


@pytest.mark.parametrize("client", MEMBERS)
async def test_members_share_the_partitions_and_take_over_from_one_that_leaves(
    broker: EmbeddedBroker, client: str
) -> None:
    first, second, third = (MEMBERS[client](broker.bootstrap_servers, GROUP) for _ in range(3))
    async with running(first, second):
        await eventually(lambda: shared_out([first, second], PARTITIONS), "two share")
        async with running(third):
            await eventually(lambda: shared_out([first, second, third], PARTITIONS), "three share")
        await eventually(lambda: shared_out([first, second], PARTITIONS), "two share again")
    assert group_of(broker).state == "Empty"


async def test_members_of_three_client_libraries_share_one_group(broker: EmbeddedBroker) -> None:
    members = [member(broker.bootstrap_servers, GROUP) for member in MEMBERS.values()]
    async with running(*members):
        await eventually(lambda: shared_out(members, PARTITIONS), "all three have partitions")
        assert group_of(broker).rebalance.protocol_name == "roundrobin"


async def test_the_partitions_of_a_killed_member_go_to_the_others_after_its_session(
    broker: EmbeddedBroker,
) -> None:
    survivor = AiokafkaMember(broker.bootstrap_servers, GROUP)
    async with running(survivor), victim(broker.bootstrap_servers, GROUP) as process:
        await eventually(lambda: len(survivor.assigned) == PARTITIONS // 2, "they share")
        process.kill()
        await eventually(lambda: len(survivor.assigned) == PARTITIONS, "the survivor has all")


async def test_eight_members_that_start_together_share_the_partitions(broker: EmbeddedBroker) -> None:
    members = [AiokafkaMember(broker.bootstrap_servers, GROUP) for _ in range(8)]
    async with running(*members):
        await eventually(
            lambda: sorted(each for member in members for each in member.assigned) == list(range(PARTITIONS)),
            "every partition has one owner",
        )
        assert len(group_of(broker).members) == 8


@pytest.mark.skipif(shutil.which("kcat") is None, reason="kcat is not installed")
async def test_kcat_reads_as_a_member_and_goes_on_where_it_left(broker: EmbeddedBroker) -> None:
    await produce(broker, 5)
    options = ["-X", "auto.offset.reset=earliest", "-q", "-u"]
    for count, expected in ((3, b"0\n1\n2\n"), (2, b"3\n4\n")):
        process = await asyncio.create_subprocess_exec(
            *("kcat", "-b", broker.bootstrap_servers, *options, "-c", str(count), "-G", GROUP, TOPIC),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            async with asyncio.timeout(20):
                output, _ = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
        assert output == expected


# Static members


async def test_a_static_member_that_is_killed_and_restarted_moves_nothing(broker: EmbeddedBroker) -> None:
    stays = AiokafkaMember(broker.bootstrap_servers, GROUP, "stays")
    async with running(stays), victim(broker.bootstrap_servers, GROUP, "restarts") as process:
        await eventually(lambda: len(stays.assigned) == PARTITIONS // 2, "they share")
        generation, mine = group_of(broker).rebalance.generation, set(stays.assigned)
        process.kill()
        await process.wait()
        again = AiokafkaMember(broker.bootstrap_servers, GROUP, "restarts")
        async with running(again):
            await eventually(lambda: shared_out([stays, again], PARTITIONS), "the same share")
            assert group_of(broker).rebalance.generation == generation
            assert stays.assigned == mine


@pytest.mark.parametrize("client", ["kafka-python", "confluent"])
async def test_static_members_of_other_clients_are_known_by_their_instance_id(
    broker: EmbeddedBroker, client: str
) -> None:
    members = [MEMBERS[client](broker.bootstrap_servers, GROUP, instance) for instance in ("a", "b")]
    async with running(*members):
        await eventually(lambda: shared_out(members, PARTITIONS), "two share")
        assert {member.group_instance_id for member in group_of(broker).members} == {"a", "b"}


# Offsets


async def produce(broker: EmbeddedBroker, count: int) -> None:
    async with AIOKafkaProducer(bootstrap_servers=broker.bootstrap_servers) as producer:
        for number in range(count):
            await producer.send_and_wait(TOPIC, str(number).encode(), partition=0)


async def test_aiokafka_goes_on_where_it_committed(broker: EmbeddedBroker) -> None:
    await produce(broker, 5)
    where = TopicPartition(TOPIC, 0)
    for expected in ([b"0", b"1", b"2"], [b"3", b"4"]):
        member = AiokafkaMember(broker.bootstrap_servers, GROUP)
        async with running(member):
            records = [await member.consumer.getone() for _ in expected]
            await member.consumer.commit({where: records[-1].offset + 1})
            assert await member.consumer.committed(where) == records[-1].offset + 1
        assert [record.value for record in records] == expected


async def test_kafka_python_goes_on_where_it_committed(broker: EmbeddedBroker) -> None:
    await produce(broker, 5)

    def read(count: int) -> list[bytes]:
        consumer = KafkaConsumer(
            bootstrap_servers=broker.bootstrap_servers,
            group_id=GROUP,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            consumer_timeout_ms=10_000,
        )
        where = KafkaPythonTopicPartition(TOPIC, 0)
        consumer.assign([where])
        records = [next(consumer) for _ in range(count)]
        consumer.commit({where: OffsetAndMetadata(records[-1].offset + 1, "here", -1)})
        assert consumer.committed(where, metadata=True).metadata == "here"
        consumer.close()
        return [record.value for record in records]

    assert await asyncio.to_thread(read, 3) == [b"0", b"1", b"2"]
    assert await asyncio.to_thread(read, 2) == [b"3", b"4"]


async def test_confluent_goes_on_where_it_committed(broker: EmbeddedBroker) -> None:
    await produce(broker, 5)

    def read(count: int) -> list[bytes | None]:
        consumer = Consumer(
            {
                "bootstrap.servers": broker.bootstrap_servers,
                "group.id": GROUP,
                "auto.offset.reset": "earliest",
                "enable.auto.commit": False,
            }
        )
        consumer.subscribe([TOPIC])
        messages = consumer.consume(count, timeout=15)
        last = messages[-1].offset()
        assert last is not None
        consumer.commit(offsets=[ConfluentTopicPartition(TOPIC, 0, last + 1)], asynchronous=False)
        consumer.close()
        return [message.value() for message in messages]

    assert await asyncio.to_thread(read, 3) == [b"0", b"1", b"2"]
    assert await asyncio.to_thread(read, 2) == [b"3", b"4"]
