"""Admin clients see, alter and delete groups."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from confluent_kafka import ConsumerGroupTopicPartitions, KafkaException
from confluent_kafka import TopicPartition as ConfluentTopicPartition
from confluent_kafka.admin import AdminClient
from kafka import KafkaAdminClient

from tests.broker.groups.conftest import PARTITIONS, TOPIC
from tests.broker.groups.members import AiokafkaMember, running
from tests.broker.groups.wire import eventually
from tui.broker import EmbeddedBroker
from tui.broker.groups.group import Group

GROUP = "kcalc"


def group_of(broker: EmbeddedBroker) -> Group:
    group = broker.broker.groups.get(GROUP)
    assert group is not None
    return group


async def test_kafka_pythons_admin_sees_and_deletes_groups(broker: EmbeddedBroker) -> None:
    def administer(expect_members: int) -> Any:
        admin = KafkaAdminClient(bootstrap_servers=broker.bootstrap_servers)
        try:
            listed = [each["group_id"] for each in admin.list_groups()]
            described = admin.describe_groups([GROUP])[GROUP]
            assert len(described["members"]) == expect_members
            offsets = admin.list_group_offsets([GROUP])
            deleted = admin.delete_groups([GROUP])
            return listed, described["group_state"], offsets, deleted
        finally:
            admin.close()

    member = AiokafkaMember(broker.bootstrap_servers, GROUP)
    async with running(member):
        await eventually(lambda: len(member.assigned) == PARTITIONS, "assigned")
        await member.consumer.commit({TopicPartition(TOPIC, 0): 0})
        listed, state, _, deleted = await asyncio.to_thread(administer, 1)
        assert (listed, state) == ([GROUP], "Stable")
        assert "NonEmpty" in str(deleted)
    _, state, offsets, deleted = await asyncio.to_thread(administer, 0)
    assert state == "Empty"
    assert TOPIC in str(offsets)
    assert broker.broker.groups.get(GROUP) is None, deleted


async def test_aiokafkas_admin_sees_groups_and_their_offsets(broker: EmbeddedBroker) -> None:
    consumer = AIOKafkaConsumer(bootstrap_servers=broker.bootstrap_servers, group_id=GROUP)
    consumer.assign([TopicPartition(TOPIC, 3)])
    await consumer.start()
    try:
        await consumer.commit({TopicPartition(TOPIC, 3): 17})
    finally:
        await consumer.stop()
    admin: Any = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap_servers)
    await admin.start()
    try:
        assert [each[0] for each in await admin.list_consumer_groups()] == [GROUP]
        described = await admin.describe_consumer_groups([GROUP])
        assert described[0].groups[0][2] == "Empty"
        offsets = await admin.list_consumer_group_offsets(GROUP)
    finally:
        await admin.close()
    assert {(each.partition, found.offset) for each, found in offsets.items()} == {(3, 17)}


async def test_confluents_admin_describes_alters_and_deletes_groups(broker: EmbeddedBroker) -> None:
    admin = AdminClient({"bootstrap.servers": broker.bootstrap_servers})

    def alter(offset: int) -> None:
        where = [ConfluentTopicPartition(TOPIC, 1, offset)]
        wish = [ConsumerGroupTopicPartitions(GROUP, where)]
        admin.alter_consumer_group_offsets(wish)[GROUP].result(10)

    def describe() -> Any:
        return admin.describe_consumer_groups([GROUP], request_timeout=10)[GROUP].result(10)

    def delete() -> None:
        admin.delete_consumer_groups([GROUP], request_timeout=10)[GROUP].result(10)

    await asyncio.to_thread(alter, 23)
    committed = group_of(broker).offsets.get(TOPIC, 1)
    assert committed is not None
    assert committed.offset == 23
    member = AiokafkaMember(broker.bootstrap_servers, GROUP)
    async with running(member):
        await eventually(lambda: len(member.assigned) == PARTITIONS, "assigned")
        described = await asyncio.to_thread(describe)
        assert described.state.name == "STABLE"
        assert len(described.members[0].assignment.topic_partitions) == PARTITIONS
        with pytest.raises(KafkaException, match=r"not empty|NON_EMPTY"):
            await asyncio.to_thread(delete)
    await asyncio.to_thread(delete)
    assert broker.broker.groups.get(GROUP) is None
