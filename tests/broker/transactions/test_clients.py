"""Transactions of real clients, on both brokers: what is committed is read by all, what is aborted by none."""

from __future__ import annotations

import aiokafka.errors
import confluent_kafka
import kafka.errors
import pytest

from tests.broker.transactions.answers import NONE
from tests.broker.transactions.calls import Calls
from tests.broker.transactions.clients import READERS, WRITERS, writing
from tests.kafka_cluster import Cluster

END = b"the end"
FENCED: dict[str, type[Exception]] = {
    "aiokafka": aiokafka.errors.ProducerFenced,
    "confluent": confluent_kafka.KafkaException,
    "kafka-python": kafka.errors.ProducerFencedError,
}


@pytest.mark.parametrize("client", WRITERS)
async def test_what_one_client_commits_all_clients_read_and_nothing_else(
    cluster: Cluster, calls: Calls, client: str
) -> None:
    async with writing(client, cluster.bootstrap_servers, calls.transactional_id) as writer:
        for number in range(3):
            await writer.begin()
            await writer.send(calls.topic, b"aborted %d" % number)
            await writer.abort()
            await writer.begin()
            await writer.send(calls.topic, b"a%d" % number, b"b%d" % number)
            await writer.commit()
        await writer.begin()
        await writer.send(calls.topic, END)
        await writer.commit()
    for read in READERS.values():
        found = await read(cluster.bootstrap_servers, calls.topic, END)
        assert found == [b"a0", b"b0", b"a1", b"b1", b"a2", b"b2", END]


@pytest.mark.parametrize("client", WRITERS)
async def test_the_offsets_of_a_group_count_with_the_transaction_they_were_sent_in(
    cluster: Cluster, calls: Calls, client: str
) -> None:
    async with writing(client, cluster.bootstrap_servers, calls.transactional_id) as writer:
        await writer.begin()
        await writer.send(calls.topic, b"x")
        await writer.send_offset(calls.topic, 7, calls.group_id)
        await writer.abort()
        await calls.completed()
        assert await calls.reads.committed_offsets() == {0: (NONE, -1)}
        await writer.begin()
        await writer.send_offset(calls.topic, 8, calls.group_id)
        await writer.commit()
        await calls.completed()
        assert await calls.reads.committed_offsets() == {0: (NONE, 8)}


@pytest.mark.parametrize("client", WRITERS)
async def test_a_second_producer_with_the_same_id_fences_the_first(cluster: Cluster, calls: Calls, client: str) -> None:
    async with writing(client, cluster.bootstrap_servers, calls.transactional_id) as first:
        await first.begin()
        await first.send(calls.topic, b"of the first")
        async with writing(client, cluster.bootstrap_servers, calls.transactional_id) as second:
            await second.begin()
            await second.send(calls.topic, b"of the second", END)
            await second.commit()
        with pytest.raises(FENCED[client], match=r"(?i)fence"):
            await first.commit()
    for read in READERS.values():
        assert await read(cluster.bootstrap_servers, calls.topic, END) == [b"of the second", END]
