"""Which broker a session finds: its own, a neighbour's, one that comes later, or something that is none.

What is about `kafka.bootstrap_servers: embedded`, or about no broker at all, runs without real Kafka.
"""

import asyncio
import time

import pytest
from msgspec.structs import replace

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
from tests.real_kafka import free_port
from tui.broker import BrokerSettings, EmbeddedBroker
from tui.clients import topics
from tui.events import Link, LinkChanged, ResultsReceived, WorkerState
from tui.session import DuplicateClientId, Session, SessionError, UnknownWorker
from tui.settings import KafkaSettings, Settings


def embedded_settings(port: int, count: int = 2) -> Settings:
    """Defaults but for the port and the number of workers."""
    settings = Settings(kafka=KafkaSettings(embedded_port=port))
    return replace(settings, workers=replace(settings.workers, count=count))


async def test_without_a_broker_it_starts_its_own() -> None:
    async with running(embedded_settings(0)) as session:
        assert (session.broker_embedded, session.broker_owned) == (True, True)
        session.send("0.1", "sum", "0.2")
        await until(lambda: settled(session))
        assert session.results[0].result.result == "0.3"


async def test_a_second_session_joins_the_first_one_with_the_next_free_client_ids() -> None:
    async with running(embedded_settings(0)) as first:
        await until(lambda: joined(first, 2))
        assert first.broker_address is not None
        port = int(first.broker_address.rpartition(":")[2])
        async with running(embedded_settings(port)) as second:
            assert (second.broker_embedded, second.broker_owned) == (True, False)
            await until(lambda: joined(first, 4))
            owners = {row.owner for row in first.ledger.figures(time.time()).partitions}
            assert owners == {"client-0", "client-1", "client-2", "client-3"}
            second.send("5", "sum", "2")
            await until(lambda: first.results.total == second.results.total == 1)
            assert second.ledger.accounting().done == 1
            assert first.ledger.accounting().others_done == 1


async def test_a_port_that_something_else_uses_is_named_with_the_way_out() -> None:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        session = Session(embedded_settings(port))
        with pytest.raises(SessionError, match=rf"127\.0\.0\.1:{port} is in use .* kafka\.embedded_port"):
            await session.start()
        await session.stop()
    finally:
        server.close()


async def test_without_a_broker_it_says_what_to_do_and_begins_when_there_is_one(cluster: Cluster) -> None:
    settings = fresh_settings(cluster, count=2)
    events = EventLog()
    await cluster.stop()
    async with running(settings, on_event=events) as session:
        try:
            lost = events.of(LinkChanged)[-1]
            assert lost.link is Link.NO_BROKER
            assert cluster.bootstrap_servers in lost.detail
            assert "kafka.bootstrap_servers" in lost.detail
            workers = session.ledger.figures(time.time()).workers
            assert [(worker.client_id, worker.state) for worker in workers] == [
                ("client-0", WorkerState.NO_BROKER),
                ("client-1", WorkerState.NO_BROKER),
            ]
            session.send("5", "sum", "2")
        finally:
            await cluster.start()
        await until(lambda: settled(session), within_s=30)
        assert session.ledger.accounting().done == 1
        assert events.of(LinkChanged)[-1].link is Link.CONNECTED


async def test_a_broker_that_comes_back_with_nothing_is_set_up_again() -> None:
    """Only on the embedded broker: it alone loses all that it holds when it ends."""
    events = EventLog()
    async with EmbeddedBroker() as first:
        port = first.port
        settings = replace(embedded_settings(0), kafka=KafkaSettings(bootstrap_servers=f"127.0.0.1:{port}"))
        session = Session(settings, on_event=events)
        await session.start()
        session.send("5", "sum", "2", times=50)
        await until(lambda: settled(session) and joined(session, 2))
        await until(lambda: session.ledger.figures(time.time()).totals.lag == 0)
    await until(lambda: events.of(LinkChanged)[-1].link is Link.NO_BROKER)
    session.send("5", "sum", "2", times=50)
    async with EmbeddedBroker(BrokerSettings(port=port, default_partitions=1)):
        await until(lambda: any("created again" in event.detail for event in events.of(LinkChanged)))
        await until(lambda: settled(session))
        books = session.ledger.accounting()
        assert (books.done, books.unsent) == (100, 0)
        # The new broker does not know the group: what was answered before the workers rejoined is not committed and
        # may be answered again. But no answer is read twice.
        places = [
            (row.result_partition, row.result_offset, row.result.id)
            for event in events.of(ResultsReceived)
            for row in event.results
        ]
        assert len(places) == len(set(places)) == 100 + books.again
        assert len(session.ledger.figures(time.time()).partitions) == 4
        await session.stop()


async def test_what_waits_for_a_broker_that_never_comes_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.clients.sender.GIVE_UP_AFTER_S", 0.5)
    settings = replace(embedded_settings(0), kafka=KafkaSettings(bootstrap_servers=f"127.0.0.1:{free_port()}"))
    async with running(settings) as session:
        session.send("5", "sum", "2", times=3)
        await until(lambda: session.ledger.accounting().unsent == 3)
        assert session.ledger.accounting().balanced


async def test_a_host_of_workers_reads_no_results(cluster: Cluster) -> None:
    settings = fresh_settings(cluster, count=1)
    async with running(settings, reads_results=False) as host, running(with_workers(settings, count=0)) as other:
        await until(lambda: joined(host, 1))
        other.send("5", "sum", "2", times=20)
        await until(lambda: settled(other))
        assert other.ledger.accounting().done == 20
        assert host.results.total == 0


async def test_a_session_that_starts_no_broker_waits_for_one() -> None:
    events = EventLog()
    async with running(embedded_settings(free_port()), starts_broker=False, on_event=events) as session:
        assert not session.broker_owned
        assert "kcalc broker" in events.of(LinkChanged)[-1].detail


async def test_a_client_id_of_another_process_is_refused(cluster: Cluster) -> None:
    settings = fresh_settings(cluster)
    async with running(settings, client_ids=["client-0"]) as first:
        await until(lambda: joined(first, 1))
        second = Session(settings, client_ids=["client-0"])
        with pytest.raises(SessionError, match=f"client-0 is already in group {settings.workers.group}, from host"):
            await second.start()
        await second.stop()
        await first.stop_worker("client-0")
        async with running(settings, client_ids=["client-0"]) as third:
            await until(lambda: joined(third, 1))
            with pytest.raises(DuplicateClientId, match="client-0 is already in group"):
                await first.start_worker("client-0")


async def test_a_client_id_given_twice_is_refused(cluster: Cluster) -> None:
    session = Session(fresh_settings(cluster), client_ids=["client-0", "client-0"])
    with pytest.raises(SessionError, match="given twice"):
        await session.start()
    await session.stop()


async def test_a_worker_that_does_not_exist_is_named(cluster: Cluster) -> None:
    async with running(fresh_settings(cluster, count=0)) as session:
        with pytest.raises(UnknownWorker, match="no worker client-7"):
            await session.stop_worker("client-7")


async def test_topics_that_exist_are_respected(cluster: Cluster) -> None:
    settings = fresh_settings(cluster, count=2)
    async with admin_of(cluster) as admin:
        await topics.ensure(admin, [topics.NewTopicPlan(settings.topics.requests, 2, 1, {"retention.ms": "5000"})])
    async with running(settings) as session, admin_of(cluster) as admin:
        await until(lambda: joined(session, 2))
        assert len(session.ledger.figures(time.time()).partitions) == 2
        configs = await topics.configs(admin, [settings.topics.requests])
        assert configs[settings.topics.requests]["retention.ms"] == "5000"
        assert (await topics.describe(admin))[settings.topics.results].partitions == 4


async def test_partitions_that_are_added_are_worked_on(cluster: Cluster) -> None:
    settings = fresh_settings(cluster, count=2)
    async with running(settings) as session, admin_of(cluster) as admin:
        await until(lambda: joined(session, 2))
        present = await topics.describe(admin)
        for plan in topics.plans(settings.topics):
            await topics.restore(admin, replace_partitions(plan, 6), present[plan.name])
        await until(lambda: joined(session, 2) and len(session.ledger.figures(time.time()).partitions) == 6)
        await until(lambda: all(row.owner for row in session.ledger.figures(time.time()).partitions), within_s=30)
        session.send("5", "sum", "2", partition=5)
        await until(lambda: settled(session))
        assert session.ledger.accounting().done == 1


def replace_partitions(plan: topics.NewTopicPlan, partitions: int) -> topics.NewTopicPlan:
    return topics.NewTopicPlan(plan.name, partitions, plan.replication, plan.configs)


async def test_the_session_leaves_the_broker_for_the_last() -> None:
    session = Session(embedded_settings(0))
    await session.start()
    await until(lambda: joined(session, 2))
    session.send("5", "sum", "2", times=200)
    await session.stop()
    await session.stop()
    assert session.ledger.accounting().balanced
