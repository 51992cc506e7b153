"""All transactional ids of the broker: it is the coordinator of every one (KIP-98, KIP-360)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from tui.broker.errors import ErrorCode, KafkaError
from tui.broker.transactions.settings import TransactionSettings
from tui.broker.transactions.transaction import (
    EndedTransaction,
    ProducerIdAndEpoch,
    TopicPartition,
    Transaction,
)


class TransactionCoordinator:
    """Decides about requests by transactional id; what it refuses is a KafkaError. Nothing here waits.

    `end` is called with every transaction that ends and writes what must be written before it returns. Times
    are Unix milliseconds. Whatever concerns an incarnation that is over is refused with PRODUCER_FENCED, which
    the older versions of the APIs call INVALID_PRODUCER_EPOCH.
    """

    def __init__(
        self,
        settings: TransactionSettings,
        new_producer_id: Callable[[], int],
        end: Callable[[EndedTransaction], None],
    ) -> None:
        self.settings = settings
        self._new_producer_id = new_producer_id
        self._end = end
        self._transactions: dict[str, Transaction] = {}
        self._open_partitions = 0

    def __iter__(self) -> Iterator[Transaction]:
        return iter(tuple(self._transactions.values()))

    def get(self, transactional_id: str) -> Transaction | None:
        return self._transactions.get(transactional_id)

    def init_producer(
        self, transactional_id: str, timeout_ms: int, known: ProducerIdAndEpoch | None, now_ms: int
    ) -> ProducerIdAndEpoch:
        """The next incarnation of a transactional id; `known` is what a producer that goes on has (KIP-360).

        A transaction that is still open is aborted, and CONCURRENT_TRANSACTIONS makes the client ask again.
        """
        self._check_id(transactional_id)
        if not 0 < timeout_ms <= self.settings.max_timeout_ms:
            message = f"transaction.timeout.ms is {timeout_ms}; allowed: 1 to {self.settings.max_timeout_ms}"
            raise KafkaError(ErrorCode.INVALID_TRANSACTION_TIMEOUT, message)
        transaction = self._transactions.get(transactional_id) or self._create(transactional_id, timeout_ms, now_ms)
        transaction.check_known(known)
        if transaction.is_ongoing:
            self._ended(transaction.fence(now_ms))
            raise KafkaError(ErrorCode.CONCURRENT_TRANSACTIONS, "the open transaction was aborted first")
        if transaction.is_exhausted and (known is None or known.epoch in (transaction.epoch, transaction.last_epoch)):
            transaction.rotate(self._new_producer_id(), known)
        else:
            transaction.bump(known)
        transaction.renew(timeout_ms, now_ms)
        return transaction.producer

    def add_partitions(
        self,
        transactional_id: str,
        producer: ProducerIdAndEpoch,
        partitions: Collection[TopicPartition],
        now_ms: int,
    ) -> None:
        """Let the producer write to partitions in its transaction, which this opens."""
        transaction = self._of_producer(transactional_id, producer)
        added = set(partitions) - transaction.partitions
        self._take_room(len(added))
        transaction.begin(now_ms)
        transaction.partitions |= added

    def add_group(self, transactional_id: str, producer: ProducerIdAndEpoch, group_id: str, now_ms: int) -> None:
        """Let the producer commit a group's offsets in its transaction, which this opens."""
        transaction = self._of_producer(transactional_id, producer)
        if len(group_id) > self.settings.max_id_chars:
            raise KafkaError(ErrorCode.INVALID_REQUEST, "the group id is too long")
        self._take_room(int(group_id not in transaction.groups))
        transaction.begin(now_ms)
        transaction.groups.add(group_id)

    def check_partition(self, transactional_id: str, producer: ProducerIdAndEpoch, partition: TopicPartition) -> None:
        """KafkaError unless the producer may write there now, INVALID_TXN_STATE if the partition was not added."""
        if partition not in self._of_writer(transactional_id, producer).partitions:
            raise KafkaError(ErrorCode.INVALID_TXN_STATE, "the partition was not added to the transaction")

    def check_group(self, transactional_id: str, producer: ProducerIdAndEpoch, group_id: str) -> None:
        """KafkaError unless the producer may commit the group's offsets now, see check_partition."""
        if group_id not in self._of_writer(transactional_id, producer).groups:
            raise KafkaError(ErrorCode.INVALID_TXN_STATE, "the group was not added to the transaction")

    def end(self, transactional_id: str, producer: ProducerIdAndEpoch, committed: bool, now_ms: int) -> None:
        """Commit or abort; harmless if that was done before."""
        transaction = self._of_producer(transactional_id, producer)
        transaction.check_end(committed)
        if transaction.is_ongoing:
            self._ended(transaction.end(committed, now_ms))

    def abort_overdue(self, now_ms: int) -> None:
        """Abort every transaction that is open for longer than its time-out, and fence its producer."""
        for transaction in self:
            if transaction.is_overdue(now_ms):
                self._ended(transaction.fence(now_ms))

    def expire(self, now_ms: int) -> None:
        """Forget transactional ids that were not used for as long as ids are kept."""
        for transaction in self:
            if not transaction.is_ongoing and transaction.updated_ms <= now_ms - self.settings.id_expiration_ms:
                del self._transactions[transaction.transactional_id]

    def _ended(self, ended: EndedTransaction) -> None:
        self._open_partitions -= len(ended.partitions) + len(ended.groups)
        self._end(ended)

    def _take_room(self, added: int) -> None:
        if self._open_partitions + added > self.settings.max_open_partitions:
            message = f"this broker holds {self.settings.max_open_partitions} partitions in open transactions"
            raise KafkaError(ErrorCode.POLICY_VIOLATION, message)
        self._open_partitions += added

    def _create(self, transactional_id: str, timeout_ms: int, now_ms: int) -> Transaction:
        """With no room left, the id unused for longest is forgotten: its producer is refused from then on."""
        if len(self._transactions) >= self.settings.max_transactional_ids:
            idle = (each for each in self._transactions.values() if not each.is_ongoing)
            oldest = min(idle, key=lambda each: each.updated_ms, default=None)
            if oldest is None:
                raise KafkaError(ErrorCode.COORDINATOR_NOT_AVAILABLE, "too many transactions are open")
            del self._transactions[oldest.transactional_id]
        transaction = Transaction(transactional_id, self._new_producer_id(), timeout_ms, now_ms)
        self._transactions[transactional_id] = transaction
        return transaction

    def _check_id(self, transactional_id: str) -> None:
        if not 0 < len(transactional_id) <= self.settings.max_id_chars:
            message = f"a transactional id has 1 to {self.settings.max_id_chars} characters"
            raise KafkaError(ErrorCode.INVALID_REQUEST, message)

    def _of_producer(self, transactional_id: str, producer: ProducerIdAndEpoch) -> Transaction:
        self._check_id(transactional_id)
        transaction = self._transactions.get(transactional_id)
        if transaction is None or transaction.producer_id != producer.producer_id:
            raise KafkaError(ErrorCode.INVALID_PRODUCER_ID_MAPPING, "not the producer id of this transactional id")
        if transaction.epoch != producer.epoch:
            raise KafkaError(ErrorCode.PRODUCER_FENCED, f"the producer's epoch is {transaction.epoch} by now")
        return transaction

    def _of_writer(self, transactional_id: str, producer: ProducerIdAndEpoch) -> Transaction:
        """As _of_producer, in the words of Produce and TxnOffsetCommit, whose clients do not know PRODUCER_FENCED."""
        try:
            return self._of_producer(transactional_id, producer)
        except KafkaError as error:
            if error.code is ErrorCode.PRODUCER_FENCED:
                raise KafkaError(ErrorCode.INVALID_PRODUCER_EPOCH, error.message) from error
            raise
