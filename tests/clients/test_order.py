"""Answers of one partition are stored in the order of their requests, also if one of them is given up.

Only on the embedded broker: its hook says that the partition of the dead letters has no leader, as a broker does that
has just been started again.
"""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from aiokafka.producer.message_accumulator import MessageBatch
from aiokafka.structs import TopicPartition
from msgspec.structs import replace

from tests.clients.committed import committed_records
from tests.kafka_cluster import EmbeddedCluster, admin_of, connection_to, fresh_settings, read_topic
from tui.broker.api import RequestContext
from tui.broker.apis import APIS
from tui.calc.operations import Operations
from tui.clients import topics
from tui.clients.aiokafka_types import Record
from tui.clients.answers import Answers, Calculator
from tui.clients.connection import Connection, closed, started
from tui.clients.delivery import AtLeastOnce, DeadLetterRefused
from tui.settings import Settings

METADATA = 3
NO_LEADER = -1
LEADER_NOT_AVAILABLE = 5


class Leaderless:
    """While it lasts, Metadata names no leader for one topic."""

    def __init__(self, embedded: EmbeddedCluster, topic: str) -> None:
        self._broker = embedded.broker.broker
        self._topic = topic
        self.lasts = True

    async def __call__(self, context: RequestContext, api_key: int, request: Any) -> Any:
        if api_key != METADATA or not self.lasts:
            return None
        response: Any = await APIS[METADATA].handle(self._broker, request, context)
        for topic in response.topics:
            for partition in topic.partitions if topic.name == self._topic else ():
                partition.leader_id, partition.error_code = NO_LEADER, LEADER_NOT_AVAILABLE
        return response


async def requests_that_are_none(embedded: EmbeddedCluster, topic: str, count: int) -> list[Record]:
    """Send that many messages that become dead letters to partition 0, and read them back."""
    producer = connection_to(embedded).producer("sender")
    await started(producer)
    try:
        batch = producer.create_batch()
        for number in range(count):
            batch.append(timestamp=None, key=None, value=b"no request %d" % number)
        await (await producer.send_batch(batch, topic, partition=0))
    finally:
        await closed(producer, 1.0)
    return await read_topic(embedded, topic, count)


def calculator_of(settings: Settings) -> Calculator:
    """That of a worker client-0."""
    return Calculator("client-0", settings.topics, Operations.standard(), 1 << 20, lambda: 0.0)


def answered(calculator: Calculator, delivery: AtLeastOnce, records: Sequence[Record]) -> Answers:
    """The answers to these, as one batch."""
    answers = Answers(calculator, delivery.create_batch, lambda offset: 1)
    for record in records:
        answers.add(record)
    return answers


async def test_a_batch_that_is_given_up_takes_those_behind_it_with_it(
    embedded: EmbeddedCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """aiokafka gives up what has waited for a leader as long as a request may take, and sends the next if the leader
    comes back just then; a broker that has not heard of the producer takes that, whatever its sequence number."""
    settings = fresh_settings(embedded)
    connection = Connection(replace(settings.kafka, request_timeout_s=1.0), embedded.bootstrap_servers)
    async with admin_of(embedded) as admin:
        await topics.ensure(admin, topics.plans(settings.topics))
    records = await requests_that_are_none(embedded, settings.topics.requests, 4)
    leaderless = Leaderless(embedded, settings.topics.dead_letters)
    embedded.broker.hooks.append(leaderless)
    gave_up: Callable[[MessageBatch, Exception], None] = MessageBatch.failure

    def given_up(batch: MessageBatch, exception: Exception) -> None:
        leaderless.lasts = False
        gave_up(batch, exception)

    monkeypatch.setattr(MessageBatch, "failure", given_up)
    calculator = calculator_of(settings)
    delivery = AtLeastOnce(connection, calculator, TopicPartition(settings.topics.requests, 0), lambda *_: None)

    def group() -> list[Answers]:
        return [answered(calculator, delivery, records[:2]), answered(calculator, delivery, records[2:])]

    try:
        with pytest.raises(DeadLetterRefused, match="no leader"):
            await delivery.deliver(group())
        await delivery.close(1.0)
        await delivery.deliver(group())
    finally:
        await delivery.close(1.0)
    letters = await committed_records(embedded, [settings.topics.dead_letters])
    assert [letter.value for letter in letters] == [record.value for record in records]
