"""The group APIs over a socket: errors on the wire, parked requests and lost connections."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from kafka.protocol.admin import (
    DeleteGroupsRequest,
    DescribeGroupsRequest,
    ListGroupsRequest,
    ListGroupsResponse,
)
from kafka.protocol.consumer import (
    HeartbeatRequest,
    JoinGroupRequest,
    JoinGroupResponse,
    LeaveGroupRequest,
    OffsetCommitRequest,
    OffsetDeleteRequest,
)
from kafka.protocol.consumer.metadata import ConsumerProtocolSubscription
from kafka.protocol.metadata import FindCoordinatorRequest

from tests.broker.groups.conftest import TOPIC
from tests.broker.groups.requests import (
    GROUP,
    commit_request,
    fetch_request,
    fetched,
    join_request,
    joined,
    sync_request,
)
from tests.broker.groups.wire import Wire, eventually
from tui.broker import EmbeddedBroker

UNKNOWN_TOPIC_OR_PARTITION, OFFSET_METADATA_TOO_LARGE = 3, 12
INVALID_GROUP_ID, UNKNOWN_MEMBER_ID, REBALANCE_IN_PROGRESS = 24, 25, 27
GROUP_ID_NOT_FOUND, GROUP_SUBSCRIBED_TO_TOPIC = 69, 86


@pytest.mark.parametrize(("key_type", "error"), [(0, 0), (1, 0), (2, 42)])
async def test_groups_and_transactions_have_a_coordinator(broker: EmbeddedBroker, key_type: int, error: int) -> None:
    async with Wire(broker.port) as wire:
        request = FindCoordinatorRequest(key_type=key_type, coordinator_keys=["a", "b"])
        response = await wire.ask(request, 5)
    assert [(each.key, each.error_code) for each in response.coordinators] == [("a", error), ("b", error)]


async def test_a_parked_join_blocks_its_own_connection_and_no_other(broker: EmbeddedBroker) -> None:
    async with Wire(broker.port) as first, Wire(broker.port) as second:
        member = await joined(first)
        await first.ask(sync_request(member.member_id, 1, {}), 5)
        newcomer = await second.ask(join_request(), 9)
        await second.send(join_request(newcomer.member_id), 9)
        await second.send(ListGroupsRequest(), 4)
        beat = HeartbeatRequest(group_id=GROUP, generation_id=1, member_id=member.member_id)
        assert (await first.ask(beat, 4)).error_code == REBALANCE_IN_PROGRESS
        assert (await first.ask(join_request(member.member_id), 9)).generation_id == 2
        assert (await second.next_answer(JoinGroupResponse, 9)).generation_id == 2
        assert len((await second.next_answer(ListGroupsResponse, 4)).groups) == 1


async def test_a_member_whose_connection_is_lost_in_join_stays_until_its_session_ends(
    broker: EmbeddedBroker,
) -> None:
    async with Wire(broker.port) as first:
        member = await joined(first, session_ms=30_000)
        await first.ask(sync_request(member.member_id, 1, {}), 5)
        async with Wire(broker.port) as second:
            newcomer = await second.ask(join_request(session_ms=500), 9)
            await second.send(join_request(newcomer.member_id, session_ms=500), 9)
            group = broker.broker.groups.get(GROUP)
            assert group is not None
            await eventually(lambda: len(group.members) == 2, "the newcomer waits in Join")
        again = await first.ask(join_request(member.member_id, session_ms=30_000), 9)
        assert {each.member_id for each in again.members} == {member.member_id, newcomer.member_id}
        await eventually(lambda: len(group.members) == 1, "the lost member is gone")


async def test_a_broker_that_closes_does_not_wait_for_parked_members() -> None:
    async with EmbeddedBroker() as broker, Wire(broker.port) as wire:
        refused = await wire.ask(join_request(), 9)
        await wire.send(join_request(refused.member_id), 9)
        async with asyncio.timeout(5):
            await broker.stop()
    assert [group.group_id for group in broker.broker.groups] == []


async def test_commits_are_refused_one_by_one_for_what_does_not_exist(broker: EmbeddedBroker) -> None:
    async with Wire(broker.port) as wire:
        commit = commit_request({(TOPIC, 0): 7, (TOPIC, 99): 7, (TOPIC, -1): 7, ("no such topic", 0): 7})
        response = await wire.ask(commit, 9)
        errors = [partition.error_code for topic in response.topics for partition in topic.partitions]
        assert errors == [0, *3 * [UNKNOWN_TOPIC_OR_PARTITION]]
        offsets = await wire.ask(fetch_request(9, None), 9)
    assert fetched(offsets, 9) == {(TOPIC, 0): 7}


async def test_a_note_of_4096_characters_is_kept_and_a_longer_one_refused(broker: EmbeddedBroker) -> None:
    async with Wire(broker.port) as wire:
        for length, error in ((4097, OFFSET_METADATA_TOO_LARGE), (4096, 0)):
            response = await wire.ask(commit_request({(TOPIC, 0): 1}, note="x" * length), 2)
            assert response.topics[0].partitions[0].error_code == error
        offsets = await wire.ask(fetch_request(5, {TOPIC: [0]}), 5)
    assert offsets.topics[0].partitions[0].metadata == "x" * 4096


@pytest.mark.parametrize("version", [2, 7, 8, 9])
async def test_an_unknown_group_has_no_offsets(broker: EmbeddedBroker, version: int) -> None:
    async with Wire(broker.port) as wire:
        everything = await wire.ask(fetch_request(version, None, "unknown"), version)
        one = await wire.ask(fetch_request(version, {TOPIC: [0]}, "unknown"), version)
    assert fetched(everything, version) == {}
    assert fetched(one, version) == {(TOPIC, 0): -1}


async def test_requests_without_a_group_name_are_refused(broker: EmbeddedBroker) -> None:
    async with Wire(broker.port) as wire:
        beat = HeartbeatRequest(group_id="", generation_id=1, member_id="m")
        assert (await wire.ask(join_request(group_id=""), 9)).error_code == INVALID_GROUP_ID
        assert (await wire.ask(beat, 4)).error_code == INVALID_GROUP_ID
        assert (await wire.ask(LeaveGroupRequest(group_id="", members=[]), 5)).error_code == INVALID_GROUP_ID


async def test_strangers_that_leave_are_answered_one_by_one(broker: EmbeddedBroker) -> None:
    async with Wire(broker.port) as wire:
        member = await joined(wire)
        ids = ["stranger", member.member_id]
        members = [LeaveGroupRequest.MemberIdentity(member_id=each) for each in ids]
        response = await wire.ask(LeaveGroupRequest(group_id=GROUP, members=members), 5)
    assert [each.error_code for each in response.members] == [UNKNOWN_MEMBER_ID, 0]


async def test_a_group_nobody_knows_is_dead_and_from_version_6_an_error(broker: EmbeddedBroker) -> None:
    async with Wire(broker.port) as wire:
        for version, error in ((5, 0), (6, GROUP_ID_NOT_FOUND)):
            response = await wire.ask(DescribeGroupsRequest(groups=["unknown"]), version)
            assert (response.groups[0].group_state, response.groups[0].error_code) == ("Dead", error)


async def test_groups_are_listed_by_state_and_type(broker: EmbeddedBroker) -> None:
    async with Wire(broker.port) as wire:
        await wire.ask(commit_request({(TOPIC, 0): 1}), 9)
        found = {}
        for state, group_type in (("Empty", "classic"), ("empty", ""), ("Stable", ""), ("", "consumer")):
            request = ListGroupsRequest(
                states_filter=[state] if state else [], types_filter=[group_type] if group_type else []
            )
            found[state, group_type] = len((await wire.ask(request, 5)).groups)
    assert list(found.values()) == [1, 1, 0, 0]


async def test_offsets_of_a_topic_that_is_subscribed_cannot_be_deleted(broker: EmbeddedBroker) -> None:
    topic_class = OffsetDeleteRequest.OffsetDeleteRequestTopic
    partition = topic_class.OffsetDeleteRequestPartition(partition_index=0)
    request = OffsetDeleteRequest(group_id=GROUP, topics=[topic_class(name=TOPIC, partitions=[partition])])
    subscription: Any = ConsumerProtocolSubscription(version=1, topics=[TOPIC], user_data=b"")
    async with Wire(broker.port) as wire:
        assert (await wire.ask(request, 0)).error_code == GROUP_ID_NOT_FOUND
        await wire.ask(commit_request({(TOPIC, 0): 1}), 9)
        member = await joined(wire, metadata=subscription.encode())
        refused = await wire.ask(request, 0)
        assert refused.topics[0].partitions[0].error_code == GROUP_SUBSCRIBED_TO_TOPIC
        await wire.ask(LeaveGroupRequest(group_id=GROUP, member_id=member.member_id), 0)
        accepted = await wire.ask(request, 0)
        assert accepted.topics[0].partitions[0].error_code == 0
        assert fetched(await wire.ask(fetch_request(9, None), 9), 9) == {}


async def test_nulls_where_the_protocol_has_none_hurt_nobody_else(broker: EmbeddedBroker) -> None:
    nothing: Any = None
    hostile: list[tuple[Any, int]] = [
        (
            JoinGroupRequest(group_id=nothing, session_timeout_ms=1000, member_id=nothing, protocols=nothing),
            0,
        ),
        (HeartbeatRequest(group_id=nothing, generation_id=0, member_id=nothing), 0),
        (OffsetCommitRequest(group_id=nothing, member_id=nothing, topics=nothing), 2),
        (DescribeGroupsRequest(groups=nothing), 0),
        (DeleteGroupsRequest(groups_names=[nothing]), 0),
    ]
    for request, version in hostile:
        async with Wire(broker.port) as wire:
            await wire.send(request, version)
            await wire.answered_or_closed()
    async with Wire(broker.port) as wire:
        assert (await joined(wire)).generation_id == 1
