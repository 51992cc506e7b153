"""A killed worker is one that kill -9 has ended: the group counts it until its session is over, and nothing is lost."""

import asyncio
import time
from collections import Counter
from typing import Any

import pytest

from tests.clients.committed import committed_records
from tests.kafka_cluster import (
    Cluster,
    EmbeddedCluster,
    EventLog,
    fresh_settings,
    joined,
    running,
    settled,
    until,
)
from tui.broker.api import RequestContext
from tui.calc.messages import decode_result
from tui.events import GroupObserved, PartitionsRevoked, WorkerState
from tui.ledger.figures import WorkerFigures
from tui.session import Session
from tui.settings import Settings

LEAVE_GROUP = 13
SESSION_S = 6.0
"""The shortest that Apache Kafka allows."""


def worker(session: Session, client_id: str) -> WorkerFigures:
    """What the dashboard would show of it."""
    figures = session.ledger.figures(time.time())
    return next(worker for worker in figures.workers if worker.client_id == client_id)


def members(events: EventLog) -> set[str]:
    """The client ids that the last look saw in the group."""
    return {member.client_id for look in events.of(GroupObserved)[-1:] for member in look.members}


async def times_answered(cluster: Cluster, settings: Settings) -> Counter[str]:
    """How often each id stands in the results, as another client reads them."""
    stored = await committed_records(cluster, [settings.topics.results, settings.topics.dead_letters])
    return Counter(decode_result(row.value).id for row in stored)


async def test_the_group_counts_a_killed_worker_until_its_session_is_over(cluster: Cluster) -> None:
    events = EventLog()
    settings = fresh_settings(cluster, count=2, session_timeout_s=SESSION_S)
    async with running(settings, on_event=events) as session:
        await until(lambda: joined(session, 2))
        await until(lambda: members(events) == {"client-0", "client-1"})
        owned = worker(session, "client-1").partitions
        killed_at = time.monotonic()
        await session.kill_worker("client-1")
        looks = len(events.of(GroupObserved))
        await until(lambda: len(events.of(GroupObserved)) >= looks + 2)
        assert members(events) == {"client-0", "client-1"}
        shown = worker(session, "client-1")
        assert (shown.state, shown.partitions) == (WorkerState.KILLED, owned)
        assert shown.detail == "the group notices after 6 s"
        await until(lambda: worker(session, "client-0").partitions == (0, 1, 2, 3), within_s=2 * SESSION_S)
        assert SESSION_S - 1.0 < time.monotonic() - killed_at < SESSION_S + 4.0
        assert not [event for event in events.of(PartitionsRevoked) if event.client_id == "client-1"]
        await until(lambda: members(events) == {"client-0"})
        await until(lambda: worker(session, "client-1").partitions == ())


@pytest.mark.parametrize("delivery", ["at_least_once", "exactly_once"])
async def test_what_a_killed_worker_had_in_hand_is_answered_by_others(cluster: Cluster, delivery: str) -> None:
    settings = fresh_settings(cluster, count=2, batch=20, session_timeout_s=SESSION_S, delivery=delivery)
    async with running(settings) as session:
        await until(lambda: joined(session, 2))
        session.send("3", "mul", "5", times=4_000)
        await until(lambda: session.ledger.accounting().done > 200)
        await session.kill_worker("client-1")
        session.send("3", "mul", "5", times=500)
        await until(lambda: settled(session), within_s=30)
        await until(lambda: session.ledger.figures(time.time()).totals.lag == 0)
        books = session.ledger.accounting()
        assert (books.sent, books.done, books.unsent) == (4_500, 4_500, 0)
    times = await times_answered(cluster, settings)
    assert len(times) == 4_500, "some are lost"
    if delivery == "exactly_once":
        assert times.total() == 4_500, "some are doubled"


async def test_a_killed_worker_can_be_started_while_the_group_still_counts_it(cluster: Cluster) -> None:
    events = EventLog()
    settings = fresh_settings(cluster, count=2, session_timeout_s=SESSION_S)
    async with running(settings, on_event=events) as session:
        await until(lambda: joined(session, 2))
        await session.kill_worker("client-1")
        await session.start_worker("client-1")
        await until(lambda: joined(session, 2) and worker(session, "client-1").state is WorkerState.IDLE, 30)
        session.send("3", "mul", "5", times=100)
        await until(lambda: settled(session))


class Leaves:
    """Writes down who says that it leaves the group."""

    def __init__(self) -> None:
        self.client_ids: list[str | None] = []

    async def __call__(self, context: RequestContext, api_key: int, request: Any) -> None:
        if api_key == LEAVE_GROUP:
            self.client_ids.append(context.client_id)


@pytest.mark.parametrize("moment", ["working", "joining"])
async def test_a_killed_worker_does_not_say_that_it_leaves(embedded: EmbeddedCluster, moment: str) -> None:
    leaves = Leaves()
    embedded.broker.hooks.append(leaves)
    async with running(fresh_settings(embedded, count=2)) as session:
        await until(lambda: joined(session, 2))
        session.send("3", "mul", "5", times=2_000)
        if moment == "joining":
            await session.add_worker()
        await session.kill_worker("client-1")
        await session.stop_worker("client-0")
    assert "client-1" not in leaves.client_ids
    assert "client-0" in leaves.client_ids


async def test_nothing_of_a_killed_worker_goes_on(embedded: EmbeddedCluster) -> None:
    async with running(fresh_settings(embedded, count=2, delivery="exactly_once")) as session:
        await until(lambda: joined(session, 2))
        session.send("3", "mul", "5", times=1_000)
        await session.kill_worker("client-1")
        names = [task.get_name() for task in asyncio.all_tasks()]
        assert not [name for name in names if "client-1" in name]
        await session.kill_worker("client-1")
        assert worker(session, "client-1").state is WorkerState.KILLED
