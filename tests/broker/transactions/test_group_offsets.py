"""Offsets of a group committed in a transaction: pending until it ends. The same calls to both brokers."""

from typing import Any

import pytest
from kafka.protocol.admin import DeleteGroupsRequest
from kafka.protocol.consumer import OffsetCommitRequest

from tests.broker.groups.requests import join_request
from tests.broker.transactions.answers import (
    ILLEGAL_GENERATION,
    INVALID_GROUP_ID,
    INVALID_TXN_STATE,
    NONE,
    TRANSACTION_ABORTABLE,
    UNKNOWN_MEMBER_ID,
    UNKNOWN_TOPIC_OR_PARTITION,
    UNSTABLE_OFFSET_COMMIT,
)
from tests.broker.transactions.calls import ABORT, COMMIT, Calls

UNSTABLE = {0: (UNSTABLE_OFFSET_COMMIT, -1)}


@pytest.mark.parametrize(("committed", "offset"), [(COMMIT, 5), (ABORT, -1)])
async def test_an_offset_counts_only_if_its_transaction_is_committed(
    calls: Calls, committed: bool, offset: int
) -> None:
    producer = await calls.started()
    assert await calls.add_offsets(producer) == NONE
    assert await calls.commit_offsets(producer, {0: 5}) == {0: NONE}
    assert await calls.reads.committed_offsets() == UNSTABLE
    assert await calls.reads.committed_offsets([1]) == {1: (NONE, -1)}
    assert await calls.reads.committed_offsets(stable=False) == {0: (NONE, -1)}
    assert await calls.reads.committed_offsets(None) == {}
    await calls.finish(producer, committed)
    assert await calls.reads.committed_offsets() == {0: (NONE, offset)}


async def test_the_former_offset_is_told_to_who_does_not_ask_for_a_stable_one(calls: Calls) -> None:
    producer = await calls.started()
    for offset in (5, 6):
        await calls.add_offsets(producer)
        await calls.commit_offsets(producer, {0: offset})
        assert await calls.reads.committed_offsets(stable=False) == {0: (NONE, -1 if offset == 5 else 5)}
        assert await calls.reads.committed_offsets(None if offset == 6 else [0]) == UNSTABLE
        await calls.finish(producer, COMMIT)
    assert await calls.reads.committed_offsets(None) == {0: (NONE, 6)}


@pytest.mark.parametrize(
    ("version", "error"), [(0, INVALID_TXN_STATE), (3, INVALID_TXN_STATE), (4, TRANSACTION_ABORTABLE)]
)
async def test_a_group_must_be_added_before_its_offsets_are_committed(calls: Calls, version: int, error: int) -> None:
    producer = await calls.started()
    assert await calls.commit_offsets(producer, {0: 5}, version=version) == {0: error}
    await calls.add(producer, 0)
    assert await calls.commit_offsets(producer, {0: 5}, version=version) == {0: error}


async def test_partitions_that_do_not_exist_are_refused_one_by_one(calls: Calls) -> None:
    producer = await calls.started()
    await calls.add_offsets(producer)
    errors = await calls.commit_offsets(producer, {0: 5, 99: 1})
    assert errors == {0: NONE, 99: UNKNOWN_TOPIC_OR_PARTITION}


async def test_of_an_offset_in_a_transaction_and_one_outside_the_later_counts(calls: Calls) -> None:
    producer = await calls.started()
    await calls.add_offsets(producer)
    await calls.commit_offsets(producer, {0: 10, 1: 10})
    assert (await calls.wire.ask(plain_commit(calls, 20), 7)).topics[0].partitions[0].error_code == NONE
    assert await calls.reads.committed_offsets() == UNSTABLE
    await calls.finish(producer, COMMIT)
    assert await calls.reads.committed_offsets([0, 1]) == {0: (NONE, 20), 1: (NONE, 10)}


async def test_of_two_transactions_the_one_that_committed_its_offset_later_counts(calls: Calls) -> None:
    other = calls.other()
    a, b = await calls.started(), await other.started()
    await calls.add_offsets(a)
    await other.add_offsets(b)
    await calls.commit_offsets(a, {0: 30})
    await other.commit_offsets(b, {0: 31})
    await other.finish(b, COMMIT)
    assert await calls.reads.committed_offsets() == UNSTABLE
    await calls.finish(a, COMMIT)
    assert await calls.reads.committed_offsets() == {0: (NONE, 31)}


async def test_a_deleted_group_loses_its_pending_offsets_too(calls: Calls) -> None:
    producer = await calls.started()
    await calls.add_offsets(producer)
    await calls.commit_offsets(producer, {0: 5})
    deleted = await calls.wire.ask(DeleteGroupsRequest(groups_names=[calls.group_id]), 2)
    assert deleted.results[0].error_code == NONE
    await calls.finish(producer, COMMIT)
    assert await calls.reads.committed_offsets() == {0: (NONE, -1)}


async def test_a_member_is_checked_if_the_producer_names_one(calls: Calls) -> None:
    refused = await calls.wire.ask(join_request(group_id=calls.group_id, session_ms=30_000), 9)
    member = await calls.wire.ask(join_request(refused.member_id, group_id=calls.group_id, session_ms=30_000), 9)
    generation, member_id = member.generation_id, member.member_id
    producer = await calls.started()
    await calls.add_offsets(producer)
    for named, error in (
        ({}, NONE),
        ({"generation": generation, "member_id": member_id}, NONE),
        ({"generation": generation + 1, "member_id": member_id}, ILLEGAL_GENERATION),
        ({"generation": generation, "member_id": "somebody"}, UNKNOWN_MEMBER_ID),
        ({"generation": generation}, UNKNOWN_MEMBER_ID),
        ({"generation": generation, "member_id": member_id, "group_instance_id": "i"}, UNKNOWN_MEMBER_ID),
    ):
        assert await calls.commit_offsets(producer, {0: 5}, **named) == {0: error}


async def test_a_group_that_does_not_exist_has_no_generation(calls: Calls) -> None:
    producer = await calls.started()
    await calls.add_offsets(producer)
    assert await calls.commit_offsets(producer, {0: 5}, generation=3, member_id="m") == {0: ILLEGAL_GENERATION}
    assert await calls.commit_offsets(producer, {0: 5}, member_id="m") == {0: NONE}


async def test_a_group_has_a_name(calls: Calls) -> None:
    producer = await calls.started()
    nameless = Calls(calls.wire, calls.transactional_id, calls.topic, "")
    assert await nameless.add_offsets(producer) == NONE
    assert await nameless.commit_offsets(producer, {0: 5}) == {0: INVALID_GROUP_ID}


def plain_commit(calls: Calls, offset: int) -> Any:
    """OffsetCommit for partition 0."""
    topic_class = OffsetCommitRequest.OffsetCommitRequestTopic
    partition = topic_class.OffsetCommitRequestPartition(
        partition_index=0, committed_offset=offset, committed_leader_epoch=-1, committed_metadata=""
    )
    return OffsetCommitRequest(
        group_id=calls.group_id,
        generation_id_or_member_epoch=-1,
        member_id="",
        group_instance_id=None,
        topics=[topic_class(name=calls.topic, partitions=[partition])],
    )
