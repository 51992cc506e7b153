"""The causes of rebalances, provoked one after another: each is one entry of the timeline, and says what it was."""

import asyncio
import time
from collections.abc import Collection
from functools import partial
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener
from aiokafka.admin import NewPartitions
from aiokafka.structs import TopicPartition

from tests.kafka_cluster import (
    Cluster,
    EmbeddedCluster,
    EventLog,
    admin_of,
    connection_to,
    fresh_settings,
    joined,
    running,
    until,
)
from tui.broker.api import RequestContext
from tui.clients import connection
from tui.clients.connection import closed, started
from tui.clients.membership import Membership
from tui.events import GroupObserved
from tui.session import Session

HEARTBEAT = 12
SESSION_S = 6.0
"""The shortest that Apache Kafka allows."""


class Idle(ConsumerRebalanceListener):
    """A member of another process, which only takes part."""

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        """Nothing was in hand."""

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """Nothing is done with them."""


def causes(session: Session) -> list[str]:
    """What the timeline says, oldest first."""
    return [entry.cause for entry in reversed(session.ledger.figures(time.time()).rebalances)]


async def at_rest(session: Session, workers: int) -> int:
    """Wait until so many workers share the partitions and a look saw it; how many entries there are by then."""

    def seen() -> bool:
        figures = session.ledger.figures(time.time())
        here = [worker for worker in figures.workers if worker.member_id]
        return joined(session, workers) and figures.group_state == "Stable" and len(here) == workers

    await until(seen, within_s=40)
    return len(causes(session))


async def assert_one_more(session: Session, before: int, cause: str) -> None:
    """Wait for the entry after `before` ones, and see that no other one follows in three looks."""
    await until(lambda: len(causes(session)) > before, within_s=40)
    looked = session.ledger.figures(time.time()).age_s
    assert looked is not None
    until_s = time.monotonic() + 3.5
    await until(lambda: time.monotonic() > until_s)
    assert causes(session)[before:] == [cause]


async def test_a_killed_worker_is_lost_after_its_session_by_the_hand_of_who_killed_it(cluster: Cluster) -> None:
    async with running(fresh_settings(cluster, count=2, session_timeout_s=SESSION_S)) as session:
        before = await at_rest(session, 2)
        await session.kill_worker("client-1")
        await until(lambda: len(causes(session)) > before, within_s=40)
        cause = causes(session)[before]
        start, _, end = cause.partition("no heartbeat for ")
        silent, _, by_whom = end.partition(" s ")
        assert (start, by_whom) == ("client-1 lost: ", "(killed by you)")
        assert SESSION_S - 0.6 <= float(silent) <= SESSION_S + 4.0
        await assert_one_more(session, before, cause)


async def test_added_partitions_are_one_entry_when_the_group_shares_them(cluster: Cluster) -> None:
    settings = fresh_settings(cluster, count=2)
    async with running(settings) as session:
        before = await at_rest(session, 2)
        async with admin_of(cluster) as admin:
            await admin.create_partitions({settings.topics.requests: NewPartitions(8)})
        await assert_one_more(session, before, "partitions 4 → 8")


async def test_who_joins_leaves_and_restarts_is_named(cluster: Cluster) -> None:
    async with running(fresh_settings(cluster, count=2)) as session:
        before = await at_rest(session, 2)
        await session.add_worker()
        await assert_one_more(session, before, "client-2 joined")
        await session.stop_worker("client-2")
        await assert_one_more(session, before + 1, "client-2 left")
        await session.restart_worker("client-1")
        await assert_one_more(session, before + 2, "client-1 restarted")


async def test_a_member_of_another_process_goes_for_reasons_that_nobody_here_knows(cluster: Cluster) -> None:
    settings = fresh_settings(cluster, count=1)
    async with running(settings) as session:
        before = await at_rest(session, 1)
        member = connection_to(cluster).member("far-9", settings.workers)
        await started(member)
        try:
            member.subscribe([settings.topics.requests], listener=Idle())
            await assert_one_more(session, before, "far-9 joined")
        finally:
            await closed(member, 2.0)
        await assert_one_more(session, before + 1, "far-9 gone: unknown (foreign member)")


async def test_a_worker_that_nobody_reads_for_is_late_with_its_poll(
    embedded: EmbeddedCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own client leaves then, after max.poll.interval.ms; kcalc reads so often that it takes some doing."""

    async def watch_nothing(membership: Membership) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(Membership, "_watch", watch_nothing)
    monkeypatch.setattr(connection, "AIOKafkaConsumer", partial(AIOKafkaConsumer, max_poll_interval_ms=1_500))
    async with running(fresh_settings(embedded, count=1)) as session:
        before = await at_rest(session, 1)
        await session.pause_worker("client-0")
        await until(lambda: len(causes(session)) > before)
        assert causes(session)[before].startswith("client-0 left: poll too late (after ")


class Unheard:
    """Keeps all heartbeats of client-0 from the coordinator until `over`."""

    def __init__(self) -> None:
        self.over = asyncio.Event()

    async def __call__(self, context: RequestContext, api_key: int, request: Any) -> None:
        if context.client_id == "client-0" and api_key == HEARTBEAT:
            await self.over.wait()


async def test_a_worker_that_the_group_gave_up_says_for_how_long_it_was_not_heard(embedded: EmbeddedCluster) -> None:
    unheard, events = Unheard(), EventLog()
    async with running(fresh_settings(embedded, count=2, session_timeout_s=SESSION_S), on_event=events) as session:
        before = await at_rest(session, 2)
        embedded.broker.hooks.append(unheard)
        await until(lambda: len(events.of(GroupObserved)[-1].members) == 1)
        unheard.over.set()
        await until(lambda: len(causes(session)) > before)
        start, _, end = causes(session)[before].partition("no heartbeat for ")
        assert start == "client-0 lost: "
        assert SESSION_S <= float(end.split(" s")[0]) < SESSION_S + 6.0
