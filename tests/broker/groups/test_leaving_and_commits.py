"""Leaving, committing, and groups that come and go, under a clock of the test's own."""

import pytest

from tests.broker.groups.harness import (
    GROUP,
    SESSION_S,
    Coordinator,
    Reply,
)
from tui.broker.errors import ErrorCode
from tui.broker.groups import GroupSettings
from tui.broker.groups.calls import Identity, Joined
from tui.broker.groups.offsets import CommittedOffset
from tui.broker.groups.rebalance import GroupState

NOBODY = Identity("")


@pytest.fixture
def kafka() -> Coordinator:
    return Coordinator()


def commit(kafka: Coordinator, identity: Identity, generation: int, offset: int = 5) -> ErrorCode:
    return kafka.groups.commit(GROUP, identity, generation, {("t", 0): CommittedOffset(offset)})


# Leaving


def test_a_member_that_leaves_starts_a_rebalance_of_the_others(kafka: Coordinator) -> None:
    leader, follower = kafka.stable(2)
    assert kafka.leave(follower) is ErrorCode.NONE
    assert kafka.heartbeat(leader, 1) is ErrorCode.REBALANCE_IN_PROGRESS
    assert kafka.leave(follower) is ErrorCode.UNKNOWN_MEMBER_ID


def test_a_parked_member_that_is_removed_is_answered(kafka: Coordinator) -> None:
    kafka.stable(2)
    member_id, reply = kafka.enter()
    kafka.leave(member_id)
    assert reply.value.error is ErrorCode.UNKNOWN_MEMBER_ID


def test_closing_answers_everything_that_is_parked_and_stops_all_timers(kafka: Coordinator) -> None:
    _, follower = kafka.completing()
    parked = kafka.sync(follower, 1)
    waiting: Reply[Joined] = kafka.join(group_id="other", version=3)
    kafka.join(group_id="third")
    kafka.groups.close()
    assert parked.value.error is ErrorCode.COORDINATOR_NOT_AVAILABLE
    assert waiting.value.error is ErrorCode.COORDINATOR_NOT_AVAILABLE
    assert kafka.join().value.error is ErrorCode.COORDINATOR_NOT_AVAILABLE
    assert kafka.time.live_timers == 0


# Commits


def test_a_commit_is_accepted_while_preparing_and_refused_while_completing(kafka: Coordinator) -> None:
    (leader,) = kafka.stable(1)
    newcomer, _ = kafka.enter()
    assert commit(kafka, Identity(leader), 1) is ErrorCode.NONE
    kafka.join(leader)
    assert kafka.group.state is GroupState.COMPLETING_REBALANCE
    assert commit(kafka, Identity(newcomer), 2) is ErrorCode.REBALANCE_IN_PROGRESS
    assert commit(kafka, Identity(leader), 1) is ErrorCode.ILLEGAL_GENERATION


def test_a_commit_keeps_the_member_alive(kafka: Coordinator) -> None:
    (leader,) = kafka.stable(1)
    kafka.time.run(SESSION_S - 1)
    commit(kafka, Identity(leader), 1)
    kafka.time.run(SESSION_S - 1)
    assert kafka.heartbeat(leader, 1) is ErrorCode.NONE


def test_a_commit_without_membership_is_for_empty_groups_only(kafka: Coordinator) -> None:
    assert commit(kafka, NOBODY, -1) is ErrorCode.NONE
    (leader,) = kafka.stable(1)
    assert commit(kafka, NOBODY, -1) is ErrorCode.UNKNOWN_MEMBER_ID
    kafka.leave(leader)
    assert commit(kafka, NOBODY, -1, 9) is ErrorCode.NONE
    assert kafka.group.offsets.get("t", 0) == CommittedOffset(9)


def test_a_commit_with_a_generation_needs_a_group_and_a_member(kafka: Coordinator) -> None:
    assert commit(kafka, Identity("x"), 3) is ErrorCode.GROUP_ID_NOT_FOUND
    kafka.stable(1)
    assert commit(kafka, Identity("x"), 1) is ErrorCode.UNKNOWN_MEMBER_ID


def test_offsets_outlive_the_members(kafka: Coordinator) -> None:
    (leader,) = kafka.stable(1)
    commit(kafka, Identity(leader), 1)
    kafka.time.run(SESSION_S)
    assert kafka.group.state is GroupState.EMPTY
    assert kafka.group.offsets.get("t", 0) == CommittedOffset(5)


def test_more_offsets_than_the_bound_are_refused_and_nothing_is_changed() -> None:
    kafka = Coordinator(GroupSettings(max_offsets_per_group=1))
    offsets = {("t", 0): CommittedOffset(1), ("t", 1): CommittedOffset(1)}
    assert kafka.groups.commit(GROUP, NOBODY, -1, offsets) is ErrorCode.INVALID_COMMIT_OFFSET_SIZE
    assert len(kafka.group.offsets) == 0
    assert commit(kafka, NOBODY, -1, 1) is ErrorCode.NONE
    assert commit(kafka, NOBODY, -1, 2) is ErrorCode.NONE


# Groups as a whole


def test_a_deleted_topic_takes_its_offsets_along(kafka: Coordinator) -> None:
    kafka.groups.commit(GROUP, NOBODY, -1, {("gone", 0): CommittedOffset(1), ("stays", 0): CommittedOffset(2)})
    kafka.groups.topic_deleted("gone")
    assert kafka.group.offsets.by_topic() == {"stays": [0]}


def test_only_a_group_without_members_can_be_deleted(kafka: Coordinator) -> None:
    assert kafka.groups.delete(GROUP) is ErrorCode.GROUP_ID_NOT_FOUND
    (leader,) = kafka.stable(1)
    assert kafka.groups.delete(GROUP) is ErrorCode.NON_EMPTY_GROUP
    kafka.leave(leader)
    assert kafka.groups.delete(GROUP) is ErrorCode.NONE
    assert kafka.groups.get(GROUP) is None


def test_when_there_are_too_many_groups_only_one_that_holds_nothing_makes_room() -> None:
    kafka = Coordinator(GroupSettings(max_groups=1))
    assert commit(kafka, NOBODY, -1) is ErrorCode.NONE
    assert kafka.join(group_id="other").value.error is ErrorCode.COORDINATOR_NOT_AVAILABLE
    kafka.groups.topic_deleted("t")
    assert kafka.join(group_id="other").value.error is ErrorCode.MEMBER_ID_REQUIRED
    assert kafka.groups.get(GROUP) is None
