"""What a look at the group says where there is no number to say, or none that means what it usually does."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeAlias, TypeVar

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from tests.kafka_cluster import (
    WITHIN_S,
    ApacheCluster,
    Cluster,
    admin_of,
    connection_to,
    first_look,
    fresh_settings,
    joined,
    running,
    until,
)
from tests.real_kafka import RealKafka
from tui.clients import topics
from tui.clients.group import Observer
from tui.events import GroupObserved
from tui.group import PartitionOffsets
from tui.ledger.partitions import lag_of
from tui.settings import Settings

T = TypeVar("T")
Look: TypeAlias = Callable[[], Coroutine[Any, Any, GroupObserved]]

REQUEST = b'{"operator_1": "5", "operator_2": "2", "operation": "sum"}'


@asynccontextmanager
async def observed_topic(cluster: Cluster) -> AsyncIterator[tuple[Settings, Look]]:
    """Settings whose topics exist, and a function that looks at the group."""
    settings = fresh_settings(cluster, count=1)
    async with admin_of(cluster) as admin:
        await topics.ensure(admin, topics.plans(settings.topics))
    observer = Observer(connection_to(cluster), settings, time.time)

    async def look() -> GroupObserved:
        return (await first_look(observer)).group

    try:
        yield settings, look
    finally:
        await observer.close()


async def look_until(look: Look, condition: Callable[[GroupObserved], bool]) -> GroupObserved:
    """The first look of which `condition` holds."""
    async with asyncio.timeout(WITHIN_S):
        while not condition(group := await look()):
            pass
    return group


async def aside(work: Callable[[], T]) -> T:
    """In a thread: the embedded broker needs the event loop to answer."""
    return await asyncio.to_thread(work)


def send(settings: Settings, count: int) -> None:
    """Requests of another program, in partition 0."""
    producer = Producer({"bootstrap.servers": settings.kafka.bootstrap_servers})
    for _ in range(count):
        producer.produce(settings.topics.requests, REQUEST, partition=0)
    assert producer.flush(WITHIN_S) == 0


def send_in_transaction(settings: Settings, count: int, end: Callable[[Producer], None]) -> None:
    """Requests of another program in one transaction, which `end` commits or aborts."""
    producer = Producer(
        {"bootstrap.servers": settings.kafka.bootstrap_servers, "transactional.id": f"{settings.workers.group}-other"}
    )
    producer.init_transactions(WITHIN_S)
    producer.begin_transaction()
    for _ in range(count):
        producer.produce(settings.topics.requests, REQUEST, partition=0)
    producer.flush(WITHIN_S)
    end(producer)


def commit(settings: Settings, offset: int) -> None:
    """Let the group have read partition 0 up to `offset`."""
    consumer = Consumer({"bootstrap.servers": settings.kafka.bootstrap_servers, "group.id": settings.workers.group})
    try:
        consumer.commit(offsets=[TopicPartition(settings.topics.requests, 0, offset)], asynchronous=False)
    finally:
        consumer.close()


def delete_records(settings: Settings, before: int) -> None:
    """Let the log of partition 0 begin at `before`."""
    admin = AdminClient({"bootstrap.servers": settings.kafka.bootstrap_servers})
    place = TopicPartition(settings.topics.requests, 0, before)
    for future in admin.delete_records([place]).values():
        future.result(WITHIN_S)


def first(group: GroupObserved) -> tuple[int | None, int, int | None, bool]:
    """Of partition 0: committed, end, lag, and whether the age of the oldest one is known."""
    place: PartitionOffsets = group.partitions[0]
    return place.committed, place.end, lag_of(place), place.oldest_waiting_at is not None


async def test_where_nothing_was_committed_all_there_is_waits(cluster: Cluster) -> None:
    async with observed_topic(cluster) as (settings, look):
        assert first(await look()) == (None, 0, 0, False)
        await aside(lambda: send(settings, 3))
        assert first(await look()) == (None, 3, 3, True)


async def test_the_end_of_a_transaction_is_nothing_that_waits(cluster: Cluster) -> None:
    async with observed_topic(cluster) as (settings, look):
        await aside(lambda: send_in_transaction(settings, 2, lambda producer: producer.commit_transaction(WITHIN_S)))
        assert first(await look()) == (None, 3, 3, True)
        await aside(lambda: commit(settings, 2))
        assert first(await look()) == (2, 3, 0, False)
        assert first(await look()) == (2, 3, 0, False)
        await aside(lambda: send(settings, 1))
        assert first(await look()) == (2, 4, 2, True)


async def test_what_was_written_in_an_aborted_transaction_does_not_wait(cluster: Cluster) -> None:
    async with observed_topic(cluster) as (settings, look):
        await aside(lambda: commit(settings, 0))
        await aside(lambda: send_in_transaction(settings, 2, lambda producer: producer.abort_transaction(WITHIN_S)))
        assert first(await look()) == (0, 3, 0, False)


async def test_the_lag_of_a_worker_that_read_transactions_goes_to_nothing(cluster: Cluster) -> None:
    async with observed_topic(cluster) as (settings, _), running(settings) as session:
        await until(lambda: joined(session, 1))
        await aside(lambda: send_in_transaction(settings, 5, lambda producer: producer.commit_transaction(WITHIN_S)))
        await until(lambda: session.ledger.accounting().others_done == 5)
        await until(lambda: [row.end for row in session.ledger.figures(time.time()).partitions] == [6, 0, 0, 0])
        await until(lambda: session.ledger.figures(time.time()).totals.lag == 0)


async def test_what_was_deleted_unread_does_not_wait_and_is_told(cluster: Cluster) -> None:
    async with observed_topic(cluster) as (settings, look):
        await aside(lambda: send(settings, 9))
        await aside(lambda: commit(settings, 2))
        await aside(lambda: delete_records(settings, 6))
        group = await look()
        assert first(group) == (2, 9, 3, True)
        assert (group.partitions[0].begin, group.partitions[0].waiting_from) == (6, 6)


async def test_where_the_committed_offset_lies_beyond_the_end_nobody_can_say_what_waits(cluster: Cluster) -> None:
    async with observed_topic(cluster) as (settings, look):
        await aside(lambda: send(settings, 3))
        await aside(lambda: commit(settings, 120))
        assert first(await look()) == (120, 3, None, False)


async def test_of_a_topic_that_was_deleted_nothing_is_said(cluster: Cluster) -> None:
    async with observed_topic(cluster) as (settings, look):
        await aside(lambda: send(settings, 3))
        assert len((await look()).partitions) == 4
        async with admin_of(cluster) as admin:
            await topics.delete(admin, [settings.topics.requests])
        assert (await look_until(look, lambda group: not group.partitions)).partitions == ()


@contextmanager
def new_member(settings: Settings) -> Iterator[Consumer]:
    """A member of the group that speaks the protocol of KIP-848, once it has partitions."""
    consumer = Consumer(
        {
            "bootstrap.servers": settings.kafka.bootstrap_servers,
            "group.id": settings.workers.group,
            "group.protocol": "consumer",
            "client.id": "newcomer",
        }
    )
    consumer.subscribe([settings.topics.requests])
    try:
        deadline = time.monotonic() + WITHIN_S
        while len(consumer.assignment()) < 4:
            assert time.monotonic() < deadline, "it got no partitions"
            consumer.poll(0.1)
        yield consumer
    finally:
        consumer.close()


@pytest.mark.timeout(360)
async def test_a_group_of_the_new_protocol_is_described_as_what_it_is(real_kafka: RealKafka) -> None:
    async with observed_topic(ApacheCluster(real_kafka)) as (settings, look):
        with new_member(settings):
            group = await look()
            assert (group.new_protocol, group.state, group.assignor) == (True, "Stable", "uniform")
            assert [(member.client_id, member.partitions) for member in group.members] == [("newcomer", (0, 1, 2, 3))]
        left = await look()
        assert (left.new_protocol, left.state, left.members) == (True, "Empty", ())


@pytest.mark.timeout(360)
async def test_a_worker_joins_a_group_of_the_new_protocol_beside_its_members(real_kafka: RealKafka) -> None:
    async with observed_topic(ApacheCluster(real_kafka)) as (settings, look):
        with new_member(settings) as newcomer:
            async with running(settings) as session:
                names = {"newcomer", "client-0"}

                def shared(group: GroupObserved) -> bool:
                    newcomer.poll(0.0)
                    return {member.client_id for member in group.members if member.partitions} == names

                group = await look_until(look, shared)
                assert group.new_protocol
                assert sorted(p for member in group.members for p in member.partitions) == [0, 1, 2, 3]
                await until(lambda: session.ledger.figures(time.time()).new_protocol)
