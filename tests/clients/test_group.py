"""One look at the group: what Kafka says, in our words."""

import time

import pytest
from aiokafka.errors import KafkaConnectionError

from tests.kafka_cluster import (
    Cluster,
    admin_of,
    connection_to,
    first_look,
    fresh_settings,
    joined,
    running,
    settled,
    until,
)
from tests.real_kafka import free_port
from tui.clients import topics
from tui.clients.connection import Connection
from tui.clients.group import Observer
from tui.settings import KafkaSettings, Settings


async def test_a_look_shows_members_assignments_and_offsets(cluster: Cluster) -> None:
    settings = fresh_settings(cluster, count=2)
    observer = Observer(connection_to(cluster), settings, time.time)
    try:
        async with running(settings) as session:
            await until(lambda: joined(session, 2))
            session.send("5", "sum", "2", times=8)
            await until(lambda: settled(session))
            await until(lambda: session.ledger.figures(time.time()).totals.lag == 0)
            look = (await observer.look(10.0)).group
            assert (look.state, look.assignor, look.brokers) == ("Stable", "roundrobin", 1)
            assert sorted(member.client_id for member in look.members) == ["client-0", "client-1"]
            assert sorted(p for member in look.members for p in member.partitions) == [0, 1, 2, 3]
            assert all(member.host and member.member_id.startswith(member.client_id) for member in look.members)
            assert [(place.committed, place.end) for place in look.partitions] == [(2, 2)] * 4
            assert all(place.leader is not None and place.oldest_waiting_at is None for place in look.partitions)
        empty = (await observer.look(10.0)).group
        assert (empty.state, empty.members) == ("Empty", ())
    finally:
        await observer.close()


async def test_what_waits_shows_since_when(cluster: Cluster) -> None:
    settings = fresh_settings(cluster, count=1)
    observer = Observer(connection_to(cluster), settings, time.time)
    try:
        async with running(settings) as session:
            await until(lambda: joined(session, 1))
            await until(lambda: session.ledger.figures(time.time()).totals.lag == 0)
            await session.pause_worker("client-0")
            before = time.time()
            session.send("5", "sum", "2", times=3, partition=2)
            await until(lambda: session.ledger.figures(time.time()).totals.lag == 3)
            for _ in range(2):
                waits = (await observer.look(10.0)).group.partitions[2]
                assert waits.oldest_waiting_at is not None
                assert before - 0.001 <= waits.oldest_waiting_at <= time.time()
            await session.resume_worker("client-0")
            await until(lambda: session.ledger.figures(time.time()).totals.lag == 0)
            assert (await observer.look(10.0)).group.partitions[2].oldest_waiting_at is None
    finally:
        await observer.close()


async def test_a_group_that_nobody_ever_joined_has_no_members(cluster: Cluster) -> None:
    settings = fresh_settings(cluster)
    async with admin_of(cluster) as admin:
        await topics.ensure(admin, topics.plans(settings.topics))
    observer = Observer(connection_to(cluster), settings, time.time)
    try:
        look = (await first_look(observer)).group
        assert (look.state, look.members) == ("Dead", ())
        assert [(place.committed, place.end) for place in look.partitions] == [(None, 0)] * 4
        assert await observer.members(10.0) == ()
    finally:
        await observer.close()


async def test_without_a_broker_a_look_fails_and_a_later_one_works(cluster: Cluster) -> None:
    address = f"127.0.0.1:{free_port()}"
    observer = Observer(Connection(KafkaSettings(bootstrap_servers=address), address), Settings(), time.time)
    with pytest.raises(KafkaConnectionError):
        await observer.look(5.0)
    await observer.close()
    settings = fresh_settings(cluster)
    observer = Observer(connection_to(cluster), settings, time.time)
    await first_look(observer)
    await cluster.stop()
    try:
        with pytest.raises((RuntimeError, OSError)):
            await observer.look(5.0)
    finally:
        await cluster.start()
    assert (await first_look(observer)).group.brokers == 1
    await observer.close()
