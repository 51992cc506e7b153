"""One record looked up by its place: all of it, or that it is gone, or why nobody can say."""

import asyncio
import time
from typing import cast

import pytest
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.structs import TopicPartition

from tests.kafka_cluster import Cluster, admin_of, connection_to, fresh_settings
from tests.real_kafka import free_port
from tui.clients import topics
from tui.clients.aiokafka_types import Headers
from tui.clients.connection import Connection, closed, started
from tui.clients.look_up import Looked, look_up
from tui.clients.refusals import LookUpFailed
from tui.clients.topics import NewTopicPlan
from tui.settings import KafkaSettings

HEADERS: Headers = [("kcalc-reason", b"not_json"), ("empty", b""), ("kcalc-reason", b"\xff\x00")]


async def new_topic(cluster: Cluster) -> str:
    name = fresh_settings(cluster).topics.requests
    async with admin_of(cluster) as admin:
        await topics.ensure(admin, [NewTopicPlan(name, 2, 1)])
    return name


async def stored(cluster: Cluster, topic: str, *, transaction: bool = False) -> None:
    """Three records in partition 1: the second has headers and no value; `transaction` ends them with a marker."""
    producer = connection_to(cluster).producer("test", transactional_id=f"{topic}-tx" if transaction else None)
    await started(producer)
    try:
        if transaction:
            await producer.begin_transaction()
        batch = producer.create_batch()
        batch.append(timestamp=1_000, key=None, value=b"first")
        batch.append(timestamp=1_732_276_867_123, key=b"k\xff", value=None, headers=HEADERS)
        batch.append(timestamp=3_000, key=None, value=b"third")
        batch.close()
        await (await producer.send_batch(batch, topic, partition=1))
        if transaction:
            await producer.commit_transaction()
    finally:
        await closed(producer, 2.0)


async def test_a_record_comes_with_its_key_value_headers_and_time(cluster: Cluster) -> None:
    topic = await new_topic(cluster)
    await stored(cluster, topic)
    connection = connection_to(cluster)
    assert await look_up(connection, topic, 1, 0, 10.0) == Looked(None, b"first", (), 1.0)
    second = await look_up(connection, topic, 1, 1, 10.0)
    assert second == Looked(b"k\xff", None, tuple(HEADERS), 1_732_276_867.123)


async def test_where_nothing_is_kept_there_is_none(cluster: Cluster) -> None:
    topic = await new_topic(cluster)
    await stored(cluster, topic)
    connection = connection_to(cluster)
    assert await look_up(connection, topic, 1, 3, 10.0) is None, "it did not come yet"
    assert await look_up(connection, topic, 0, 0, 10.0) is None, "an empty partition"
    async with admin_of(cluster) as admin:
        await cast(AIOKafkaAdminClient, admin).delete_records({TopicPartition(topic, 1): RecordsToDelete(2)})
    assert await look_up(connection, topic, 1, 1, 10.0) is None, "deleted by retention"
    assert await look_up(connection, topic, 1, 2, 10.0) == Looked(None, b"third", (), 3.0)


async def test_the_end_of_a_transaction_is_no_record(cluster: Cluster) -> None:
    topic = await new_topic(cluster)
    await stored(cluster, topic, transaction=True)
    connection = connection_to(cluster)
    async with asyncio.timeout(10.0):
        while (third := await look_up(connection, topic, 1, 2, 10.0)) is None:
            pass  # Kafka answers a commit before it has ended the transaction in each partition
    assert third == Looked(None, b"third", (), 3.0)
    assert await look_up(connection, topic, 1, 3, 10.0) is None


async def test_a_topic_that_is_not_there_is_said_in_time(cluster: Cluster) -> None:
    began = time.monotonic()
    with pytest.raises(LookUpFailed):
        await look_up(connection_to(cluster), fresh_settings(cluster).topics.requests, 77, 0, 2.0)
    assert time.monotonic() - began < 5.0


async def test_without_a_broker_it_says_so_in_time() -> None:
    address = f"127.0.0.1:{free_port()}"
    connection = Connection(KafkaSettings(bootstrap_servers=address), address)
    began = time.monotonic()
    with pytest.raises(LookUpFailed, match="no broker answers"):
        await look_up(connection, "kcalc.requests", 0, 0, 5.0)
    assert time.monotonic() - began < 5.0
