"""What a lane keeps, in both modes: order, partition number and key, and every request when its answers are refused."""

import pytest
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from msgspec.structs import replace

from tests.kafka_cluster import Cluster, EventLog, admin_of, fresh_settings, joined, read_topic, running, settled, until
from tui.calc.messages import decode_result
from tui.clients import topics
from tui.clients.aiokafka_types import Admin
from tui.clients.topics import NewTopicPlan
from tui.events import BatchFinished, BatchStarted, LaneFailed
from tui.settings import Settings


@pytest.fixture(params=["at_least_once", "exactly_once"])
def delivery(request: pytest.FixtureRequest) -> str:
    """The mode of this run of the test."""
    mode: str = request.param
    return mode


async def limit_messages(admin: Admin, topic: str, max_bytes: int) -> None:
    """Let the topic refuse record batches above `max_bytes`."""
    await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, {"max.message.bytes": str(max_bytes)})])


async def create(cluster: Cluster, settings: Settings, results: int, max_bytes: int = 1 << 20) -> None:
    """Create the three topics by hand, the results topic with its own number of partitions and limit."""
    plans = (
        NewTopicPlan(settings.topics.requests, 4, 1),
        NewTopicPlan(settings.topics.results, results, 1, {"max.message.bytes": str(max_bytes)}),
        NewTopicPlan(settings.topics.dead_letters, 4, 1),
    )
    async with admin_of(cluster) as admin:
        await topics.ensure(admin, plans)


async def test_results_of_one_key_keep_the_order_of_its_requests(cluster: Cluster, delivery: str) -> None:
    settings = fresh_settings(cluster, count=3, batch=7, delivery=delivery)
    keys = ("red", "green", "blue", "ключ")
    async with running(settings) as session:
        for number in range(100):
            for key in keys:
                session.send(str(number), "sum", "0", key=key)
            if number == 50:
                await session.add_worker()
        await until(lambda: settled(session))
    stored = await read_topic(cluster, settings.topics.results, 400)
    for key in keys:
        answered = [record for record in stored if record.key == key.encode()]
        assert [decode_result(record.value).result for record in answered] == [str(number) for number in range(100)]
        assert len({record.partition for record in answered}) == 1


async def test_a_result_has_the_partition_number_of_its_request(cluster: Cluster, delivery: str) -> None:
    async with running(fresh_settings(cluster, count=1, delivery=delivery)) as session:
        for partition in range(4):
            session.send("1", "sum", "2", partition=partition)
        await until(lambda: settled(session))
        found = [session.results[n] for n in range(4)]
    assert sorted(row.result.partition for row in found) == [0, 1, 2, 3]
    assert all(row.result.partition == row.result_partition for row in found)


async def test_a_results_topic_with_fewer_partitions_is_respected(cluster: Cluster, delivery: str) -> None:
    settings = fresh_settings(cluster, count=1, delivery=delivery)
    await create(cluster, settings, results=3)
    async with running(settings) as session:
        session.send("1", "sum", "2", times=40)
        await until(lambda: settled(session))
        assert {session.results[n].result_partition for n in range(40)} == {0, 1, 2}


async def test_batches_become_smaller_if_the_results_topic_refuses_them(cluster: Cluster, delivery: str) -> None:
    settings = fresh_settings(cluster, count=1, delivery=delivery)
    await create(cluster, settings, results=4, max_bytes=60_000)
    async with running(settings) as session:
        session.send("1", "sum", "2", times=2_000, partition=0)
        await until(lambda: settled(session))
        assert session.ledger.accounting().done == 2_000
        assert {session.results[n].result.attempt for n in range(2_000)} <= {1, 2, 3, 4}


async def test_a_refused_dead_letter_stops_its_lane_and_skips_nothing(cluster: Cluster, delivery: str) -> None:
    settings = fresh_settings(cluster, count=1, delivery=delivery)
    events = EventLog()
    async with running(settings, on_event=events) as session, admin_of(cluster) as admin:
        await until(lambda: joined(session, 1))
        await limit_messages(admin, settings.topics.dead_letters, 300)
        session.send("1" + "x" * 1_000, "sum", "2", partition=1)
        session.send("1", "sum", "2", partition=1)
        session.send("1", "sum", "2", partition=2)
        await until(lambda: len(events.of(LaneFailed)) >= 2)
        failed = events.of(LaneFailed)[-1]
        assert (failed.client_id, failed.partition) == ("client-0", 1)
        assert failed.reason.startswith(f"{settings.topics.dead_letters} refused a dead letter: larger than")
        assert session.ledger.accounting().in_flight == 2
        assert "stands still" in session.ledger.figures(failed.at).note
        await limit_messages(admin, settings.topics.dead_letters, 1 << 20)
        await until(lambda: settled(session))
        books = session.ledger.accounting()
        assert (books.done, books.dead, books.again) == (2, 1, 0)
        behind = next(session.results[n].result for n in range(2) if session.results[n].result.partition == 1)
        assert behind.attempt > 1


async def test_a_batch_is_reported_when_it_is_begun_and_when_it_is_acknowledged(
    cluster: Cluster, delivery: str
) -> None:
    events = EventLog()
    async with running(fresh_settings(cluster, count=1, delivery=delivery), on_event=events) as session:
        session.send("5", "mul", "3", times=10, partition=3)
        await until(lambda: settled(session))
        await until(lambda: sum(event.count for event in events.of(BatchFinished)) == 10)
    begun = events.of(BatchStarted)
    assert {(event.client_id, event.partition, event.request) for event in begun} == {("client-0", 3, "5 × 3")}
    assert sum(event.count for event in begun) == 10


async def test_what_an_operand_costs_to_show_is_bounded(cluster: Cluster, delivery: str) -> None:
    settings = fresh_settings(cluster, count=1, delivery=delivery)
    events = EventLog()
    async with running(replace(settings), on_event=events) as session:
        session.send("9" * 9_000, "sum", "1")
        await until(lambda: settled(session))
    assert all(len(event.request) <= 200 for event in events.of(BatchStarted))
