"""The answers to one batch of requests: results and dead letters, filled into batches for their topics."""

from asyncio import Future
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from aiokafka.errors import KafkaError, KafkaTimeoutError
from aiokafka.structs import RecordMetadata

from tui.calc.answer import answer
from tui.calc.messages import NoRequest, encode_result
from tui.calc.operations import Operations
from tui.clients import dead_letters
from tui.clients.aiokafka_types import BatchBuilder, Headers, Producer, Record
from tui.clients.reasons import reason
from tui.settings import TopicSettings


class DeadLetterRefused(Exception):
    """The dead-letter topic does not take a dead letter; the message says why."""


@dataclass(frozen=True, slots=True)
class Calculator:
    """What turns a record into an answer, the same for all lanes of a worker."""

    client_id: str
    topics: TopicSettings
    operations: Operations
    max_request_bytes: int
    clock: Callable[[], float]


@dataclass(slots=True)
class Answers:
    """Answers on their way into batches; each goes to the partition number of its request, with its key."""

    calculator: Calculator
    producer: Producer
    attempt_of: Callable[[int], int]
    _open: dict[str, BatchBuilder] = field(default_factory=dict)
    _full: list[tuple[str, BatchBuilder]] = field(default_factory=list)

    def add(self, record: Record) -> None:
        """Compute the answer to one request message."""
        calculator = self.calculator
        try:
            result = answer(
                record.value,
                calculator.operations,
                topic=record.topic,
                partition=record.partition,
                offset=record.offset,
                client_id=calculator.client_id,
                attempt=self.attempt_of(record.offset),
                received_at=calculator.clock(),
                sent_at=record.timestamp / 1_000,
                clock=calculator.clock,
                max_bytes=calculator.max_request_bytes,
            )
        except NoRequest as refused:
            headers = dead_letters.headers(record, refused, calculator.client_id)
            self._append(calculator.topics.dead_letters, record.key, record.value, headers)
        else:
            self._append(calculator.topics.results, record.key, encode_result(result), [])

    def _append(self, topic: str, key: bytes | None, value: bytes | None, headers: Headers) -> None:
        builder = self._open.get(topic)
        if builder is None:
            builder = self._open[topic] = self.producer.create_batch()
        if builder.append(timestamp=None, key=key, value=value, headers=headers) is None:
            self._full.append((topic, self._open.pop(topic)))
            self._append(topic, key, value, headers)

    async def send(self, partition: int) -> list["Future[RecordMetadata]"]:
        """Hand all results to the producer; each future ends when the broker has stored its batch, or fails.

        Dead letters go first and are waited for: were they refused afterwards, every retry would repeat the results.
        Raises DeadLetterRefused.
        """
        batches = [*self._full, *self._open.items()]
        dead_letters_topic = self.calculator.topics.dead_letters
        try:
            for future in [await self._queued(*each, partition) for each in batches if each[0] == dead_letters_topic]:
                await future
        except KafkaError as error:
            raise DeadLetterRefused(f"{dead_letters_topic} refused a dead letter: {reason(error)}") from error
        return [await self._queued(*each, partition) for each in batches if each[0] != dead_letters_topic]

    async def _queued(self, topic: str, builder: BatchBuilder, partition: int) -> "Future[RecordMetadata]":
        builder.close()
        # The topic may have fewer partitions than the requests topic.
        count = len(await self.producer.partitions_for(topic))
        while True:
            # While the broker is away the batch before this one is not delivered; giving up would only repeat both.
            with suppress(KafkaTimeoutError):
                future = await self.producer.send_batch(builder, topic, partition=partition % count)
                # Whoever awaits it may be cancelled first; its error must then not be reported as never retrieved.
                future.add_done_callback(lambda done: done.cancelled() or done.exception())
                return future
