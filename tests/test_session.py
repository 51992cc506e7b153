"""A session end to end, on both brokers: what is sent is answered, exactly, whatever happens meanwhile."""

import asyncio
import subprocess
import sys
import time
from functools import partial

import pytest

from tests.kafka_cluster import (
    Cluster,
    EventLog,
    admin_of,
    fresh_settings,
    joined,
    running,
    settled,
    until,
    with_workers,
)
from tui.clients import topics
from tui.events import Link, LinkChanged, RequestsAcknowledged, WorkerState
from tui.session import SendRefused, Session
from tui.settings import Settings


def state_of(session: Session, client_id: str) -> WorkerState | None:
    """The state that the dashboard would show."""
    figures = session.ledger.figures(time.time())
    return next((worker.state for worker in figures.workers if worker.client_id == client_id), None)


def answered(session: Session, count: int) -> bool:
    """True if at least `count` requests of this session have a result."""
    return session.ledger.accounting().done >= count


def test_importing_the_session_imports_no_kafka_client() -> None:
    code = "import sys, tui.session; print(sorted({'aiokafka', 'kafka', 'tui.broker'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout.strip() == "[]"


async def test_a_request_comes_back_with_its_exact_result(cluster: Cluster) -> None:
    async with running(fresh_settings(cluster)) as session:
        session.send("0.1", "sum", "0.2")
        session.send("16", "sqrt", None)
        session.send("1", "div", "0")
        await until(lambda: settled(session))
        found = {result.operation: result for result in (session.results[n].result for n in range(3))}
        assert found["sum"].result == "0.3"
        assert found["sqrt"].result == "4"
        assert found["div"].error is not None
        assert found["div"].error.code == "division_by_zero"
        books = session.ledger.accounting()
        assert (books.sent, books.done, books.failed, books.dead) == (3, 2, 1, 0)
        sent_at = found["sum"].sent_at
        assert sent_at is not None
        assert sent_at <= found["sum"].received_at + 0.001 <= found["sum"].finished_at + 0.001


async def test_three_workers_share_four_partitions(cluster: Cluster) -> None:
    async with running(fresh_settings(cluster, count=3)) as session:
        await until(lambda: joined(session, 3))
        owned = [worker.partitions for worker in session.ledger.figures(time.time()).workers]
        assert sorted(len(partitions) for partitions in owned) == [1, 1, 2]


async def test_many_alike_requests_are_spread_evenly_over_the_partitions(cluster: Cluster) -> None:
    events = EventLog()
    async with running(fresh_settings(cluster), on_event=events) as session:
        session.send("3", "mul", "5", times=500)
        await until(lambda: settled(session))
        stored: dict[int, int] = {}
        for event in events.of(RequestsAcknowledged):
            stored[event.partition] = stored.get(event.partition, 0) + len(event.numbers)
        assert stored == {0: 125, 1: 125, 2: 125, 3: 125}


async def test_graceful_changes_of_the_pool_lose_and_double_nothing(cluster: Cluster) -> None:
    async with running(fresh_settings(cluster, count=2, batch=20, stop_timeout_s=15.0)) as session:
        await until(lambda: joined(session, 2))
        for change in (
            session.add_worker,
            partial(session.stop_worker, "client-0"),
            partial(session.pause_worker, "client-1"),
            session.add_worker,
            partial(session.start_worker, "client-0"),
            partial(session.resume_worker, "client-1"),
            partial(session.stop_worker, "client-2"),
        ):
            done = session.ledger.accounting().done
            session.send("3", "mul", "5", times=600)
            await change()
            await until(partial(answered, session, done + 100))
        await until(lambda: settled(session))
        books = session.ledger.accounting()
        assert (books.sent, books.done, books.again, books.unsent) == (4_200, 4_200, 0, 0)


async def test_a_paused_worker_stays_in_the_group_and_takes_nothing(cluster: Cluster) -> None:
    async with running(fresh_settings(cluster, count=1)) as session:
        await until(lambda: joined(session, 1))
        await session.pause_worker("client-0")
        assert state_of(session, "client-0") is WorkerState.PAUSED
        session.send("1", "sum", "2", times=10)
        await until(lambda: (session.ledger.figures(time.time()).totals.lag or 0) == 10)
        assert session.ledger.accounting().in_flight == 10
        assert joined(session, 1)
        await session.resume_worker("client-0")
        await until(lambda: settled(session))
        assert session.ledger.accounting().again == 0


async def test_a_stopped_worker_has_committed_all_it_answered(cluster: Cluster) -> None:
    async with running(fresh_settings(cluster, count=1)) as session:
        session.send("1", "sum", "2", times=100)
        await until(lambda: settled(session))
        await session.stop_worker("client-0")
        assert state_of(session, "client-0") is WorkerState.STOPPED
        await until(lambda: session.ledger.figures(time.time()).totals.lag == 0)
        await session.start_worker("client-0")
        await until(lambda: joined(session, 1))
        assert session.ledger.accounting().again == 0


async def test_the_last_results_are_shown_at_the_start_and_count_nothing(cluster: Cluster) -> None:
    settings = fresh_settings(cluster)
    async with running(settings) as before:
        before.send("1", "sum", "2", times=150)
        await until(lambda: settled(before))
    async with running(with_workers(settings, count=0)) as after:
        await until(lambda: after.results.total)
        assert after.results.total == settings.dashboard.results_at_start == 100
        books = after.ledger.accounting()
        assert (books.sent, books.others_done) == (0, 0)


async def test_a_broker_that_goes_away_and_returns_loses_nothing(cluster: Cluster) -> None:
    settings = fresh_settings(cluster, count=2)
    impatient = Settings(
        kafka=type(settings.kafka)(bootstrap_servers=cluster.bootstrap_servers, request_timeout_s=1.0),
        topics=settings.topics,
        workers=settings.workers,
    )
    events = EventLog()
    async with running(impatient, on_event=events) as session:
        await until(lambda: joined(session, 2))
        session.send("3", "mul", "5", times=500)
        await cluster.stop()
        session.send("3", "mul", "6", times=500)
        await until(lambda: events.of(LinkChanged)[-1].link is Link.NO_BROKER)
        assert state_of(session, "client-0") is WorkerState.NO_BROKER
        assert "no broker answers at" in events.of(LinkChanged)[-1].detail
        await asyncio.sleep(3.0)  # longer than every request time-out: what was under way has failed by then
        await cluster.start()
        await until(lambda: settled(session), within_s=40)
        books = session.ledger.accounting()
        assert (books.sent, books.done, books.unsent) == (1_000, 1_000, 0)
        await until(lambda: events.of(LinkChanged)[-1].link is Link.CONNECTED)


async def test_stopping_is_bounded_while_the_broker_is_away(cluster: Cluster) -> None:
    session = Session(fresh_settings(cluster, count=3))
    await session.start()
    try:
        await until(lambda: joined(session, 3))
        await cluster.stop()
        session.send("3", "mul", "5", times=500)
        started = time.monotonic()
        await session.stop()
        assert time.monotonic() - started < 4.0
        assert session.ledger.accounting().in_flight == 0
    finally:
        await cluster.start()


async def test_deleted_topics_are_created_again_and_work_goes_on(cluster: Cluster) -> None:
    settings = fresh_settings(cluster, count=2)
    events = EventLog()
    async with running(settings, on_event=events) as session:
        session.send("1", "sum", "2", times=50)
        await until(lambda: settled(session))
        await until(lambda: session.ledger.figures(time.time()).totals.lag == 0)
        async with admin_of(cluster) as admin:
            await topics.delete(admin, [settings.topics.requests, settings.topics.results])
            await until(lambda: any("created again" in event.detail for event in events.of(LinkChanged)))
            await until(lambda: joined(session, 2))
            present = await topics.describe(admin)
            configs = await topics.configs(admin, [settings.topics.requests])
        assert present[settings.topics.requests].partitions == 4
        assert configs[settings.topics.requests]["retention.bytes"] == str(settings.topics.retention_mb << 20)
        session.send("1", "sum", "2", times=50)
        await until(lambda: settled(session))
        assert session.ledger.accounting().done == 100


async def test_more_requests_than_are_kept_are_refused(cluster: Cluster) -> None:
    async with running(fresh_settings(cluster, count=0)) as session:
        with pytest.raises(SendRefused, match="1,000,000"):
            session.send("1", "sum", "2", times=1_000_001)
