"""One transactional id: its producer's identity, and the transaction that is or was last open."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from tui.broker.errors import ErrorCode, KafkaError

NO_PRODUCER_ID = -1
NO_EPOCH = -1
NO_TIME = -1
#: The largest epoch a producer is given; the one above it is left for fencing that producer.
LAST_EPOCH = (1 << 15) - 2

TopicPartition = tuple[str, int]


class TransactionState(StrEnum):
    """States by Kafka's names; a transaction ends in one step here, so none is ever "Prepare…"."""

    EMPTY = "Empty"
    ONGOING = "Ongoing"
    COMPLETE_COMMIT = "CompleteCommit"
    COMPLETE_ABORT = "CompleteAbort"


class ProducerIdAndEpoch(NamedTuple):
    """Who a producer is: each incarnation of a transactional id has a higher epoch than the one before."""

    producer_id: int
    epoch: int


@dataclass(frozen=True, slots=True)
class EndedTransaction:
    """What is to be done now: a marker in each partition, and the offsets of the groups applied or dropped."""

    producer: ProducerIdAndEpoch
    committed: bool
    partitions: frozenset[TopicPartition]
    groups: frozenset[str]


@dataclass(slots=True, eq=False)
class Transaction:
    """A state machine without a clock; times are Unix milliseconds. Starts without an epoch, see `bump`."""

    transactional_id: str
    producer_id: int
    timeout_ms: int
    updated_ms: int
    epoch: int = NO_EPOCH
    last_epoch: int = NO_EPOCH
    previous_producer_id: int = NO_PRODUCER_ID
    state: TransactionState = TransactionState.EMPTY
    started_ms: int = NO_TIME
    partitions: set[TopicPartition] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)

    @property
    def producer(self) -> ProducerIdAndEpoch:
        return ProducerIdAndEpoch(self.producer_id, self.epoch)

    @property
    def is_ongoing(self) -> bool:
        return self.state is TransactionState.ONGOING

    @property
    def is_exhausted(self) -> bool:
        """Whether the producer id has no epoch left to give."""
        return self.epoch >= LAST_EPOCH

    def check_known(self, known: ProducerIdAndEpoch | None) -> None:
        """KafkaError PRODUCER_FENCED if a producer that names its own id (KIP-360) has another than ours.

        Its former one will do where that id was exhausted: it may not have heard of the new one.
        """
        if known is None or self.epoch == NO_EPOCH or known.producer_id == self.producer_id:
            return
        if known.producer_id != self.previous_producer_id or known.epoch < LAST_EPOCH:
            raise KafkaError(ErrorCode.PRODUCER_FENCED, f"the producer id is {self.producer_id} by now")

    def bump(self, known: ProducerIdAndEpoch | None) -> None:
        """Begin the next incarnation, or KafkaError PRODUCER_FENCED if `known` is no longer the current one.

        A producer that names the epoch before ours asks again for the answer it did not get, and gets it.
        """
        if known is None:
            self.last_epoch, self.epoch = NO_EPOCH, self.epoch + 1
        elif self.epoch in (NO_EPOCH, known.epoch):
            self.last_epoch, self.epoch = self.epoch, self.epoch + 1
        elif known.epoch != self.last_epoch:
            raise KafkaError(ErrorCode.PRODUCER_FENCED, f"the producer's epoch is {self.epoch} by now")

    def rotate(self, producer_id: int, known: ProducerIdAndEpoch | None) -> None:
        """Begin the next incarnation under a new producer id, the old one being exhausted."""
        self.previous_producer_id, self.producer_id = self.producer_id, producer_id
        self.last_epoch, self.epoch = (NO_EPOCH if known is None else known.epoch), 0

    def renew(self, timeout_ms: int, now_ms: int) -> None:
        """Wait for the first transaction of an incarnation."""
        self.state = TransactionState.EMPTY
        self.started_ms = NO_TIME
        self.timeout_ms = timeout_ms
        self.updated_ms = now_ms

    def begin(self, now_ms: int) -> None:
        """Open a transaction unless one is open."""
        self.updated_ms = now_ms
        if not self.is_ongoing:
            self.state = TransactionState.ONGOING
            self.started_ms = now_ms

    def check_end(self, committed: bool) -> None:
        """KafkaError INVALID_TXN_STATE unless a transaction is open, or was ended in the same way."""
        done = TransactionState.COMPLETE_COMMIT if committed else TransactionState.COMPLETE_ABORT
        if not self.is_ongoing and self.state is not done:
            raise KafkaError(ErrorCode.INVALID_TXN_STATE, f"the transaction is {self.state}")

    def end(self, committed: bool, now_ms: int) -> EndedTransaction:
        """Close the open transaction."""
        ended = EndedTransaction(self.producer, committed, frozenset(self.partitions), frozenset(self.groups))
        self.state = TransactionState.COMPLETE_COMMIT if committed else TransactionState.COMPLETE_ABORT
        self.updated_ms = now_ms
        self.partitions.clear()
        self.groups.clear()
        return ended

    def fence(self, now_ms: int) -> EndedTransaction:
        """Abort the open transaction with an epoch above that of its producer, which is fenced by it."""
        self.last_epoch, self.epoch = self.epoch, self.epoch + 1
        return self.end(committed=False, now_ms=now_ms)

    def is_overdue(self, now_ms: int) -> bool:
        """Whether it is open for longer than its producer allowed."""
        return self.is_ongoing and self.started_ms + self.timeout_ms < now_ms
