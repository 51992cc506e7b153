"""Reads the topics of a run back with another client: confluent-kafka, read_committed."""

import time
from collections.abc import Iterator

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from tests.faults.messages import Headers
from tests.faults.stored import ReadBack, Stored
from tests.faults.topics import PARTITIONS, Names
from tests.faults.watch import Watch

BATCH = 5_000
ANSWER_S = 5.0
FILL_S = 0.3
LOOK_S = 0.2
WITHIN_S = 180.0
SETTLES_WITHIN_S = 20.0


def read_back(servers: str, names: Names, watch: Watch) -> ReadBack:
    """Everything that the check wants to know, once the run is over."""
    watch.last_look()
    return ReadBack(
        requests=read_topic(servers, names.requests),
        results=read_topic(servers, names.results),
        dead_letters=read_topic(servers, names.dead_letters),
        committed=watch.committed,
        samples=watch.samples,
    )


def read_topic(servers: str, topic: str) -> Iterator[Stored]:
    """All committed records, each partition in order; TimeoutError if they cannot be read."""
    consumer = _consumer(servers, "read_committed")
    try:
        consumer.assign([TopicPartition(topic, partition, 0) for partition in range(PARTITIONS)])
        yield from _all(consumer, topic)
    finally:
        consumer.close()


def open_transactions(servers: str, topic: str, within_s: float = SETTLES_WITHIN_S) -> list[str]:
    """Partitions in which a transaction stays open that long after all workers have ended: what follows is unread."""
    deadline = time.monotonic() + within_s
    while True:
        stable, ends = _ends(servers, topic, "read_committed"), _ends(servers, topic, "read_uncommitted")
        found = [f"{topic} p{n}: stable until {stable[n]}, ends at {end}" for n, end in ends.items() if stable[n] < end]
        if not found or time.monotonic() > deadline:
            return found
        time.sleep(LOOK_S)


def _ends(servers: str, topic: str, isolation_level: str) -> dict[int, int]:
    consumer = _consumer(servers, isolation_level)
    try:
        found: dict[int, int] = {}
        for partition in range(PARTITIONS):
            offsets = consumer.get_watermark_offsets(TopicPartition(topic, partition), ANSWER_S)
            if offsets is None:
                raise TimeoutError(f"{topic}/{partition}: no answer within {ANSWER_S:.0f} s")
            found[partition] = offsets[1]
        return found
    finally:
        consumer.close()


def _consumer(servers: str, isolation_level: str) -> Consumer:
    return Consumer(
        {
            "bootstrap.servers": servers,
            "client.id": "faults-reader",
            "group.id": "faults-reader",
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "isolation.level": isolation_level,
            "enable.partition.eof": True,
            "log_level": 0,
        }
    )


def _all(consumer: Consumer, topic: str) -> Iterator[Stored]:
    ended: set[int | None] = set()
    deadline = time.monotonic() + WITHIN_S
    while len(ended) < PARTITIONS:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{topic} could not be read within {WITHIN_S:.0f} s")
        for message in consumer.consume(BATCH, FILL_S):
            error = message.error()
            if error is None:
                yield _stored(message)
            elif error.code() == KafkaError._PARTITION_EOF:
                ended.add(message.partition())
            elif not error.retriable():
                raise KafkaException(error)


def _stored(message: Message) -> Stored:
    partition, offset, headers = message.partition(), message.offset(), message.headers() or []
    assert partition is not None
    assert offset is not None
    assert isinstance(headers, list)
    plain: Headers = tuple((name, value.encode() if isinstance(value, str) else value) for name, value in headers)
    return Stored(partition, offset, message.key(), message.value(), plain)
