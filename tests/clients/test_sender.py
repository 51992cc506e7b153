"""What the sender reports: nothing is called sent that was not stored, nothing waits for ever."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.kafka_cluster import Cluster, EventLog, admin_of, connection_to, fresh_settings, read_topic, until
from tests.real_kafka import free_port
from tui.calc.messages import decode_request
from tui.clients import topics
from tui.clients.connection import Connection
from tui.clients.refusals import SendRefused
from tui.clients.sender import MAX_WAITING, Sender
from tui.clients.turns import Turns
from tui.events import RequestsAcknowledged, RequestsSent, RequestsUnsent
from tui.settings import KafkaSettings


@asynccontextmanager
async def sender_to(
    connection: Connection, topic: str, events: EventLog, give_up_after_s: float = 60.0
) -> AsyncIterator[Sender]:
    """A running sender."""
    sender = Sender(
        connection, topic, "me", turns=Turns(), emit=events, clock=time.time, give_up_after_s=give_up_after_s
    )
    running = asyncio.create_task(sender.run())
    try:
        yield sender
    finally:
        running.cancel()
        await asyncio.wait([running])


def send(sender: Sender, times: int = 1, partition: int | None = None) -> range:
    return sender.send("5", "sum", "2", times=times, key=None, partition=partition)


async def test_numbers_and_offsets_belong_together(cluster: Cluster) -> None:
    settings = fresh_settings(cluster)
    async with admin_of(cluster) as admin:
        await topics.ensure(admin, topics.plans(settings.topics))
    events = EventLog()
    async with sender_to(connection_to(cluster), settings.topics.requests, events) as sender:
        assert send(sender, 5_000) == range(5_000)
        assert send(sender) == range(5_000, 5_001)
        assert await sender.drained(20.0)
    assert [(event.first, event.count) for event in events.of(RequestsSent)] == [(0, 5_000), (5_000, 1)]
    said = {
        (event.partition, event.base_offset + place): f"me-{number}"
        for event in events.of(RequestsAcknowledged)
        for place, number in enumerate(event.numbers)
    }
    stored = await read_topic(cluster, settings.topics.requests, 5_001)
    assert {(record.partition, record.offset): decode_request(record.value).id for record in stored} == said


async def test_a_partition_that_does_not_exist_is_reported(cluster: Cluster) -> None:
    settings = fresh_settings(cluster)
    async with admin_of(cluster) as admin:
        await topics.ensure(admin, topics.plans(settings.topics))
    events = EventLog()
    async with sender_to(connection_to(cluster), settings.topics.requests, events) as sender:
        send(sender, 3, partition=9)
        send(sender, 1, partition=3)
        assert await sender.drained(20.0)
    (unsent,) = events.of(RequestsUnsent)
    assert list(unsent.numbers) == [0, 1, 2]
    assert unsent.reason == f"{settings.topics.requests} has no partition 9, only 0 to 3"
    assert [event.partition for event in events.of(RequestsAcknowledged)] == [3]


async def test_a_refused_batch_is_reported_and_the_next_one_goes(cluster: Cluster) -> None:
    settings = fresh_settings(cluster)
    async with admin_of(cluster) as admin:
        small = {"max.message.bytes": "1000"}
        await topics.ensure(admin, [topics.NewTopicPlan(settings.topics.requests, 1, 1, small)])
    events = EventLog()
    async with sender_to(connection_to(cluster), settings.topics.requests, events) as sender:
        sender.send("5" * 2_000, "sum", "2", times=1, key=None, partition=None)
        await until(lambda: events.of(RequestsUnsent))
        send(sender, 2)
        assert await sender.drained(20.0)
    (unsent,) = events.of(RequestsUnsent)
    assert (list(unsent.numbers), "max.message.bytes" in unsent.reason) == ([0], True)
    assert [list(event.numbers) for event in events.of(RequestsAcknowledged)] == [[1, 2]]


async def test_without_a_broker_all_that_waits_is_given_up_in_the_end() -> None:
    address = f"127.0.0.1:{free_port()}"
    events = EventLog()
    connection = Connection(KafkaSettings(bootstrap_servers=address), address)
    async with sender_to(connection, "nowhere", events, give_up_after_s=0.5) as sender:
        send(sender, 1_000)
        send(sender, 10)
        assert await sender.drained(20.0)
    assert sorted(number for event in events.of(RequestsUnsent) for number in event.numbers) == list(range(1_010))
    assert "no broker took them" in events.of(RequestsUnsent)[0].reason


async def test_what_a_dead_broker_did_not_take_is_given_up_and_the_next_request_goes(cluster: Cluster) -> None:
    settings = fresh_settings(cluster)
    async with admin_of(cluster) as admin:
        await topics.ensure(admin, topics.plans(settings.topics))
    events = EventLog()
    async with sender_to(connection_to(cluster), settings.topics.requests, events, give_up_after_s=5.0) as sender:
        send(sender)  # for which even a busy machine finds the broker in time
        assert await sender.drained(20.0)
        await cluster.stop()
        try:
            send(sender, 100)
            assert await sender.drained(20.0)
        finally:
            await cluster.start()
        assert sorted(n for event in events.of(RequestsUnsent) for n in event.numbers) == list(range(1, 101))
        async with admin_of(cluster) as admin:  # a node that accepts connections leads nothing yet
            await topics.ensure(admin, topics.plans(settings.topics))
        send(sender)
        assert await sender.drained(30.0)
    assert list(events.of(RequestsAcknowledged)[-1].numbers) == [101]


async def test_what_waits_is_bounded() -> None:
    events = EventLog()
    sender = Sender(
        Connection(KafkaSettings(), "127.0.0.1:1"), "nowhere", "me", turns=Turns(), emit=events, clock=time.time
    )
    send(sender, MAX_WAITING)
    with pytest.raises(SendRefused, match="1,000,000 requests wait"):
        send(sender)
    with pytest.raises(SendRefused, match="the least is 1"):
        send(sender, 0)
    sender.abandon("stopped")
    assert sender.waiting == 0
    assert send(sender) == range(MAX_WAITING, MAX_WAITING + 1)
