"""A slowed worker takes its time for each request, and leaves, gives partitions back and is heard as any other."""

import asyncio
import time

import pytest

from tests.kafka_cluster import (
    Cluster,
    EventLog,
    fresh_settings,
    joined,
    running,
    settled,
    until,
)
from tui.clients.slowness import Slowness
from tui.events import (
    PartitionsAssigned,
    WorkerState,
)
from tui.session import Session, UnknownWorker
from tui.worker_details import LaneDetails


def delay_of(session: Session, client_id: str) -> float:
    """What the dashboard would show."""
    figures = session.ledger.figures(time.time())
    return next(worker.delay_s for worker in figures.workers if worker.client_id == client_id)


async def test_it_waits_no_longer_than_the_delay() -> None:
    slowness, never = Slowness(), asyncio.get_running_loop().create_future()
    slowness.set(0.05)
    began = time.monotonic()
    assert await slowness.wait(never)
    assert time.monotonic() - began >= 0.045


async def test_who_stops_waits_no_longer() -> None:
    slowness, stopping = Slowness(), asyncio.get_running_loop().create_future()
    slowness.set(60.0)
    waiting = asyncio.create_task(slowness.wait(stopping))
    await asyncio.sleep(0)
    stopping.set_result(None)
    assert not await asyncio.wait_for(waiting, 1.0)


async def test_a_delay_that_is_taken_back_is_over_at_once() -> None:
    slowness, never = Slowness(), asyncio.get_running_loop().create_future()
    slowness.set(60.0)
    waiting = asyncio.create_task(slowness.wait(never))
    await asyncio.sleep(0)
    slowness.set(0.0)
    assert await asyncio.wait_for(waiting, 1.0)


@pytest.mark.parametrize("delay_s", [-0.1, 60.1, float("nan")])
async def test_a_delay_that_no_group_would_bear_is_refused(delay_s: float) -> None:
    slowness = Slowness()
    with pytest.raises(ValueError, match="0 to 60 s"):
        slowness.set(delay_s)
    assert slowness.delay_s == 0.0


@pytest.mark.parametrize("delivery", ["at_least_once", "exactly_once"])
async def test_each_request_of_a_slow_worker_takes_longer_and_is_answered_when_it_is_done(
    cluster: Cluster, delivery: str
) -> None:
    async with running(fresh_settings(cluster, count=1, delivery=delivery)) as session:
        await until(lambda: joined(session, 1))
        await session.slow_worker("client-0", 0.3)
        assert delay_of(session, "client-0") == 0.3
        session.send("3", "mul", "5", times=4, partition=2)
        await until(lambda: settled(session))
        rows = [session.results[number].result for number in range(4)]
        assert all(row.finished_at - row.received_at >= 0.29 for row in rows)
        seen = [session.results[number].at for number in range(4)]
        assert seen[0] < seen[1] < seen[2] < seen[3], "the first waited for the others"
        await session.slow_worker("client-0", 0.0)
        assert delay_of(session, "client-0") == 0.0
        session.send("3", "mul", "5", times=100, partition=2)
        await until(lambda: settled(session), within_s=3)


@pytest.mark.parametrize("delivery", ["at_least_once", "exactly_once"])
async def test_a_slow_worker_stops_and_gives_back_in_time_and_doubles_nothing(cluster: Cluster, delivery: str) -> None:
    events = EventLog()
    async with running(fresh_settings(cluster, count=1, delivery=delivery), on_event=events) as session:
        await until(lambda: joined(session, 1))
        await session.slow_worker("client-0", 20.0)
        session.send("3", "mul", "5", times=40)
        await until(lambda: any(lane.request for lane in lanes(session, "client-0")))
        assert len({event.generation for event in events.of(PartitionsAssigned)}) == 1
        await session.add_worker()
        await until(lambda: joined(session, 2))
        began = time.monotonic()
        await session.stop_worker("client-0")
        assert time.monotonic() - began < 2.0
        await until(lambda: settled(session))
        books = session.ledger.accounting()
        assert (books.done, books.again) == (40, 0)


async def test_a_restarted_worker_stays_slow_and_a_started_one_is_fast_again(cluster: Cluster) -> None:
    async with running(fresh_settings(cluster, count=1)) as session:
        await until(lambda: joined(session, 1))
        await session.slow_worker("client-0", 0.2)
        await session.restart_worker("client-0")
        assert delay_of(session, "client-0") == 0.2
        await session.stop_worker("client-0")
        await session.restart_worker("client-0")
        assert delay_of(session, "client-0") == 0.0
        await until(lambda: joined(session, 1))


def lanes(session: Session, client_id: str) -> tuple[LaneDetails, ...]:
    """What the worker's lanes say of themselves."""
    details = session.worker_details(client_id)
    return details.lanes if details else ()


async def test_a_worker_tells_the_ages_of_its_signs_of_life_and_how_its_lanes_stand(cluster: Cluster) -> None:
    async with running(fresh_settings(cluster, count=1, heartbeat_interval_s=0.2)) as session:
        await until(lambda: joined(session, 1))
        session.send("3", "mul", "5", times=10, partition=1)
        await until(lambda: settled(session))

        def told() -> bool:
            details = session.worker_details("client-0")
            if details is None:
                return False
            ages = (details.poll_age_s, details.heartbeat_age_s, details.commit_age_s)
            return all(age is not None and age < 1.5 for age in ages)

        await until(told)
        rows = lanes(session, "client-0")
        assert [lane.partition for lane in rows] == [0, 1, 2, 3]
        assert (rows[1].reached, rows[1].answered, rows[1].request, rows[1].trouble) == (10, 10, "", "")
        assert session.worker_details("far-9") is None
        await session.stop_worker("client-0")
        assert session.worker_details("client-0") is None


async def test_what_is_unknown_cannot_be_killed_restarted_or_slowed(cluster: Cluster) -> None:
    async with running(fresh_settings(cluster, count=0)) as session:
        for wish in (session.kill_worker("x"), session.restart_worker("x"), session.slow_worker("x", 1.0)):
            with pytest.raises(UnknownWorker):
                await wish
        assert not [one for one in session.ledger.figures(time.time()).workers if one.state is WorkerState.KILLED]
