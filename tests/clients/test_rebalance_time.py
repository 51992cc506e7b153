"""A rebalance may take longer than any request; a coordinator that stands still is noticed long before that."""

import asyncio
from collections.abc import Collection
from typing import Any

import pytest
from aiokafka import ConsumerRebalanceListener
from aiokafka.structs import TopicPartition
from msgspec.structs import replace

from tests.kafka_cluster import (
    Cluster,
    EmbeddedCluster,
    EventLog,
    ReplicatedCluster,
    admin_of,
    connection_to,
    fresh_settings,
    joined,
    running,
    settled,
    until,
)
from tui.broker.api import RequestContext
from tui.clients import topics
from tui.clients.connection import closed, started
from tui.clients.membership import generation
from tui.events import PartitionsAssigned

FIND_COORDINATOR, HEARTBEAT = 10, 12
RESENT = "Error sending JoinGroupRequest"  # how aiokafka says that the time was up


class SlowToLeave(ConsumerRebalanceListener):
    """A member that lets every rebalance wait until it is `free`."""

    def __init__(self) -> None:
        self.assigned: list[int] = []
        self.free = asyncio.Event()

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        if revoked:
            await self.free.wait()

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        self.assigned.append(len(assigned))


async def test_a_rebalance_longer_than_a_request_is_one_rebalance(
    cluster: Cluster, caplog: pytest.LogCaptureFixture
) -> None:
    settings = fresh_settings(cluster, count=1)
    settings = replace(settings, kafka=replace(settings.kafka, request_timeout_s=0.8))
    async with admin_of(cluster) as admin:
        await topics.ensure(admin, topics.plans(settings.topics))
    slow, member = SlowToLeave(), connection_to(cluster).member("slow", settings.workers)
    await started(member)
    try:
        member.subscribe([settings.topics.requests], listener=slow)
        await until(lambda: slow.assigned == [4])
        before, events = generation(member), EventLog()
        async with running(settings, on_event=events) as session:
            await until(lambda: caplog.text.count(RESENT) >= 3)
            assert not events.of(PartitionsAssigned)
            slow.free.set()
            await until(lambda: joined(session, 2))
            (taken,) = events.of(PartitionsAssigned)
            assert (taken.generation, len(taken.offsets)) == (before + 1, 2)
            assert slow.assigned == [4, 2]
    finally:
        slow.free.set()
        await closed(member, 1.0)


class Unheard:
    """Leaves the heartbeats of the group without an answer, and writes down who asks for the coordinator."""

    def __init__(self) -> None:
        self.lookups = 0
        self.heard = asyncio.Event()
        self.over = asyncio.Event()

    async def __call__(self, context: RequestContext, api_key: int, request: Any) -> None:
        if context.client_id != "client-0":
            return
        if api_key == FIND_COORDINATOR:
            self.lookups += 1
        elif api_key == HEARTBEAT:
            self.heard.set()
            await self.over.wait()


async def test_an_unanswered_heartbeat_is_given_up_before_the_session_is_over(embedded: EmbeddedCluster) -> None:
    unheard = Unheard()
    async with running(fresh_settings(embedded, count=1, session_timeout_s=6.0)) as session:
        await until(lambda: joined(session, 1))
        embedded.broker.hooks.append(unheard)
        await until(unheard.heard.is_set)
        before = unheard.lookups
        try:
            await until(lambda: unheard.lookups > before, within_s=5.0)
        finally:
            unheard.over.set()


@pytest.mark.timeout(300)
async def test_a_frozen_coordinator_does_not_keep_the_partitions_of_a_worker_that_left(
    three_nodes: ReplicatedCluster,
) -> None:
    settings = fresh_settings(three_nodes, count=3, session_timeout_s=6.0)
    settings = replace(settings, topics=replace(settings.topics, replication=3))
    async with running(settings) as session:
        await until(lambda: joined(session, 3), within_s=60)
        async with admin_of(three_nodes) as admin:
            coordinator = await admin.find_coordinator(settings.workers.group)
        three_nodes.nodes.freeze(coordinator)
        try:
            await session.stop_worker("client-0")
            session.send("5", "sum", "2", times=100)
            # 3 s until there is another coordinator, then the session of who left, and 10 s of a sender's request.
            await until(lambda: settled(session), within_s=38.0)
        finally:
            three_nodes.nodes.thaw(coordinator)
