"""Exactly-once: the answers and the offset up to which they answer become visible together, or not at all."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from aiokafka.errors import KafkaError, ProducerFenced
from aiokafka.structs import TopicPartition

from tui.clients.aiokafka_types import Producer
from tui.clients.answers import Answers, Calculator
from tui.clients.connection import TRANSACTION_TIMEOUT_S, Connection
from tui.clients.delivery import Delivery, Fenced
from tui.clients.group_offset import GroupOffset
from tui.clients.unanswered import end_if_unanswered, errors_seen

_OPEN_S = 15.0  # longer than a coordinator takes to end what the owner before left open
_ABORT_S = 0.3


class ExactlyOnce(Delivery):
    """One transaction for each group of answers, by a producer that belongs to the partition, not to the worker.

    Starting it fences whoever had the partition before and ends his last transaction, one way or the other; only
    then is the committed offset read, from a coordinator that proves to be one (see GroupOffset). So nobody's late
    commit can come in between, and no generation of the group (KIP-447, which aiokafka has not) is needed. A producer
    that missed one answer of the broker is never used again: what it asked for might still happen, and in the middle
    of the next transaction. `committed` is called after each transaction.
    """

    transactional = True

    def __init__(
        self,
        connection: Connection,
        calculator: Calculator,
        partition: TopicPartition,
        group: str,
        committed: Callable[[], None],
    ) -> None:
        super().__init__(connection, calculator, partition)
        self._group = group
        self._committed = committed
        self._abortable = False

    async def open(self, reached: int) -> int:
        with _errors():
            async with asyncio.timeout(_OPEN_S):
                committed = await GroupOffset(await self.producer(), self._group).read(self._partition)
        place = reached if committed is None else committed
        # Committed again, for two reasons: whether that is possible proves what was read, and a place that was never
        # committed would make the lag unknown to everybody until the first request.
        await self._transaction([], place)
        return place

    async def deliver(self, group: Sequence[Answers]) -> None:
        await self._transaction(group, group[-1].next_offset)

    async def close(self, within_s: float) -> None:
        abortable, self._abortable = self._abortable, False
        producer = self._producer
        if abortable and producer is not None and not self._severed:
            # Readers wait for the end of a transaction; what cannot be ended in a moment is left to the next owner.
            # aiokafka asserts that its producer is not broken.
            with suppress(KafkaError, TimeoutError, AssertionError):
                async with asyncio.timeout(min(_ABORT_S, within_s)):
                    await producer.abort_transaction()
        await super().close(within_s)
        if producer is not None:
            errors_seen(producer)

    def _new_producer(self) -> Producer:
        transactional_id = f"{self._group}-{self._partition.topic}-{self._partition.partition}"
        producer = self._connection.producer(self._calculator.client_id, self._batch_bytes, transactional_id)
        end_if_unanswered(producer)
        return producer

    async def _transaction(self, group: Sequence[Answers], next_offset: int) -> None:
        with _errors():
            async with asyncio.timeout(TRANSACTION_TIMEOUT_S):
                producer = await self.producer()
                await producer.begin_transaction()
                self._abortable = True
                await self._store(group)
                await producer.send_offsets_to_transaction({self._partition: next_offset}, self._group)
                self._abortable = False
                await producer.commit_transaction()
                self._committed()


@contextmanager
def _errors() -> Iterator[None]:
    """What aiokafka raises, in our own words."""
    try:
        yield
    except ProducerFenced as error:
        raise Fenced("another worker has taken this partition over, or the transaction took too long") from error
    except KafkaError as error:
        if type(error) is KafkaError and isinstance(error.__cause__, Exception):
            raise error.__cause__ from None  # around what ends its sender aiokafka puts an error that says nothing
        raise
