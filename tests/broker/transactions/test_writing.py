"""What a producer may write in a transaction, and how one ends. The same calls to both brokers."""

import pytest
from kafka.protocol.admin import DeleteTopicsRequest

from tests.broker.transactions.answers import (
    CONCURRENT_TRANSACTIONS,
    INVALID_TXN_STATE,
    NOBODY,
    NONE,
    OPERATION_NOT_ATTEMPTED,
    OUT_OF_ORDER_SEQUENCE_NUMBER,
    TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
    UNKNOWN_TOPIC_OR_PARTITION,
)
from tests.broker.transactions.calls import ABORT, COMMIT, Calls

CONTROL_RECORDS = {COMMIT: "2000000008000000010c00000000000000", ABORT: "2000000008000000000c00000000000000"}


async def test_what_is_committed_stands_between_its_offsets_and_a_marker(calls: Calls) -> None:
    producer = await calls.started()
    assert await calls.add(producer, 0) == NONE
    assert await calls.produce(producer, 0, b"a", b"b") == (NONE, 0)
    assert await calls.produce(producer, 2, b"c") == (NONE, 2)
    await calls.finish(producer, COMMIT)
    assert (await calls.reads.fetch()).records == {0: b"a", 1: b"b", 2: b"c", 3: "commit"}


async def test_a_partition_must_be_added_to_each_transaction_before_it_is_written_to(calls: Calls) -> None:
    producer = await calls.started()
    assert await calls.produce(producer, 0, b"x") == (INVALID_TXN_STATE, -1)
    await calls.add(producer, 0)
    assert await calls.produce(producer, 0, b"x", partition=1) == (INVALID_TXN_STATE, -1)
    assert await calls.produce(producer, 0, b"x") == (NONE, 0)
    await calls.finish(producer, COMMIT)
    assert await calls.produce(producer, 1, b"y") == (INVALID_TXN_STATE, -1)


async def test_adding_a_partition_again_is_harmless(calls: Calls) -> None:
    producer = await calls.started()
    assert await calls.add(producer, 0, 1) == NONE
    assert await calls.add(producer, 1, 2) == NONE
    assert sorted((await calls.described()).topics[0].partitions) == [0, 1, 2]


async def test_partitions_are_added_all_or_none(calls: Calls) -> None:
    producer = await calls.started()
    assert await calls.add_each(producer, {calls.topic: [0, 99], "no-such-topic": [0]}) == {
        (calls.topic, 0): OPERATION_NOT_ATTEMPTED,
        (calls.topic, 99): UNKNOWN_TOPIC_OR_PARTITION,
        ("no-such-topic", 0): UNKNOWN_TOPIC_OR_PARTITION,
    }
    assert await calls.produce(producer, 0, b"x") == (INVALID_TXN_STATE, -1)


async def test_a_transactional_batch_needs_a_transactional_id(calls: Calls) -> None:
    producer = await calls.started()
    await calls.add(producer, 0)
    assert await calls.produce(producer, 0, b"x", named=False) == (TRANSACTIONAL_ID_AUTHORIZATION_FAILED, -1)


async def test_other_writes_of_the_producer_are_kept_out_of_its_transaction(calls: Calls) -> None:
    producer = await calls.started()
    await calls.add(producer, 0)
    await calls.produce(producer, 0, b"inside")
    assert await calls.produce(producer, 1, b"not", transactional=False) == (INVALID_TXN_STATE, -1)
    assert await calls.produce(producer, 0, b"elsewhere", partition=1, transactional=False) == (NONE, 0)
    await calls.finish(producer, COMMIT)
    assert await calls.produce(producer, 1, b"after", transactional=False) == (NONE, 2)


async def test_a_repeated_batch_of_an_open_transaction_gets_its_first_offset(calls: Calls) -> None:
    producer = await calls.started()
    await calls.add(producer, 0)
    await calls.produce(producer, 0, b"a")
    assert await calls.produce(producer, 0, b"a") == (NONE, 0)
    await calls.finish(producer, COMMIT)
    assert await calls.produce(producer, 0, b"a") == (INVALID_TXN_STATE, -1)
    assert (await calls.reads.fetch()).records == {0: b"a", 1: "commit"}


@pytest.mark.parametrize("committed", [COMMIT, ABORT])
async def test_sequence_numbers_go_on_in_the_next_transaction(calls: Calls, committed: bool) -> None:
    producer = await calls.started()
    await calls.add(producer, 0)
    await calls.produce(producer, 0, b"a", b"b")
    await calls.finish(producer, committed)
    await calls.add(producer, 0)
    assert await calls.produce(producer, 3, b"c") == (OUT_OF_ORDER_SEQUENCE_NUMBER, -1)
    assert await calls.produce(producer, 2, b"c") == (NONE, 3)


async def test_sequence_numbers_of_the_next_incarnation_start_from_zero(calls: Calls) -> None:
    old = await calls.started()
    await calls.add(old, 0, 1)
    await calls.produce(old, 0, b"a")
    new = await calls.started()
    await calls.add(new, 0, 1)
    assert await calls.produce(new, 1, b"b") == (OUT_OF_ORDER_SEQUENCE_NUMBER, -1)
    assert await calls.produce(new, 0, b"b") == (NONE, 2)
    assert await calls.produce(new, 1, b"b", partition=1) == (OUT_OF_ORDER_SEQUENCE_NUMBER, -1)
    assert await calls.produce(new, 0, b"b", partition=1) == (NONE, 1)


async def test_a_marker_stands_also_where_nothing_was_written(calls: Calls) -> None:
    producer = await calls.started()
    await calls.add(producer, 0, 1)
    await calls.produce(producer, 0, b"x")
    await calls.finish(producer, ABORT)
    fetched = await calls.reads.fetch(partition=1)
    assert (fetched.records, fetched.aborted, fetched.last_stable_offset) == ({0: "abort"}, [], 1)


@pytest.mark.parametrize("committed", [COMMIT, ABORT])
async def test_ending_again_in_the_same_way_is_harmless_and_in_the_other_way_refused(
    calls: Calls, committed: bool
) -> None:
    producer = await calls.started()
    await calls.add(producer, 0)
    await calls.produce(producer, 0, b"x")
    await calls.finish(producer, committed)
    assert await calls.end(producer, committed) == NONE
    assert await calls.end(producer, not committed) == INVALID_TXN_STATE
    assert (await calls.reads.fetch()).high_watermark == 2


@pytest.mark.parametrize("committed", [COMMIT, ABORT])
async def test_there_is_nothing_to_end_before_something_was_added(calls: Calls, committed: bool) -> None:
    producer = await calls.started()
    assert await calls.end(producer, committed) == INVALID_TXN_STATE


@pytest.mark.parametrize("committed", [COMMIT, ABORT])
async def test_a_transaction_in_which_nothing_was_written_ends_like_any_other(calls: Calls, committed: bool) -> None:
    producer = await calls.started()
    await calls.add(producer, 0)
    await calls.finish(producer, committed)
    assert (await calls.reads.fetch()).records == {0: "commit" if committed else "abort"}


@pytest.mark.parametrize("committed", [COMMIT, ABORT])
async def test_a_marker_is_a_control_batch_of_one_record_and_one_offset(calls: Calls, committed: bool) -> None:
    producer = await calls.started()
    await calls.add(producer, 0)
    await calls.produce(producer, 0, b"x")
    await calls.finish(producer, committed)
    header, record = await calls.reads.last_marker()
    assert record.hex() == CONTROL_RECORDS[committed]
    assert (header.attributes, header.magic, header.leader_epoch) == (0x30, 2, 0)
    assert (header.base_offset, header.last_offset_delta, header.record_count) == (1, 0, 1)
    assert (header.producer_id, header.producer_epoch, header.base_sequence) == (*producer, NOBODY.epoch)
    assert header.first_timestamp == header.max_timestamp > 0


async def test_a_deleted_topic_does_not_keep_a_transaction_from_ending(calls: Calls) -> None:
    producer = await calls.started()
    await calls.add(producer, 0)
    await calls.produce(producer, 0, b"x")
    await calls.wire.ask(DeleteTopicsRequest(topic_names=[calls.topic], timeout_ms=5000), 4)
    await calls.finish(producer, COMMIT)


async def test_sequence_numbers_of_a_producer_that_goes_on_after_an_abort_start_from_zero(calls: Calls) -> None:
    producer = await calls.started()
    await calls.add(producer, 0)
    await calls.produce(producer, 0, b"given up")
    assert (await calls.init(known=producer))[0] == CONCURRENT_TRANSACTIONS
    _, following = await calls.init_settled(known=producer)
    await calls.add(following, 0)
    assert await calls.produce(following, 0, b"again") == (NONE, 2)
    assert await calls.produce(following, 0, b"again") == (NONE, 2)
    assert await calls.produce(following, 1, b"more") == (NONE, 3)
