"""The three topics of a run through another client, confluent-kafka: messages in, answers and offsets out."""

import time
from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple, Self

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer, TopicPartition

from tests.faults.messages import Headers
from tests.faults.stored import Stored
from tests.fuzz.malformed import Malformed

ANSWER_S = 10.0
PRODUCED_WITHIN_S = 60.0
MAX_MESSAGE_BYTES = 4_000_000
_FILL_S = 0.1
_BATCH = 5_000


class Place(NamedTuple):
    """Where a message is stored."""

    partition: int
    offset: int


def produce(servers: str, topic: str, partitions: int, messages: Sequence[Malformed], codec: str) -> dict[int, Place]:
    """Store the messages, in order, in partition `number % partitions`; the place by number of those acknowledged."""
    producer = Producer(
        {
            "bootstrap.servers": servers,
            "enable.idempotence": True,
            "linger.ms": 5,
            "compression.type": codec,
            "message.max.bytes": MAX_MESSAGE_BYTES,
            "queue.buffering.max.messages": 2 * len(messages),
            "log_level": 0,
        }
    )
    places: dict[int, Place] = {}
    for message in messages:
        producer.produce(
            topic,
            value=message.value,
            key=message.key,
            headers=[*message.headers],
            partition=message.number % partitions,
            on_delivery=partial(_told, places, message.number),
        )
        producer.poll(0)
    producer.flush(PRODUCED_WITHIN_S)
    return places


def _told(places: dict[int, Place], number: int, error: KafkaError | None, stored: Message) -> None:
    partition, offset = stored.partition(), stored.offset()
    if error is None and partition is not None and offset is not None:
        places[number] = Place(partition, offset)


class Answered:
    """Reads what is committed in the topics of answers, each partition from where it stopped. To be closed."""

    def __init__(self, servers: str, topics: Sequence[str], partitions: int) -> None:
        self._consumer = _consumer(servers, "fuzz-reader")
        self._consumer.assign([TopicPartition(topic, number, 0) for topic in topics for number in range(partitions)])
        self._places = len(topics) * partitions

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._consumer.close()

    def some(self) -> Iterator[tuple[str, Stored]]:
        """What came within a moment, with its topic."""
        for message in self._consumer.consume(_BATCH, _FILL_S):
            if _is_record(message):
                yield _stored(message)

    def rest(self, within_s: float) -> Iterator[tuple[str, Stored]]:
        """All that is left up to the ends; TimeoutError if they are not reached."""
        assignment = self._consumer.assignment()
        here = self._consumer.position(assignment)
        self._consumer.assign([TopicPartition(each.topic, each.partition, max(each.offset, 0)) for each in here])
        ended: set[tuple[str | None, int | None]] = set()
        deadline = time.monotonic() + within_s
        while len(ended) < self._places:
            if time.monotonic() > deadline:
                raise TimeoutError(f"the answers could not be read to their ends within {within_s:.0f} s")
            for message in self._consumer.consume(_BATCH, _FILL_S):
                if _is_record(message):
                    yield _stored(message)
                else:
                    ended.add((message.topic(), message.partition()))


def uncommitted(servers: str, group: str, topic: str, partitions: int) -> list[str]:
    """Partitions whose committed offset is not where the log ends, in words."""
    consumer = _consumer(servers, group)
    try:
        places = [TopicPartition(topic, number) for number in range(partitions)]
        found: list[str] = []
        for place in consumer.committed(places, ANSWER_S):
            offsets = consumer.get_watermark_offsets(place, ANSWER_S)
            if offsets is None or place.offset != offsets[1]:
                found.append(f"p{place.partition}: committed {place.offset}, begin and end are {offsets}")
        return found
    finally:
        consumer.close()


def _consumer(servers: str, group: str) -> Consumer:
    return Consumer(
        {
            "bootstrap.servers": servers,
            "group.id": group,
            "enable.auto.commit": False,
            "auto.offset.reset": "error",
            "isolation.level": "read_committed",
            "enable.partition.eof": True,
            "fetch.wait.max.ms": 20,
            "fetch.message.max.bytes": MAX_MESSAGE_BYTES,
            "queued.max.messages.kbytes": 32_768,
            "log_level": 0,
        }
    )


def _is_record(message: Message) -> bool:
    """False at the end of a partition. Raises KafkaException for what is wrong with the log or the broker."""
    error = message.error()
    if error is not None and error.code() != KafkaError._PARTITION_EOF:
        raise KafkaException(error)
    return error is None


def _stored(message: Message) -> tuple[str, Stored]:
    topic, number, offset = message.topic(), message.partition(), message.offset()
    headers = message.headers() or []
    assert topic is not None
    assert number is not None
    assert offset is not None
    assert isinstance(headers, list)
    plain: Headers = tuple((name, value.encode() if isinstance(value, str) else value) for name, value in headers)
    return topic, Stored(number, offset, message.key(), message.value(), plain)
