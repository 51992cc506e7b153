"""InitProducerId: one producer at a time writes under a transactional id. The same calls to both brokers."""

import pytest

from tests.broker.transactions.answers import (
    CONCURRENT_TRANSACTIONS,
    INVALID_PRODUCER_EPOCH,
    INVALID_PRODUCER_ID_MAPPING,
    INVALID_REQUEST,
    INVALID_TRANSACTION_TIMEOUT,
    NOBODY,
    NONE,
    PRODUCER_FENCED,
    Producer,
)
from tests.broker.transactions.calls import COMMIT, Calls
from tests.broker.transactions.reads import LATEST


async def test_each_incarnation_has_the_same_producer_id_and_the_next_epoch(calls: Calls) -> None:
    first = await calls.started()
    assert await calls.init() == (NONE, Producer(first.id, first.epoch + 1))
    assert await calls.init(version=1) == (NONE, Producer(first.id, first.epoch + 2))
    assert (await calls.other().started()).id != first.id


async def test_a_new_incarnation_waits_until_what_the_old_one_left_open_is_aborted(calls: Calls) -> None:
    old = await calls.started()
    await calls.add(old, 0)
    await calls.produce(old, 0, b"left open")
    assert await calls.init() == (CONCURRENT_TRANSACTIONS, NOBODY)
    assert await calls.init_settled() == (NONE, Producer(old.id, old.epoch + 2))
    fetched = await calls.reads.fetch()
    assert fetched.records == {0: b"left open", 1: "abort"}
    assert fetched.aborted == [(old.id, 0)]
    header, _ = await calls.reads.last_marker()
    assert (header.producer_id, header.producer_epoch) == (old.id, old.epoch + 1)


@pytest.mark.parametrize(
    ("version", "error"), [(1, INVALID_PRODUCER_EPOCH), (2, PRODUCER_FENCED), (3, PRODUCER_FENCED)]
)
async def test_a_producer_with_an_old_epoch_is_refused_everywhere(calls: Calls, version: int, error: int) -> None:
    old = await calls.started()
    new = await calls.started()
    assert await calls.add(old, 0, version=version) == error
    assert await calls.add_offsets(old, version=version) == error
    assert await calls.end(old, COMMIT, version=version) == error
    assert await calls.commit_offsets(old, {0: 1}, version=version) == {0: INVALID_PRODUCER_EPOCH}
    assert (await calls.produce(old, 0, b"x"))[0] == INVALID_PRODUCER_EPOCH
    await calls.add(new, 0)
    assert (await calls.produce(old, 0, b"x"))[0] == INVALID_PRODUCER_EPOCH
    assert await calls.produce(new, 0, b"x") == (NONE, 0)


async def test_a_producer_with_an_epoch_never_given_is_refused(calls: Calls) -> None:
    producer = await calls.started()
    forged = Producer(producer.id, producer.epoch + 1)
    await calls.add(producer, 0)
    assert await calls.add(forged, 0) == PRODUCER_FENCED
    assert (await calls.produce(forged, 0, b"x"))[0] == INVALID_PRODUCER_EPOCH


@pytest.mark.parametrize("known_id", [True, False])
async def test_a_producer_id_of_another_transactional_id_is_refused(calls: Calls, known_id: bool) -> None:
    other = calls.other()
    stranger = await calls.started()
    if known_id:
        await other.started()
    assert await other.add(stranger, 0) == INVALID_PRODUCER_ID_MAPPING
    assert await other.add_offsets(stranger) == INVALID_PRODUCER_ID_MAPPING
    assert await other.end(stranger, COMMIT) == INVALID_PRODUCER_ID_MAPPING
    assert await other.commit_offsets(stranger, {0: 1}) == {0: INVALID_PRODUCER_ID_MAPPING}
    assert (await other.produce(stranger, 0, b"x"))[0] == INVALID_PRODUCER_ID_MAPPING


async def test_a_producer_that_goes_on_gets_the_next_epoch_once_however_often_it_asks(calls: Calls) -> None:
    producer = await calls.started()
    following = Producer(producer.id, producer.epoch + 1)
    assert await calls.init(known=producer) == (NONE, following)
    assert await calls.init(known=producer) == (NONE, following)
    assert await calls.init(known=following) == (NONE, Producer(producer.id, producer.epoch + 2))


@pytest.mark.parametrize(("version", "error"), [(3, INVALID_PRODUCER_EPOCH), (4, PRODUCER_FENCED)])
async def test_a_producer_that_was_replaced_cannot_go_on(calls: Calls, version: int, error: int) -> None:
    producer = await calls.started()
    await calls.started()
    assert await calls.init(known=producer, version=version) == (error, NOBODY)
    assert await calls.init(known=Producer(producer.id + 1000, 0), version=version) == (error, NOBODY)


async def test_a_producer_that_goes_on_with_a_transaction_open_has_it_aborted(calls: Calls) -> None:
    producer = await calls.started()
    await calls.add(producer, 0)
    await calls.produce(producer, 0, b"given up")
    assert await calls.init(known=producer) == (CONCURRENT_TRANSACTIONS, NOBODY)
    assert await calls.init_settled(known=producer) == (NONE, Producer(producer.id, producer.epoch + 1))
    assert (await calls.reads.fetch()).aborted == [(producer.id, 0)]


async def test_a_new_transactional_id_takes_whatever_identity_its_producer_names(calls: Calls) -> None:
    error, producer = await calls.init(known=Producer(12345, 6))
    assert (error, producer.epoch) == (NONE, 0)
    assert producer.id != 12345


@pytest.mark.parametrize("known", [Producer(5, -1), Producer(-1, 5)])
async def test_half_an_identity_is_no_identity(calls: Calls, known: Producer) -> None:
    assert await calls.init(known=known) == (INVALID_REQUEST, NOBODY)


@pytest.mark.parametrize("timeout_ms", [-1, 0, 15 * 60 * 1000 + 1])
async def test_a_transaction_timeout_out_of_bounds_is_refused(calls: Calls, timeout_ms: int) -> None:
    assert await calls.init(timeout_ms) == (INVALID_TRANSACTION_TIMEOUT, NOBODY)
    assert (await calls.init(15 * 60 * 1000))[0] == NONE


async def test_an_empty_transactional_id_is_an_invalid_request(calls: Calls) -> None:
    producer = await calls.started()
    nameless = Calls(calls.wire, "", calls.topic, calls.group_id)
    assert await nameless.init() == (INVALID_REQUEST, NOBODY)
    assert await nameless.add(producer, 0) == INVALID_REQUEST
    assert await nameless.add_offsets(producer) == INVALID_REQUEST
    assert await nameless.end(producer, COMMIT) == INVALID_REQUEST
    assert (await nameless.produce(producer, 0, b"x"))[0] == INVALID_REQUEST


async def test_an_overdue_transaction_is_aborted_and_its_producer_fenced(calls: Calls) -> None:
    producer = await calls.started(timeout_ms=200)
    await calls.add(producer, 0)
    await calls.produce(producer, 0, b"too slow")
    await calls.add_offsets(producer)
    await calls.commit_offsets(producer, {0: 7})
    await calls.completed()
    fetched = await calls.reads.fetch()
    assert fetched.records == {0: b"too slow", 1: "abort"}
    assert (fetched.last_stable_offset, fetched.aborted) == (2, [(producer.id, 0)])
    assert await calls.reads.committed_offsets() == {0: (NONE, -1)}
    assert await calls.add(producer, 0) == PRODUCER_FENCED
    assert await calls.end(producer, COMMIT) == PRODUCER_FENCED
    assert (await calls.produce(producer, 1, b"later still"))[0] == INVALID_PRODUCER_EPOCH
    assert await calls.reads.list_offset(LATEST, committed=False) == 2
    assert await calls.init(known=producer) == (NONE, Producer(producer.id, producer.epoch + 1))
