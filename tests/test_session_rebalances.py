"""The causes of rebalances, provoked one after another: each is one entry of the timeline, and says what it was."""

import asyncio
import time
from collections.abc import Collection
from functools import partial
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener
from aiokafka.admin import NewPartitions
from aiokafka.protocol.group import HeartbeatRequest
from aiokafka.structs import TopicPartition

from tests.kafka_cluster import (
    Cluster,
    EventLog,
    admin_of,
    connection_to,
    fresh_settings,
    joined,
    running,
    settled,
    until,
)
from tui.clients import connection
from tui.clients.commits import Commits
from tui.clients.connection import closed, started
from tui.clients.heartbeats import hurry
from tui.clients.membership import Membership
from tui.clients.pulse import Pulse
from tui.events import GroupObserved
from tui.ledger.figures import Handover, Rebalance
from tui.session import Session

SESSION_S = 6.0
"""The shortest that Apache Kafka allows."""


class Idle(ConsumerRebalanceListener):
    """A member of another process, which only takes part."""

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        """Nothing was in hand."""

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """Nothing is done with them."""


def entries(session: Session) -> list[Rebalance]:
    """The timeline, oldest first."""
    return [*reversed(session.ledger.figures(time.time()).rebalances)]


def causes(session: Session) -> list[str]:
    """What the timeline says, oldest first."""
    return [entry.cause for entry in entries(session)]


def owned(session: Session) -> dict[str, tuple[int, ...]]:
    """Whose partitions are which."""
    return {worker.client_id: worker.partitions for worker in session.ledger.figures(time.time()).workers}


async def at_rest(session: Session, workers: int) -> int:
    """Wait until so many workers share the partitions and a look saw it; how many entries there are by then."""

    def seen() -> bool:
        figures = session.ledger.figures(time.time())
        here = [worker for worker in figures.workers if worker.member_id]
        return joined(session, workers) and figures.group_state == "Stable" and len(here) == workers

    await until(seen, within_s=40)
    return len(causes(session))


async def commit_nothing(commits: Commits) -> None:
    """In place of a commit."""


async def one_more(session: Session, before: int, cause: str) -> Rebalance:
    """Wait for the entry after `before` ones, see that no other one follows in three looks, and return it."""
    await until(lambda: len(causes(session)) > before, within_s=40)
    looked = session.ledger.figures(time.time()).age_s
    assert looked is not None
    until_s = time.monotonic() + 3.5
    await until(lambda: time.monotonic() > until_s)
    assert causes(session)[before:] == [cause]
    return entries(session)[before]


async def test_a_killed_worker_is_lost_after_its_session_by_the_hand_of_who_killed_it(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(fresh_settings(cluster, count=2, session_timeout_s=SESSION_S)) as session:
        before, owners = await at_rest(session, 2), owned(session)
        monkeypatch.setattr(Commits, "_commit", commit_nothing)
        for partition in (0, 1, 2, 3) * 2:
            session.send("6", "mul", "7", partition=partition)
        await until(lambda: settled(session))
        await session.kill_worker("client-1")
        monkeypatch.undo()
        for partition in range(4):  # client-0 commits now what it has answered, and client-1 never will
            session.send("5", "mul", "7", partition=partition)
        await until(lambda: len(causes(session)) > before, within_s=40)
        cause = causes(session)[before]
        start, _, end = cause.partition("no heartbeat for ")
        silent, _, by_whom = end.partition(" s ")
        assert (start, by_whom) == ("client-1 lost: ", "(killed by you)")
        assert SESSION_S - 0.1 <= float(silent) <= SESSION_S + 4.0
        entry = await one_more(session, before, cause)
        assert set(entry.handovers) == {
            Handover("client-0", owners["client-0"], (0, 1, 2, 3)),
            Handover("client-1", owners["client-1"], None),
        }
        assert entry.moved == owners["client-1"]
        assert entry.again == 4
        stood_still = dict(entry.stood_still)
        assert all(SESSION_S - 0.6 <= stood_still[p] <= SESSION_S + 4.0 for p in owners["client-1"])
        assert all(stood_still.get(p, 0.0) < SESSION_S - 0.6 for p in owners["client-0"])


async def test_added_partitions_are_one_entry_when_the_group_shares_them(cluster: Cluster) -> None:
    settings = fresh_settings(cluster, count=2)
    async with running(settings) as session:
        before, owners = await at_rest(session, 2), owned(session)
        async with admin_of(cluster) as admin:
            await admin.create_partitions({settings.topics.requests: NewPartitions(8)})
        entry = await one_more(session, before, "partitions 4 → 8")
        assert {change.client_id: change.before for change in entry.handovers} == owners
        assert {change.client_id: change.after for change in entry.handovers} == owned(session)
        assert {4, 5, 6, 7} <= set(entry.moved)


async def test_who_joins_leaves_and_restarts_is_named(cluster: Cluster) -> None:
    async with running(fresh_settings(cluster, count=2)) as session:
        before = await at_rest(session, 2)
        await session.add_worker()
        joining = await one_more(session, before, "client-2 joined")
        assert joining.handovers[-1] == Handover("client-2", None, owned(session)["client-2"])
        await session.stop_worker("client-2")
        leaving = await one_more(session, before + 1, "client-2 left")
        assert leaving.handovers[-1] == Handover("client-2", joining.handovers[-1].after, None)
        assert leaving.moved == joining.moved
        assert joining.generation is not None
        assert leaving.generation == joining.generation + 1
        await session.restart_worker("client-1")
        await one_more(session, before + 2, "client-1 restarted")


async def test_a_member_of_another_process_goes_for_reasons_that_nobody_here_knows(cluster: Cluster) -> None:
    settings = fresh_settings(cluster, count=1)
    async with running(settings) as session:
        before = await at_rest(session, 1)
        member = connection_to(cluster).member("far-9", settings.workers)
        await started(member)
        try:
            member.subscribe([settings.topics.requests], listener=Idle())
            await one_more(session, before, "far-9 joined")
        finally:
            await closed(member, 2.0)
        await one_more(session, before + 1, "far-9 gone: unknown (foreign member)")


async def test_a_worker_that_nobody_reads_for_is_late_with_its_poll(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own client leaves then, after max.poll.interval.ms; kcalc reads so often that it takes some doing."""

    async def watch_nothing(membership: Membership) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(Membership, "_watch", watch_nothing)
    monkeypatch.setattr(connection, "AIOKafkaConsumer", partial(AIOKafkaConsumer, max_poll_interval_ms=1_500))
    async with running(fresh_settings(cluster, count=1)) as session:
        before = await at_rest(session, 1)
        await session.pause_worker("client-0")
        await until(lambda: len(causes(session)) > before)
        entry = entries(session)[before]
        assert entry.cause.startswith("client-0 left: poll too late (after ")
        assert entry.handovers == (Handover("client-0", (0, 1, 2, 3), None),)


class Unheard:
    """Keeps all heartbeats of client-0 from the coordinator until `over`."""

    def __init__(self) -> None:
        self.begun = False
        self.over = asyncio.Event()

    def hurry(self, client: Any, session_timeout_s: float, pulse: Pulse | None = None) -> None:
        """As the true one, with a network below it that loses heartbeats."""
        send = client.send

        async def sent(node_id: int, request: object, **options: Any) -> Any:
            if self.begun and isinstance(request, HeartbeatRequest) and client._client_id == "client-0":
                await self.over.wait()
            return await send(node_id, request, **options)

        client.send = sent
        hurry(client, session_timeout_s, pulse)


async def test_a_worker_that_the_group_gave_up_says_for_how_long_it_was_not_heard(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    unheard, events = Unheard(), EventLog()
    monkeypatch.setattr(connection, "hurry", unheard.hurry)
    async with running(fresh_settings(cluster, count=2, session_timeout_s=SESSION_S), on_event=events) as session:
        before, owners = await at_rest(session, 2), owned(session)
        unheard.begun = True
        await until(lambda: len(events.of(GroupObserved)[-1].members) == 1)
        unheard.over.set()
        await until(lambda: len(causes(session)) > before)
        entry = entries(session)[before]
        start, _, end = entry.cause.partition("no heartbeat for ")
        assert start == "client-0 lost: "
        silent, _, then = end.partition(" s")
        assert SESSION_S <= float(silent) < SESSION_S + 6.0
        # It joins again at once: a look may see the group without it, or only that it is another member now.
        lost = Handover("client-0", owners["client-0"], None) in entry.handovers
        assert then == ("" if lost else ", joined again")
