"""Exactly-once end to end, on both brokers: churn, a broker that goes away, fencing, poison, and what is read back."""

import asyncio
import random
import time
from collections import Counter

import pytest
from msgspec.structs import replace

from tests.clients.committed import committed_offsets, committed_records
from tests.kafka_cluster import (
    Cluster,
    EventLog,
    ReplicatedCluster,
    connection_to,
    fresh_settings,
    joined,
    running,
    settled,
    until,
    with_workers,
)
from tui.calc.messages import Request, decode_result, encode_request
from tui.clients.connection import closed, started
from tui.events import LaneFailed, PartitionsAssigned
from tui.session import Session
from tui.settings import Settings

CHURN_REQUESTS = 5_000


def exactly_once(cluster: Cluster, **workers: object) -> Settings:
    return fresh_settings(cluster, delivery="exactly_once", **workers)


async def assert_each_is_answered_once(cluster: Cluster, settings: Settings, count: int) -> None:
    """Read back with another client: each request has one result, and every offset is committed."""
    stored = await committed_records(cluster, [settings.topics.results, settings.topics.dead_letters])
    times = Counter(decode_result(row.value).id for row in stored)
    assert len(times) == count, "some are lost"
    assert times.total() == count, [each for each in times.most_common(5) if each[1] > 1]
    offsets = await committed_offsets(cluster, settings.workers.group, settings.topics.requests)
    assert sum(offsets.values()) == count


async def churn(session: Session) -> None:
    """Let workers join, leave and come back at random until all requests are sent."""
    choose = random.Random(7)
    workers = ["client-0", "client-1", "client-2"]
    for _ in range(CHURN_REQUESTS // 500):
        session.send("3", "mul", "5", times=500)
        victim = choose.choice(workers)
        await session.stop_worker(victim)
        await asyncio.sleep(choose.random() * 0.3)
        await session.start_worker(victim)


async def test_workers_that_come_and_go_lose_and_double_nothing(cluster: Cluster) -> None:
    settings = exactly_once(cluster, count=3, batch=50)
    async with running(settings) as session:
        await until(lambda: joined(session, 3))
        await churn(session)
        await until(lambda: settled(session))
    await assert_each_is_answered_once(cluster, settings, CHURN_REQUESTS)


async def test_a_broker_that_goes_away_and_returns_loses_and_doubles_nothing(cluster: Cluster) -> None:
    settings = exactly_once(cluster, count=2, batch=20)
    settings = replace(settings, kafka=replace(settings.kafka, request_timeout_s=2.0))
    async with running(settings) as session:
        await until(lambda: joined(session, 2))
        session.send("3", "mul", "5", times=3_000)
        await until(lambda: session.ledger.accounting().done > 100)
        await cluster.stop()
        await asyncio.sleep(1.0)
        await cluster.start()
        session.send("3", "mul", "5", times=500)
        await until(lambda: settled(session), within_s=50)
        unsent = session.ledger.accounting().unsent
    await assert_each_is_answered_once(cluster, settings, 3_500 - unsent)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("loss", ["kill", "freeze"])
async def test_the_loss_of_a_leader_loses_and_doubles_nothing(three_nodes: ReplicatedCluster, loss: str) -> None:
    """Only on real Kafka: the embedded broker is one node, so no other can lead."""
    settings = exactly_once(three_nodes, count=2, batch=20)
    settings = replace(
        settings,
        kafka=replace(settings.kafka, request_timeout_s=3.0),
        topics=replace(settings.topics, replication=3),
    )
    nodes = three_nodes.nodes
    async with running(settings) as session:
        await until(lambda: joined(session, 2))
        session.send("3", "mul", "5", times=3_000)
        await until(lambda: session.ledger.accounting().done > 100)
        leader = await asyncio.to_thread(nodes.leader_of, settings.topics.requests, 0)
        await asyncio.to_thread(nodes.kill_node if loss == "kill" else nodes.freeze, leader)
        session.send("3", "mul", "5", times=500)
        await until(lambda: settled(session), within_s=120)
        unsent = session.ledger.accounting().unsent
        await asyncio.to_thread(nodes.heal)
    await assert_each_is_answered_once(three_nodes, settings, 3_500 - unsent)


async def test_stopping_is_bounded_while_the_broker_is_away(cluster: Cluster) -> None:
    session = Session(exactly_once(cluster, count=3, batch=20))
    await session.start()
    try:
        await until(lambda: joined(session, 3))
        session.send("3", "mul", "5", times=5_000)
        await until(lambda: session.ledger.accounting().done > 100)
        await cluster.stop()
        began = time.monotonic()
        await session.stop()
        assert time.monotonic() - began < 3.0
    finally:
        await cluster.start()


async def test_a_lane_that_was_fenced_and_still_owns_its_partition_goes_on(cluster: Cluster) -> None:
    settings = exactly_once(cluster, count=1)
    events = EventLog()
    async with running(settings, on_event=events) as session:
        await until(lambda: joined(session, 1))
        session.send("1", "sum", "2", partition=2, times=10)
        await until(lambda: settled(session))
        stranger = connection_to(cluster).producer(
            "stranger", transactional_id=f"{settings.workers.group}-{settings.topics.requests}-2"
        )
        await started(stranger)
        session.send("1", "sum", "2", partition=2, times=10)
        await until(lambda: settled(session))
        (failed,) = events.of(LaneFailed)
        assert (failed.partition, failed.retry_in_s) == (2, 2.0)
        assert "another worker has taken this partition over" in failed.reason
        await closed(stranger, 1.0)
    await assert_each_is_answered_once(cluster, settings, 20)


async def test_requests_of_an_aborted_transaction_are_no_requests(cluster: Cluster) -> None:
    settings = exactly_once(cluster, count=1)
    async with running(settings) as session:
        await until(lambda: joined(session, 1))
        sender = connection_to(cluster).producer("sender", transactional_id=f"sender-{settings.workers.group}")
        await started(sender)
        for name, commits in (("aborted", False), ("committed", True)):
            await sender.begin_transaction()
            batch = sender.create_batch()
            batch.append(timestamp=None, key=None, value=encode_request(Request("1", "2", "sum", name)))
            await (await sender.send_batch(batch, settings.topics.requests, partition=1))
            await (sender.commit_transaction() if commits else sender.abort_transaction())
        await closed(sender, 1.0)
        await until(lambda: session.results.total)
        assert session.results[0].result.id == "committed"


async def test_the_last_results_are_shown_at_once_though_each_is_followed_by_the_mark_of_a_transaction(
    cluster: Cluster,
) -> None:
    settings = exactly_once(cluster, count=1)
    settings = replace(settings, dashboard=replace(settings.dashboard, results_at_start=10))
    async with running(settings) as before:
        for number in range(12):
            before.send(str(number), "sum", "0", partition=0)
            await until(lambda: settled(before))
    async with running(with_workers(settings, count=0)) as after:
        await until(lambda: after.results.total, within_s=3)
        shown = [after.results[n].result.operator_1 for n in range(after.results.total)]
        assert shown == [str(number) for number in range(2, 12)]


async def test_the_offsets_that_a_worker_begins_with_are_those_of_its_predecessor(cluster: Cluster) -> None:
    settings = exactly_once(cluster, count=1)
    async with running(settings) as first:
        first.send("1", "sum", "2", times=40)
        await until(lambda: settled(first))
    events = EventLog()
    async with running(settings, on_event=events) as second:
        await until(lambda: joined(second, 1))
        taken = events.of(PartitionsAssigned)[-1].offsets
        assert sum(taken.values()) == 40
        assert second.ledger.accounting().others_done == 0


@pytest.mark.parametrize("delivery", ["at_least_once", "exactly_once"])
async def test_an_operation_that_hangs_holds_up_only_its_partition_and_nobody_leaves_the_group(
    cluster: Cluster, delivery: str
) -> None:
    added = {"hang": "tests.clients.operations:hang"}
    settings = fresh_settings(cluster, count=1, delivery=delivery, operation_timeout_s=1.5, attempts=2)
    events = EventLog()
    async with running(replace(settings, operations=added), on_event=events) as session:
        await until(lambda: joined(session, 1))
        for operation in ("sum", "hang", "sub"):
            session.send("5", operation, "2", partition=0)
        session.send("5", "mul", "2", partition=1)
        await until(lambda: session.results.total >= 2, within_s=1.5)
        assert {session.results[n].result.operation for n in range(2)} == {"sum", "mul"}
        await until(lambda: settled(session))
        found = {row.operation: row for row in (session.results[n].result for n in range(4))}
        assert found["hang"].error is not None
        assert found["hang"].error.message == "no result within 1.5 s, tried 2 times"
        assert (found["sub"].result, found["hang"].attempt) == ("3", 2)
        assert len({event.generation for event in events.of(PartitionsAssigned)}) == 1
        assert events.of(LaneFailed) == []


@pytest.mark.parametrize("delivery", ["at_least_once", "exactly_once"])
async def test_a_worker_that_is_stopped_in_a_hanging_operation_leaves_the_request_to_the_next(
    cluster: Cluster, delivery: str
) -> None:
    settings = fresh_settings(cluster, count=1, delivery=delivery, operation_timeout_s=30.0)
    slow = replace(settings, operations={"wait_s": "tests.clients.operations:hang"})
    quick = replace(settings, operations={"wait_s": "tests.clients.operations:wait_s"})
    async with running(slow) as first:
        await until(lambda: joined(first, 1))
        first.send("5", "sum", "2", partition=0)
        first.send("5", "wait_s", "2", partition=0)
        await until(lambda: first.results.total == 1)
        began = time.monotonic()
        await first.stop_worker("client-0")
        assert time.monotonic() - began < 2.0
        async with running(with_workers(quick, count=1)):
            await until(lambda: settled(first))
        books = first.ledger.accounting()
        assert (books.done, books.again) == (2, 0)
