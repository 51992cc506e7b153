"""The life of a group over a socket, in every version of every API."""

from __future__ import annotations

import pytest
from kafka.protocol.admin import (
    DeleteGroupsRequest,
    DescribeGroupsRequest,
    ListGroupsRequest,
)
from kafka.protocol.consumer import (
    HeartbeatRequest,
    LeaveGroupRequest,
)
from kafka.protocol.metadata import FindCoordinatorRequest

from tests.broker.groups.conftest import TOPIC
from tests.broker.groups.requests import (
    GROUP,
    commit_request,
    fetch_request,
    fetched,
    joined,
    sync_request,
)
from tests.broker.groups.wire import Wire
from tui.broker import EmbeddedBroker
from tui.broker.api import Api
from tui.broker.apis import (
    delete_groups,
    describe_groups,
    find_coordinator,
    heartbeat,
    join_group,
    leave_group,
    list_groups,
    offset_commit,
    offset_fetch,
    sync_group,
)


def nth_version(api: Api, n: int) -> int:
    return min(api.min_version + n, api.max_version)


@pytest.mark.parametrize("version", range(find_coordinator.API.max_version + 1))
async def test_the_broker_coordinates_every_group_in_every_version(broker: EmbeddedBroker, version: int) -> None:
    async with Wire(broker.port) as wire:
        coordinator = await wire.ask(FindCoordinatorRequest(key=GROUP, key_type=0, coordinator_keys=[GROUP]), version)
        node = coordinator if version < 4 else coordinator.coordinators[0]
        assert (node.error_code, node.port) == (0, broker.port)


@pytest.mark.parametrize("n", range(10))
async def test_the_life_of_a_group_in_the_nth_version_of_every_api(broker: EmbeddedBroker, n: int) -> None:
    async with Wire(broker.port) as wire:
        member = await joined(wire, nth_version(join_group.API, n))
        assert member.leader == member.member_id
        assert [bytes(each.metadata) for each in member.members] == [b"m"]
        synced = await wire.ask(
            sync_request(member.member_id, 1, {member.member_id: b"all"}), nth_version(sync_group.API, n)
        )
        assert (synced.error_code, synced.assignment) == (0, b"all")
        beat = HeartbeatRequest(group_id=GROUP, generation_id=1, member_id=member.member_id, group_instance_id=None)
        assert (await wire.ask(beat, nth_version(heartbeat.API, n))).error_code == 0

        commit = commit_request({(TOPIC, 2): 42}, member.member_id, 1)
        done = await wire.ask(commit, nth_version(offset_commit.API, n))
        assert done.topics[0].partitions[0].error_code == 0
        version = nth_version(offset_fetch.API, n)
        offsets = await wire.ask(fetch_request(version, {TOPIC: [1, 2]}), version)
        assert fetched(offsets, version) == {(TOPIC, 1): -1, (TOPIC, 2): 42}

        described = await wire.ask(
            DescribeGroupsRequest(groups=[GROUP], include_authorized_operations=True),
            nth_version(describe_groups.API, n),
        )
        group = described.groups[0]
        assert (group.group_state, group.protocol_data) == ("Stable", "range")
        assert group.members[0].member_assignment == b"all"
        listed = await wire.ask(ListGroupsRequest(states_filter=[], types_filter=[]), nth_version(list_groups.API, n))
        assert [each.group_id for each in listed.groups] == [GROUP]

        identity = LeaveGroupRequest.MemberIdentity(member_id=member.member_id, group_instance_id=None)
        leave = LeaveGroupRequest(group_id=GROUP, member_id=member.member_id, members=[identity])
        version = nth_version(leave_group.API, n)
        left = await wire.ask(leave, version)
        assert left.error_code == 0
        assert [each.error_code for each in left.members or []] == ([0] if version >= 3 else [])
        deleted = await wire.ask(DeleteGroupsRequest(groups_names=[GROUP]), nth_version(delete_groups.API, n))
        assert deleted.results[0].error_code == 0
