"""The coordinator's state machine, under a clock the test moves."""

from __future__ import annotations

import pytest

from tui.broker.errors import ErrorCode, KafkaError
from tui.broker.transactions import (
    EndedTransaction,
    ProducerIdAndEpoch,
    TransactionCoordinator,
    TransactionSettings,
    TransactionState,
)
from tui.broker.transactions.transaction import LAST_EPOCH

ID = "orders-0"
PLACE = ("results", 0)
TIMEOUT_MS = 1_000
DAY_MS = 24 * 3600 * 1000


class Coordinator(TransactionCoordinator):
    """A coordinator at a time of its own, which keeps what ended instead of writing it."""

    def __init__(self, settings: TransactionSettings | None = None) -> None:
        self.ended: list[EndedTransaction] = []
        self.now_ms = 0
        self._producers = 0
        super().__init__(settings or TransactionSettings(), self._next_producer_id, self.ended.append)

    def start(self, transactional_id: str = ID, known: ProducerIdAndEpoch | None = None) -> ProducerIdAndEpoch:
        return self.init_producer(transactional_id, TIMEOUT_MS, known, self.now_ms)

    def open(self, transactional_id: str = ID) -> ProducerIdAndEpoch:
        """A producer with PLACE in an open transaction."""
        producer = self.start(transactional_id)
        self.add_partitions(transactional_id, producer, [PLACE], self.now_ms)
        return producer

    def state(self, transactional_id: str = ID) -> TransactionState:
        transaction = self.get(transactional_id)
        assert transaction is not None
        return transaction.state

    def use_up_epochs(self) -> ProducerIdAndEpoch:
        """The producer that has the last epoch of its id."""
        producer = self.start()
        while producer.epoch < LAST_EPOCH:
            producer = self.start()
        return producer

    def _next_producer_id(self) -> int:
        self._producers += 1
        return self._producers


@pytest.fixture
def coordinator() -> Coordinator:
    return Coordinator()


def refused(code: ErrorCode) -> pytest.RaisesExc[KafkaError]:
    return pytest.RaisesExc(KafkaError, check=lambda error: error.code is code)


def test_what_is_to_be_written_at_the_end_is_what_was_added(coordinator: Coordinator) -> None:
    producer = coordinator.open()
    coordinator.add_partitions(ID, producer, [("results", 1), PLACE], 0)
    coordinator.add_group(ID, producer, "workers", 0)
    coordinator.end(ID, producer, True, 0)
    coordinator.end(ID, producer, True, 0)
    places = frozenset({PLACE, ("results", 1)})
    assert coordinator.ended == [EndedTransaction(producer, True, places, frozenset({"workers"}))]
    assert coordinator.state() is TransactionState.COMPLETE_COMMIT


def test_nothing_of_a_transaction_is_left_in_the_next_one(coordinator: Coordinator) -> None:
    producer = coordinator.open()
    coordinator.end(ID, producer, False, 0)
    with refused(ErrorCode.INVALID_TXN_STATE):
        coordinator.check_partition(ID, producer, PLACE)
    coordinator.add_group(ID, producer, "workers", 0)
    coordinator.end(ID, producer, True, 0)
    assert coordinator.ended[-1].partitions == frozenset()


def test_a_transaction_is_overdue_by_the_time_since_its_beginning(coordinator: Coordinator) -> None:
    producer = coordinator.open()
    coordinator.now_ms = TIMEOUT_MS - 1
    coordinator.add_partitions(ID, producer, [("results", 1)], coordinator.now_ms)
    coordinator.abort_overdue(TIMEOUT_MS)
    assert coordinator.state() is TransactionState.ONGOING
    coordinator.abort_overdue(TIMEOUT_MS + 1)
    assert coordinator.state() is TransactionState.COMPLETE_ABORT
    (ended,) = coordinator.ended
    assert (ended.producer, ended.committed) == (ProducerIdAndEpoch(producer.producer_id, producer.epoch + 1), False)
    with refused(ErrorCode.PRODUCER_FENCED):
        coordinator.end(ID, producer, False, TIMEOUT_MS + 1)


def test_the_timeout_of_the_next_transaction_starts_anew(coordinator: Coordinator) -> None:
    producer = coordinator.open()
    coordinator.end(ID, producer, True, TIMEOUT_MS)
    coordinator.add_partitions(ID, producer, [PLACE], TIMEOUT_MS)
    coordinator.abort_overdue(2 * TIMEOUT_MS)
    assert coordinator.state() is TransactionState.ONGOING


def test_a_producer_without_an_open_transaction_is_never_overdue(coordinator: Coordinator) -> None:
    producer = coordinator.start()
    coordinator.abort_overdue(DAY_MS)
    coordinator.add_partitions(ID, producer, [PLACE], DAY_MS)
    assert coordinator.ended == []


def test_when_the_epochs_are_used_up_there_is_a_new_producer_id(coordinator: Coordinator) -> None:
    last = coordinator.use_up_epochs()
    assert coordinator.start() == ProducerIdAndEpoch(last.producer_id + 1, 0)
    with refused(ErrorCode.INVALID_PRODUCER_ID_MAPPING):
        coordinator.end(ID, last, True, 0)


def test_a_producer_that_goes_on_with_the_last_epoch_gets_a_new_id_once(coordinator: Coordinator) -> None:
    last = coordinator.use_up_epochs()
    following = ProducerIdAndEpoch(last.producer_id + 1, 0)
    assert coordinator.start(known=last) == following
    assert coordinator.start(known=last) == following
    with refused(ErrorCode.PRODUCER_FENCED):
        coordinator.start(known=ProducerIdAndEpoch(last.producer_id, last.epoch - 1))


@pytest.mark.parametrize("goes_on", [True, False])
def test_the_last_epoch_can_still_be_fenced(coordinator: Coordinator, goes_on: bool) -> None:
    last = coordinator.use_up_epochs()
    coordinator.add_partitions(ID, last, [PLACE], 0)
    known = last if goes_on else None
    with refused(ErrorCode.CONCURRENT_TRANSACTIONS):
        coordinator.start(known=known)
    assert coordinator.ended[-1].producer.epoch == LAST_EPOCH + 1 < 1 << 15
    assert coordinator.start(known=known) == ProducerIdAndEpoch(last.producer_id + 1, 0)


def test_an_id_that_is_not_used_is_forgotten_after_a_week_and_its_producer_with_it(coordinator: Coordinator) -> None:
    unused, used, ongoing = coordinator.start("unused"), coordinator.start("used"), coordinator.open("open")
    coordinator.add_partitions("used", used, [PLACE], DAY_MS)
    coordinator.end("used", used, True, DAY_MS)
    coordinator.expire(7 * DAY_MS)
    assert {each.transactional_id for each in coordinator} == {"used", "open"}
    with refused(ErrorCode.INVALID_PRODUCER_ID_MAPPING):
        coordinator.add_partitions("unused", unused, [PLACE], 7 * DAY_MS)
    coordinator.end("open", ongoing, True, 7 * DAY_MS)
    assert coordinator.start("unused").producer_id not in (unused.producer_id, used.producer_id, ongoing.producer_id)


def test_without_room_for_another_id_the_one_unused_for_longest_gives_way() -> None:
    coordinator = Coordinator(TransactionSettings(max_transactional_ids=3))
    coordinator.open("open")
    for coordinator.now_ms, name in enumerate(("old", "young", "new")):
        coordinator.start(name)
    assert {each.transactional_id for each in coordinator} == {"open", "young", "new"}


def test_an_open_transaction_never_gives_way() -> None:
    coordinator = Coordinator(TransactionSettings(max_transactional_ids=2))
    coordinator.open("a")
    coordinator.open("b")
    with refused(ErrorCode.COORDINATOR_NOT_AVAILABLE):
        coordinator.start("c")
    assert coordinator.ended == []


def test_what_all_open_transactions_hold_is_bounded() -> None:
    coordinator = Coordinator(TransactionSettings(max_open_partitions=3))
    first, second = coordinator.open("a"), coordinator.open("b")
    coordinator.add_group("a", first, "workers", 0)
    with refused(ErrorCode.POLICY_VIOLATION):
        coordinator.add_partitions("b", second, [("results", 1)], 0)
    with refused(ErrorCode.POLICY_VIOLATION):
        coordinator.add_group("b", second, "workers", 0)
    coordinator.add_partitions("b", second, [PLACE], 0)
    coordinator.end("a", first, True, 0)
    coordinator.add_partitions("b", second, [("results", 1), ("results", 2)], 0)


def test_names_are_bounded() -> None:
    coordinator = Coordinator(TransactionSettings(max_id_chars=10))
    with refused(ErrorCode.INVALID_REQUEST):
        coordinator.start("x" * 11)
    producer = coordinator.start("x" * 10)
    with refused(ErrorCode.INVALID_REQUEST):
        coordinator.add_group("x" * 10, producer, "g" * 11, 0)
    assert coordinator.state("x" * 10) is TransactionState.EMPTY
