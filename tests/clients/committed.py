"""What stands in topics under read_committed, and what a group has committed, as librdkafka sees it."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from tests.kafka_cluster import Cluster

_WITHIN_S = 30.0


@dataclass(frozen=True, slots=True)
class Visible:
    """One record."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None


async def committed_records(cluster: Cluster, topics: Sequence[str], partitions: int = 4) -> list[Visible]:
    """All records of the topics that are visible now, by topic, partition and offset."""
    # In a thread: the embedded broker needs the event loop to answer.
    return await asyncio.to_thread(_records, cluster.bootstrap_servers, topics, partitions)


async def committed_offsets(cluster: Cluster, group: str, topic: str, partitions: int = 4) -> dict[int, int]:
    """The committed offset by partition, of those that have one."""
    return await asyncio.to_thread(_offsets, cluster.bootstrap_servers, group, topic, partitions)


def _consumer(bootstrap_servers: str, group: str) -> Consumer:
    return Consumer(
        {
            "bootstrap.servers": bootstrap_servers,
            "group.id": group,
            "isolation.level": "read_committed",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "fetch.wait.max.ms": 10,
        }
    )


def _records(bootstrap_servers: str, topics: Sequence[str], partitions: int) -> list[Visible]:
    consumer = _consumer(bootstrap_servers, "nobody")
    try:
        consumer.assign([TopicPartition(topic, number, 0) for topic in topics for number in range(partitions)])
        found: list[Visible] = []
        ended: set[tuple[str | None, int | None]] = set()
        deadline = time.monotonic() + _WITHIN_S
        while len(ended) < len(topics) * partitions:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{topics} could not be read within {_WITHIN_S:.0f} s")
            for message in consumer.consume(1_000, 0.1):
                error, topic, partition = message.error(), message.topic(), message.partition()
                if error is None:
                    offset, key, value = message.offset(), message.key(), message.value()
                    assert topic is not None
                    assert partition is not None
                    assert offset is not None
                    found.append(Visible(topic, partition, offset, _bytes(key), _bytes(value)))
                elif error.code() == KafkaError._PARTITION_EOF:
                    ended.add((topic, partition))
                elif not error.retriable():
                    raise KafkaException(error)
        return sorted(found, key=lambda record: (record.topic, record.partition, record.offset))
    finally:
        consumer.close()


def _offsets(bootstrap_servers: str, group: str, topic: str, partitions: int) -> dict[int, int]:
    consumer = _consumer(bootstrap_servers, group)
    try:
        places = consumer.committed([TopicPartition(topic, number) for number in range(partitions)], _WITHIN_S)
        return {place.partition: place.offset for place in places if place.offset >= 0}
    finally:
        consumer.close()


def _bytes(value: object) -> bytes | None:
    assert value is None or isinstance(value, bytes)
    return value
