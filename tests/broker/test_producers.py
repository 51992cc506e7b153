"""Idempotent producers: repeats, gaps and epochs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kafka.protocol.producer import InitProducerIdRequest

from tests.broker.conftest import Connect
from tests.broker.wire import record_batch
from tui.broker import EmbeddedBroker
from tui.broker.batch import read_header
from tui.broker.errors import ErrorCode, KafkaError
from tui.broker.producers import MAX_PRODUCERS, REMEMBERED_BATCHES, SEQUENCES, ProducerStates, WrittenBatch


def write(states: ProducerStates, sequence: int, records: int = 1, epoch: int = 0, producer_id: int = 1) -> int | None:
    """Append at an offset equal to the sequence number; the first offset if it was a repetition."""
    values = [b"x"] * records
    header = read_header(record_batch(*values, producer_id=producer_id, epoch=epoch, sequence=sequence))
    duplicate: WrittenBatch | None = states.duplicate_of(header)
    if duplicate is None:
        states.remember(header, sequence, -1)
    return None if duplicate is None else duplicate.base_offset


def refused(states: ProducerStates, sequence: int, epoch: int = 0) -> ErrorCode:
    with pytest.raises(KafkaError) as error:
        write(states, sequence, epoch=epoch)
    return error.value.code


@given(st.lists(st.integers(1, 50), min_size=REMEMBERED_BATCHES, max_size=20))
def test_each_of_the_last_five_batches_is_known_by_its_offset(sizes: list[int]) -> None:
    states, written, sequence = ProducerStates(), [], 0
    for size in sizes:
        assert write(states, sequence, size) is None
        written.append((sequence, size))
        sequence += size
    for first, size in written[-REMEMBERED_BATCHES:]:
        assert write(states, first, size) == first


def test_a_batch_older_than_the_window_is_out_of_order() -> None:
    states = ProducerStates()
    for sequence in range(REMEMBERED_BATCHES + 1):
        write(states, sequence)
    assert refused(states, 0) is ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER


def test_a_gap_is_out_of_order_and_changes_nothing() -> None:
    states = ProducerStates()
    write(states, 0)
    assert refused(states, 2) is ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER
    assert write(states, 1) is None


def test_an_older_epoch_is_fenced_and_a_newer_one_starts_from_zero() -> None:
    states = ProducerStates()
    write(states, 0, epoch=3)
    assert refused(states, 1, epoch=2) is ErrorCode.INVALID_PRODUCER_EPOCH
    assert refused(states, 1, epoch=4) is ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER
    assert write(states, 0, epoch=4) is None
    assert refused(states, 1, epoch=3) is ErrorCode.INVALID_PRODUCER_EPOCH


def test_sequence_numbers_wrap_to_zero() -> None:
    states = ProducerStates()
    write(states, SEQUENCES - 2, records=3)
    assert write(states, 1) is None
    assert write(states, SEQUENCES - 2, records=3) == SEQUENCES - 2


def test_a_producer_that_is_not_remembered_may_start_anywhere() -> None:
    assert write(ProducerStates(), 41) is None


def test_the_producer_silent_for_longest_is_forgotten_first() -> None:
    states = ProducerStates()
    for producer_id in range(MAX_PRODUCERS):
        write(states, 0, producer_id=producer_id)
    write(states, 1, producer_id=0)
    write(states, 0, producer_id=MAX_PRODUCERS)
    assert write(states, 0, producer_id=0) == 0
    assert write(states, 77, producer_id=1) is None


def test_batches_without_a_producer_are_never_duplicates() -> None:
    states = ProducerStates()
    header = read_header(record_batch(b"x"))
    states.remember(header, 0, -1)
    assert states.duplicate_of(header) is None


async def test_a_duplicate_batch_gets_its_first_offset(broker: EmbeddedBroker, connect: Connect) -> None:
    client = await connect(broker)
    topic = broker.broker.topics.create("orders", 1, {})
    producer = await client.ask(InitProducerIdRequest(transactional_id=None, transaction_timeout_ms=0), 1)
    first = record_batch(b"a", b"b", producer_id=producer.producer_id, epoch=0, sequence=0)
    second = record_batch(b"c", producer_id=producer.producer_id, epoch=0, sequence=2)
    offsets = [(await client.produce("orders", 0, batch)).base_offset for batch in (first, second, first, second)]
    assert offsets == [0, 2, 0, 2]
    assert topic.partitions[0].log.end_offset == 3


async def test_every_producer_gets_its_own_id(broker: EmbeddedBroker, connect: Connect) -> None:
    client = await connect(broker)
    request = [InitProducerIdRequest(transactional_id=None, transaction_timeout_ms=0) for _ in range(3)]
    answers = [await client.ask(each, 4) for each in request]
    assert len({answer.producer_id for answer in answers}) == 3
    assert {answer.producer_epoch for answer in answers} == {0}
