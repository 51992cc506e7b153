"""How the answers of one lane reach the broker, and what has to happen before their requests count as answered."""

from abc import ABC, abstractmethod
from asyncio import Future
from collections.abc import Callable, Sequence
from contextlib import suppress

from aiokafka.errors import BrokerResponseError, KafkaConnectionError, KafkaTimeoutError, MessageSizeTooLargeError
from aiokafka.structs import RecordMetadata, TopicPartition

from tui.clients.aiokafka_types import BatchBuilder, Producer, new_batch
from tui.clients.answers import Answers, Calculator
from tui.clients.connection import BATCH_BYTES, Connection, closed, started
from tui.clients.insides import sever
from tui.clients.reasons import reason

_LEAST_BATCH_BYTES = 1_024


class DeadLetterRefused(Exception):
    """The dead-letter topic does not take a dead letter; the message says why."""


class Fenced(Exception):
    """Another producer has taken this one's place. Whoever owns the partition now is to go on, nobody else."""


class Delivery(ABC):
    """Owns one producer at a time, from the first need of it to `close`. A failed delivery is closed and opened anew.

    There is one for each assignment of a partition. While more requests are there, it waits for a group of
    `worthwhile` batches. `transactional` says what its batches are.
    """

    worthwhile = 8
    transactional = False

    def __init__(self, connection: Connection, calculator: Calculator, partition: TopicPartition) -> None:
        self._connection = connection
        self._calculator = calculator
        self._partition = partition
        self._producer: Producer | None = None
        self._batch_bytes = BATCH_BYTES
        self._severed = False

    @abstractmethod
    async def open(self, reached: int) -> int:
        """The offset to begin with: everything before it is answered for good.

        `reached` is where this lane has come to, or where an uncommitted partition begins. Raises KafkaError, Fenced.
        """

    @abstractmethod
    async def deliver(self, group: Sequence[Answers]) -> None:
        """Store the answers, in order; when it returns, they are there for good. Raises DeadLetterRefused, Fenced,
        KafkaError."""

    def sever(self) -> None:
        """Cut the producer's connections at once, and never have another one: what it began stays as it is."""
        self._severed = True
        if self._producer is not None:
            sever(self._producer)

    async def close(self, within_s: float) -> None:
        """Give up the producer, within `within_s` seconds and what it takes to cut it off."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await closed(producer, within_s)

    def reason(self, error: BaseException) -> str:
        """`error`, which this or its lane met, in words, on one line."""
        topics = self._calculator.topics
        written = (topics.results, topics.dead_letters)
        if isinstance(error, KafkaConnectionError):
            return self._connection.advice(error)
        return self._connection.reason(error, reads=(topics.requests,), writes=written, joins=True)

    async def producer(self) -> Producer:
        """The producer, started. Raises KafkaError."""
        if self._severed:
            raise KafkaConnectionError("the connections of this worker were cut")
        if self._producer is None:
            self._producer = self._new_producer()
            await started(self._producer)
        return self._producer

    def create_batch(self, size: int) -> BatchBuilder:
        """An empty batch for a record of about `size` bytes, and for more if there is room.

        A record larger than a batch is compressed, as its request may have been: what was below a limit of the broker
        when it came must not be above it now.
        """
        return new_batch(self._batch_bytes, compressed=size > BATCH_BYTES, transactional=self.transactional)

    def _new_producer(self) -> Producer:
        return self._connection.producer(self._calculator.client_id, self._batch_bytes)

    async def _store(self, group: Sequence[Answers]) -> None:
        """Dead letters go first and are waited for: were they refused afterwards, a retry would repeat the results."""
        topics = self._calculator.topics
        try:
            await self._stored(topics.dead_letters, group)
        except BrokerResponseError as error:
            raise DeadLetterRefused(f"{topics.dead_letters} refused a dead letter: {reason(error)}") from error
        try:
            await self._stored(topics.results, group)
        except MessageSizeTooLargeError:
            self._batch_bytes = max(_LEAST_BATCH_BYTES, self._batch_bytes // 2)
            raise

    async def _stored(self, topic: str, group: Sequence[Answers]) -> None:
        """One batch after the other. What waits for a leader longer than a request may take is given up by aiokafka,
        which still sends those behind it; and a broker that has not heard of the producer before takes them, whatever
        their sequence numbers. (It never has two batches of a partition on their way anyway.)"""
        for answers in group:
            for builder in answers.batches(topic):
                await (await self._queued(topic, builder))

    async def _queued(self, topic: str, builder: BatchBuilder) -> "Future[RecordMetadata]":
        builder.close()
        producer = await self.producer()
        # The topic may have fewer partitions than the requests topic.
        count = len(await producer.partitions_for(topic))
        while True:
            # While the broker is away the batch before this one is not delivered; giving up would only repeat both.
            with suppress(KafkaTimeoutError):
                future = await producer.send_batch(builder, topic, partition=self._partition.partition % count)
                # Whoever awaits it may be cancelled first; its error must then not be reported as never retrieved.
                future.add_done_callback(lambda done: done.cancelled() or done.exception())
                return future


class AtLeastOnce(Delivery):
    """A request is answered when the broker has acknowledged its answer; its offset is committed soon after.

    `safe(partition, next_offset)` is called with all progress. Whatever dies in between, it is answered again.
    """

    def __init__(
        self,
        connection: Connection,
        calculator: Calculator,
        partition: TopicPartition,
        safe: Callable[[int, int], None],
    ) -> None:
        super().__init__(connection, calculator, partition)
        self._safe = safe

    async def open(self, reached: int) -> int:
        # A place that was never committed would make the lag unknown to everybody until the first request.
        self._safe(self._partition.partition, reached)
        return reached

    async def deliver(self, group: Sequence[Answers]) -> None:
        await self._store(group)
        self._safe(self._partition.partition, group[-1].next_offset)
