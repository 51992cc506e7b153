"""Requests as large as the topic takes them, or larger before they were compressed: each gets its answer."""

import asyncio

import pytest
from confluent_kafka import Producer

from tests.clients.committed import committed_records
from tests.kafka_cluster import Cluster, EventLog, fresh_settings, joined, running, settled, until
from tui.events import LaneFailed

LARGEST = 4 << 20
REQUEST = b'{"operator_1": 1, "operator_2": 2, "operation": "sum"}'


def put(bootstrap_servers: str, topic: str, key: bytes, value: bytes, codec: str) -> None:
    """Store one request in partition 0, compressed by `codec`."""
    producer = Producer(
        {
            "bootstrap.servers": bootstrap_servers,
            "compression.type": codec,
            "message.max.bytes": 100_000_000,
            "message.timeout.ms": 20_000,
        }
    )
    refused: list[str] = []
    producer.produce(topic, value, key, 0, on_delivery=lambda error, _: refused.append(str(error)) if error else None)
    assert producer.flush(30.0) == 0
    assert refused == []


@pytest.mark.parametrize("delivery", ["at_least_once", "exactly_once"])
@pytest.mark.parametrize(
    ("key", "value", "codec", "dead"),
    [
        pytest.param(b"k" * (LARGEST - 200), REQUEST, "none", 0, id="a key of 4 MiB"),
        pytest.param(b"k" * (LARGEST - 200), b"?", "none", 1, id="a key of 4 MiB and no request"),
        pytest.param(b"k" * 6_000_000, REQUEST, "gzip", 0, id="a key of 6 MB, compressed"),
        pytest.param(b"k", b"0" * 6_000_000, "gzip", 1, id="a value of 6 MB, compressed"),
        pytest.param(b"k", b"0" * 40_000_000, "zstd", 1, id="a value of 40 MB, compressed"),
    ],
)
async def test_it_does_not_stop_its_partition(
    cluster: Cluster, key: bytes, value: bytes, codec: str, dead: int, delivery: str
) -> None:
    settings = fresh_settings(cluster, count=1, delivery=delivery)
    events = EventLog()
    async with running(settings, on_event=events) as session:
        await until(lambda: joined(session, 1))
        await asyncio.to_thread(put, cluster.bootstrap_servers, settings.topics.requests, key, value, codec)
        session.send("1", "sum", "2", partition=0)
        await until(lambda: settled(session))
        books = session.ledger.accounting()
        assert (books.done, books.again) == (1, 0)
        assert events.of(LaneFailed) == []
    letters = await committed_records(cluster, [settings.topics.dead_letters])
    results = await committed_records(cluster, [settings.topics.results])
    assert [(letter.key, letter.value) for letter in letters] == [(key, value)] * dead
    assert [result.key for result in results] == [key] * (1 - dead) + [None]
