"""The cluster as it is described, and changes of its topics: the same on every broker."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from functools import partial

import pytest
from msgspec.structs import replace

from tests.kafka_cluster import (
    ApacheCluster,
    Cluster,
    ReplicatedCluster,
    admin_of,
    connection_to,
    fresh_settings,
    joined,
    running,
    until,
)
from tests.real_kafka import RealKafka, free_port
from tui.clients import topics
from tui.clients.cluster import Cluster as LookedAt
from tui.clients.connection import Connection
from tui.clients.described import ClusterDescription, GroupDescription, TopicInCluster
from tui.clients.refusals import ClusterRefused
from tui.settings import KafkaSettings, Settings

WITHIN_S = 10.0


@pytest.fixture
def settings(cluster: Cluster) -> Settings:
    """Settings with topics and a group of this test."""
    return fresh_settings(cluster, count=2)


@pytest.fixture
async def looked_at(cluster: Cluster, settings: Settings) -> AsyncIterator[LookedAt]:
    """The cluster with kcalc's three topics."""
    async with admin_of(cluster) as admin:
        await topics.ensure(admin, topics.plans(settings.topics))
    found = LookedAt(connection_to(cluster), settings, time.time)
    yield found
    await found.close()


def topic(described: ClusterDescription, name: str) -> TopicInCluster:
    """The topic of that name."""
    (found,) = [each for each in described.topics if each.name == name]
    return found


def names(described: ClusterDescription) -> set[str]:
    """Those of the topics."""
    return {each.name for each in described.topics}


def group(described: ClusterDescription, name: str) -> GroupDescription | None:
    """The group of that name, None if there is none."""
    return next((each for each in described.groups if each.name == name), None)


async def test_a_look_finds_brokers_topics_groups_and_members(
    cluster: Cluster, settings: Settings, looked_at: LookedAt
) -> None:
    async with running(settings) as session:
        await until(lambda: joined(session, 2))
        session.send("5", "sum", "2", times=8)
        await until(lambda: session.ledger.accounting().done == 8)
        described = await looked_at.describe(WITHIN_S)
    (broker,) = described.brokers
    assert f"{broker.host}:{broker.port}" == cluster.bootstrap_servers
    assert (broker.id, broker.controller, broker.rack) == (described.controller, True, None)
    assert [each.used_for for each in described.topics[:3]] == ["requests", "results", "dead letters"]
    requests = topic(described, settings.topics.requests)
    assert (requests.partitions, requests.replication, requests.in_sync) == (4, 1, 1)
    assert (requests.under_replicated, requests.leaderless, requests.internal) == (0, 0, False)
    assert requests.size_bytes is not None
    assert requests.size_bytes > 8 * 50
    assert topic(described, settings.topics.dead_letters).size_bytes == 0
    found = group(described, settings.workers.group)
    assert found is not None
    assert (found.state, found.kind, found.new_protocol, found.trouble) == ("Stable", "consumer", False, "")
    assert found.members is not None
    assert [member.client_id for member in found.members] == ["client-0", "client-1"]
    assert sorted(p for member in found.members for _, places in member.partitions for p in places) == [0, 1, 2, 3]
    assert {name for member in found.members for name, _ in member.partitions} == {settings.topics.requests}
    troubles = (described.sizes_trouble, described.groups_trouble, described.permissions_trouble, described.missing)
    assert troubles == ("", "", "", ())


async def test_a_new_topic_can_be_used_at_once_and_a_second_one_of_its_name_is_refused(looked_at: LookedAt) -> None:
    name = f"t{uuid.uuid4().hex[:8]}.orders"
    await looked_at.create_topic(name, 3, 1)
    assert topic(await looked_at.describe(WITHIN_S), name).partitions == 3
    with pytest.raises(ClusterRefused, match=f"topic {name} exists already, with 3 partitions"):
        await looked_at.create_topic(name, 3, 1)
    with pytest.raises(ClusterRefused, match="not a possible replication"):
        await looked_at.create_topic(f"{name}.more", 1, 3)
    with pytest.raises(ClusterRefused, match="not a possible name"):
        await looked_at.create_topic("no/name", 1, 1)


async def test_partitions_are_added_and_never_taken_away(looked_at: LookedAt, settings: Settings) -> None:
    name = settings.topics.requests
    await looked_at.add_partitions(name, 6)
    assert topic(await looked_at.describe(WITHIN_S), name).partitions == 6
    with pytest.raises(ClusterRefused, match=f"topic {name} has 6 partitions, and none can be taken away"):
        await looked_at.add_partitions(name, 4)
    with pytest.raises(ClusterRefused, match="there is no topic nobody"):
        await looked_at.add_partitions("nobody", 4)


async def test_added_partitions_of_the_requests_are_taken_by_the_workers(
    looked_at: LookedAt, settings: Settings
) -> None:
    async with running(settings) as session:
        await until(lambda: joined(session, 2))
        assert session.cluster is not None
        await session.cluster.add_partitions(settings.topics.requests, 8)
        await until(lambda: len(session.ledger.figures(time.time()).partitions) == 8)
        await until(lambda: joined(session, 2))
        for partition in range(8):
            session.send("1", "sum", "1", partition=partition)
        await until(lambda: session.ledger.accounting().done == 8)
        await until(lambda: session.ledger.figures(time.time()).rebalances)


async def test_only_topics_of_kcalc_are_deleted(looked_at: LookedAt, settings: Settings, cluster: Cluster) -> None:
    other = f"t{uuid.uuid4().hex[:8]}.orders"
    await looked_at.create_topic(other, 1, 1)
    with pytest.raises(ClusterRefused, match=f"{other} is none of kcalc's topics"):
        await looked_at.delete_topic(other)
    await looked_at.delete_topic(settings.topics.dead_letters)
    async with asyncio.timeout(WITHIN_S):  # a real broker may name it for a moment
        names = [settings.topics.dead_letters]
        while settings.topics.dead_letters in names:
            names = [each.name for each in (await looked_at.describe(WITHIN_S)).topics]
    assert other in names
    with pytest.raises(ClusterRefused, match="the topic does not exist"):
        await looked_at.delete_topic(settings.topics.dead_letters)


async def test_without_a_broker_it_says_what_to_do_and_a_later_look_works(cluster: Cluster, settings: Settings) -> None:
    address = f"127.0.0.1:{free_port()}"
    nowhere = LookedAt(Connection(KafkaSettings(bootstrap_servers=address), address), settings, time.time)
    with pytest.raises(ClusterRefused, match=f"no broker answers at {address}"):
        await nowhere.describe(WITHIN_S)
    with pytest.raises(ClusterRefused, match=f"no broker answers at {address}"):
        await nowhere.create_topic("orders", 1, 1)
    found = LookedAt(connection_to(cluster), settings, time.time)
    await found.describe(WITHIN_S)
    await cluster.stop()
    try:
        with pytest.raises(ClusterRefused, match="no broker answers"):
            await found.describe(5.0)
    finally:
        await cluster.start()
    for _ in range(50):
        try:
            await found.describe(WITHIN_S)
            break
        except ClusterRefused:
            await asyncio.sleep(0.1)
    else:
        pytest.fail("no look works after the broker is back")
    await found.close()


@pytest.mark.timeout(150)
async def test_a_group_of_the_new_protocol_is_named_as_such_with_its_members(real_kafka: RealKafka) -> None:
    from confluent_kafka import Consumer

    cluster = ApacheCluster(real_kafka)
    settings = fresh_settings(cluster)
    looked_at = LookedAt(connection_to(cluster), settings, time.time)
    await looked_at.create_topic(settings.topics.requests, 4, 1)
    member = Consumer(
        {
            "bootstrap.servers": cluster.bootstrap_servers,
            "group.id": f"{settings.workers.group}-new",
            "group.protocol": "consumer",
            "client.id": "newcomer",
            "log_level": 0,
        }
    )
    try:
        member.subscribe([settings.topics.requests])
        async with asyncio.timeout(30.0):
            while len(member.assignment()) < 4:
                await asyncio.to_thread(member.poll, 0.1)
        found = group(await looked_at.describe(WITHIN_S), f"{settings.workers.group}-new")
        assert found is not None
        assert (found.new_protocol, found.kind, found.state, found.trouble) == (True, "consumer", "Stable", "")
        assert found.members is not None
        assert [(each.client_id, each.partitions) for each in found.members] == [
            ("newcomer", ((settings.topics.requests, (0, 1, 2, 3)),))
        ]
    finally:
        await asyncio.to_thread(member.close)
        await looked_at.close()


async def first_look(looked_at: LookedAt, wanted: Callable[[ClusterDescription], bool]) -> ClusterDescription:
    """The first look at which it is as wanted: three busy nodes take a while to settle."""
    deadline = time.monotonic() + 60.0
    while True:
        with suppress(ClusterRefused):
            if wanted(described := await looked_at.describe(WITHIN_S)):
                return described
        assert time.monotonic() < deadline
        await asyncio.sleep(0.2)


@pytest.mark.timeout(360)
async def test_one_frozen_broker_does_not_take_the_others_with_it(three_nodes: ReplicatedCluster) -> None:
    settings = fresh_settings(three_nodes)
    settings = replace(settings, topics=replace(settings.topics, replication=3, partitions=3))
    other = f"{settings.topics.requests}.other"
    looked_at = LookedAt(connection_to(three_nodes), settings, time.time)

    def is_whole(found: ClusterDescription) -> bool:
        known = len(found.brokers) == 3 and found.controller is not None and {*settings.topics.uses} <= names(found)
        return known and not found.sizes_trouble and topic(found, settings.topics.requests).in_sync == 3

    def is_all_but(frozen: int, controller: int | None, found: ClusterDescription) -> bool:
        others = [node.id for node in found.brokers if node.id != frozen]
        troubled = [node for node in others if f"broker {node}: " in found.sizes_trouble + found.groups_trouble]
        # Else it is known by now that it is gone.
        told = len(others) == len(found.brokers) or f"broker {frozen}: " in found.sizes_trouble
        known = len(others) == 2 and found.controller == controller and {*settings.topics.uses, other} <= names(found)
        return known and told and not troubled

    try:
        for name in settings.topics.uses:
            await looked_at.create_topic(name, 3, 3)
        await looked_at.create_topic(other, 3, 1)
        whole = await first_look(looked_at, is_whole)
        frozen = next(node.id for node in whole.brokers if not node.controller)
        await asyncio.to_thread(three_nodes.nodes.freeze, frozen)
        await first_look(looked_at, partial(is_all_but, frozen, whole.controller))
    finally:
        await asyncio.to_thread(three_nodes.nodes.heal)
        await looked_at.close()
