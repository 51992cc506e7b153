"""A coordinator that stood still while another took its place tells offsets of the past. It must not be believed."""

import asyncio
import dataclasses
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiokafka.client import CoordinationType
from aiokafka.errors import KafkaError, NotCoordinatorError
from aiokafka.protocol.transaction import TxnOffsetCommitRequest
from aiokafka.structs import TopicPartition
from confluent_kafka import Consumer, KafkaException
from confluent_kafka import TopicPartition as OfPartition
from msgspec.structs import replace

from tests.clients.committed import committed_offsets
from tests.kafka_cluster import Cluster, ReplicatedCluster, admin_of, connection_to, fresh_settings
from tui.clients import topics
from tui.clients.aiokafka_types import Producer
from tui.clients.connection import closed, started
from tui.clients.group_offset import CoordinatorMoved, GroupOffset
from tui.clients.unanswered import errors_seen
from tui.settings import Settings

LONG_S = 60.0  # a broker stands still for less


async def producer_of(cluster: Cluster, settings: Settings) -> Producer:
    """A started producer for partition 0, and its topics."""
    async with admin_of(cluster) as admin:
        await topics.ensure(admin, topics.plans(settings.topics))
    kafka = connection_to(cluster)
    patient = dataclasses.replace(kafka, settings=replace(kafka.settings, request_timeout_s=LONG_S))
    producer = patient.producer("w", transactional_id=f"{settings.workers.group}-0")
    await started(producer)
    return producer


async def commit(producer: Producer, settings: Settings, offset: int) -> None:
    """Commit partition 0 in a transaction."""
    await producer.begin_transaction()
    await producer.send_offsets_to_transaction({place(settings): offset}, settings.workers.group)
    await producer.commit_transaction()


def place(settings: Settings) -> TopicPartition:
    """The partition that these tests are about."""
    return TopicPartition(settings.topics.requests, 0)


async def test_the_committed_offset_is_read_and_may_be_committed_again(cluster: Cluster) -> None:
    settings = fresh_settings(cluster)
    producer = await producer_of(cluster, settings)
    assert await GroupOffset(producer, settings.workers.group).read(place(settings)) is None
    await commit(producer, settings, 5)
    await closed(producer, 1.0)
    successor = await producer_of(cluster, settings)
    assert await GroupOffset(successor, settings.workers.group).read(place(settings)) == 5
    await commit(successor, settings, 6)
    await commit(successor, settings, 7)
    await closed(successor, 1.0)
    assert await committed_offsets(cluster, settings.workers.group, settings.topics.requests) == {0: 7}


async def assert_it_cannot_commit(producer: Producer, settings: Settings) -> None:
    """Nothing is committed by the producer, which is of no use any more."""
    with pytest.raises(KafkaError) as failed:
        await commit(producer, settings, 1)
    assert isinstance(failed.value.__cause__, CoordinatorMoved)
    await closed(producer, 1.0)
    errors_seen(producer)


def refusing_commits(producer: Producer) -> None:
    """The coordinator answers like one that has lost its place: it reads, but it cannot write."""
    really = producer.client.send

    async def send(node_id: int, request: object, **options: Any) -> Any:
        answer = await really(node_id, request, **options)
        if isinstance(request, TxnOffsetCommitRequest):
            answer.errors = [(topic, [(0, NotCoordinatorError.errno)]) for topic, _ in answer.errors]
        return answer

    producer.client.send = send


def moving_on(producer: Producer) -> None:
    """The first to be asked for the coordinator says that it is broker 77, all others know better."""
    client = producer.client
    really, look_up, said = client.send, client.coordinator_lookup, iter([77])

    async def send(node_id: int, request: object, **options: Any) -> Any:
        of_group = node_id == 77
        return await really(await look_up(CoordinationType.GROUP, "any") if of_group else node_id, request, **options)

    async def coordinator_lookup(kind: CoordinationType, key: str) -> int:
        known: int = await look_up(kind, key)
        return next(said, known) if kind == CoordinationType.GROUP else known

    client.send, client.coordinator_lookup = send, coordinator_lookup


@pytest.mark.parametrize("becomes", [refusing_commits, moving_on])
async def test_an_offset_of_a_broker_that_does_not_commit_it_is_not_used(
    cluster: Cluster, becomes: Callable[[Producer], None]
) -> None:
    settings = fresh_settings(cluster)
    producer = await producer_of(cluster, settings)
    becomes(producer)
    assert await GroupOffset(producer, settings.workers.group).read(place(settings)) is None
    await assert_it_cannot_commit(producer, settings)
    await closed(await producer_of(cluster, settings), 1.0)  # ends the transaction
    assert await committed_offsets(cluster, settings.workers.group, settings.topics.requests) == {}


@pytest.mark.timeout(300)
async def test_what_a_woken_coordinator_remembers_is_not_used(three_nodes: ReplicatedCluster) -> None:
    """Only on real Kafka: the embedded broker is one node, so no other can take the coordinator's place."""
    settings = fresh_settings(three_nodes)
    settings = replace(settings, topics=replace(settings.topics, replication=3))
    nodes, group = three_nodes.nodes, settings.workers.group
    producer = await producer_of(three_nodes, settings)
    await asyncio.to_thread(commit_from_outside, three_nodes.bootstrap_servers, settings, 1)
    sleeper: int = await producer.client.coordinator_lookup(CoordinationType.GROUP, group)
    offset = GroupOffset(producer, group)
    assert await offset.read(place(settings)) == 1  # and there is a connection

    await asyncio.to_thread(nodes.freeze, sleeper)
    await asyncio.to_thread(commit_from_outside, three_nodes.bootstrap_servers, settings, 2)
    look_up, producer.client.coordinator_lookup = producer.client.coordinator_lookup, believing(sleeper)
    reading = asyncio.create_task(offset.read(place(settings)))
    await asyncio.sleep(0)
    await asyncio.to_thread(nodes.thaw, sleeper)
    assert await reading == 1, "a coordinator that wakes knows that it is none: then GroupOffset has no reason any more"

    producer.client.coordinator_lookup = look_up
    await assert_it_cannot_commit(producer, settings)
    await asyncio.to_thread(nodes.heal)
    assert await committed_offsets(three_nodes, group, settings.topics.requests) == {0: 2}


def believing(node_id: int) -> Callable[..., Awaitable[int]]:
    """A look-up of the coordinator by somebody who has not heard of the new one."""

    async def coordinator_lookup(*_: object) -> int:
        return node_id

    return coordinator_lookup


def commit_from_outside(bootstrap_servers: str, settings: Settings, offset: int) -> None:
    """Commit partition 0 as soon as the group has a coordinator that can."""
    consumer = Consumer({"bootstrap.servers": bootstrap_servers, "group.id": settings.workers.group, "log_level": 0})
    deadline = time.monotonic() + LONG_S
    try:
        while True:
            try:
                place = OfPartition(settings.topics.requests, 0, offset)
                consumer.commit(offsets=[place], asynchronous=False)
            except KafkaException as error:
                if time.monotonic() > deadline:
                    raise TimeoutError(f"no coordinator within {LONG_S:.0f} s") from error
            else:
                return
    finally:
        consumer.close()
