"""Sync, heartbeats and session time-outs, under a clock of the test's own."""

import pytest

from tests.broker.groups.harness import (
    INITIAL_DELAY_S,
    REBALANCE_S,
    SESSION_S,
    Coordinator,
)
from tui.broker.errors import ErrorCode
from tui.broker.groups import GroupSettings
from tui.broker.groups.calls import Identity
from tui.broker.groups.rebalance import GroupState

NOBODY = Identity("")


@pytest.fixture
def kafka() -> Coordinator:
    return Coordinator()


# Sync


def test_followers_wait_for_the_leaders_assignment(kafka: Coordinator) -> None:
    leader, follower = kafka.completing()
    followers_reply = kafka.sync(follower, 1)
    assert followers_reply.is_parked
    leaders_reply = kafka.sync(leader, 1, {leader: b"p0", follower: b"p1"})
    assert leaders_reply.value.assignment == b"p0"
    assert followers_reply.value.assignment == b"p1"
    assert followers_reply.value.protocol_name == "range"
    assert kafka.group.state is GroupState.STABLE


def test_who_the_leader_forgot_gets_an_empty_assignment(kafka: Coordinator) -> None:
    leader, follower = kafka.completing()
    reply = kafka.sync(follower, 1)
    kafka.sync(leader, 1, {leader: b"all"})
    assert reply.value.assignment == b""


def test_a_follower_that_syncs_late_gets_its_assignment_at_once(kafka: Coordinator) -> None:
    leader, follower = kafka.completing()
    kafka.sync(leader, 1, {leader: b"p0", follower: b"p1"})
    assert kafka.sync(follower, 1).value.assignment == b"p1"


def test_a_new_rebalance_releases_those_who_wait_in_sync(kafka: Coordinator) -> None:
    _, follower = kafka.completing()
    reply = kafka.sync(follower, 1)
    kafka.enter()
    assert reply.value.error is ErrorCode.REBALANCE_IN_PROGRESS
    assert kafka.sync(follower, 1).value.error is ErrorCode.REBALANCE_IN_PROGRESS


def test_members_that_never_sync_are_dropped_after_the_rebalance_timeout(kafka: Coordinator) -> None:
    leader, silent = kafka.completing()
    kafka.sync(leader, 1, {leader: b"p0", silent: b"p1"})
    kafka.stay_alive([leader, silent], 1, REBALANCE_S - 1)
    assert kafka.heartbeat(silent, 1) is ErrorCode.NONE
    kafka.stay_alive([leader, silent], 1, 1)
    assert kafka.heartbeat(silent, 1) is ErrorCode.UNKNOWN_MEMBER_ID
    assert kafka.heartbeat(leader, 1) is ErrorCode.REBALANCE_IN_PROGRESS


def test_a_leader_that_never_syncs_is_dropped_and_a_follower_leads(kafka: Coordinator) -> None:
    leader, follower = kafka.completing()
    parked = kafka.sync(follower, 1)
    kafka.stay_alive([leader], 1, REBALANCE_S)
    assert parked.value.error is ErrorCode.REBALANCE_IN_PROGRESS
    answer = kafka.join(follower).value
    assert (answer.leader, answer.generation) == (follower, 2)


def test_a_sync_of_another_generation_or_protocol_or_member_is_refused(kafka: Coordinator) -> None:
    leader, _ = kafka.completing()
    assert kafka.sync(leader, 7).value.error is ErrorCode.ILLEGAL_GENERATION
    assert kafka.sync("x", 1).value.error is ErrorCode.UNKNOWN_MEMBER_ID
    other_name = kafka.sync(leader, 1, protocol_name="sticky")
    other_type = kafka.sync(leader, 1, protocol_type="connect")
    assert other_name.value.error is ErrorCode.INCONSISTENT_GROUP_PROTOCOL
    assert other_type.value.error is ErrorCode.INCONSISTENT_GROUP_PROTOCOL
    without = kafka.sync(leader, 1, {leader: b"p"}, protocol_type=None, protocol_name=None)
    assert without.value.assignment == b"p"


def test_a_group_whose_members_have_all_synced_is_left_alone(kafka: Coordinator) -> None:
    ids = kafka.stable(2)
    kafka.stay_alive(ids, 1, 2 * REBALANCE_S)
    assert kafka.group.state is GroupState.STABLE


def test_a_second_sync_of_a_parked_member_takes_the_place_of_the_first(kafka: Coordinator) -> None:
    leader, follower = kafka.completing()
    first, second = kafka.sync(follower, 1), kafka.sync(follower, 1)
    assert first.value.error is ErrorCode.REBALANCE_IN_PROGRESS
    kafka.sync(leader, 1, {follower: b"p"})
    assert second.value.assignment == b"p"


def test_an_assignment_beyond_the_bound_is_refused() -> None:
    kafka = Coordinator(GroupSettings(initial_rebalance_delay_s=INITIAL_DELAY_S, max_assignment_bytes=4))
    leader, _ = kafka.completing()
    assert kafka.sync(leader, 1, {leader: b"12345"}).value.error is ErrorCode.INVALID_REQUEST
    assert kafka.group.state is GroupState.COMPLETING_REBALANCE


# Heartbeats and sessions


def test_a_heartbeat_says_that_a_rebalance_is_being_prepared(kafka: Coordinator) -> None:
    leader, _ = kafka.stable(2)
    assert kafka.heartbeat(leader, 1) is ErrorCode.NONE
    kafka.enter()
    assert kafka.heartbeat(leader, 1) is ErrorCode.REBALANCE_IN_PROGRESS


def test_a_heartbeat_while_completing_is_fine(kafka: Coordinator) -> None:
    leader, _ = kafka.completing()
    assert kafka.heartbeat(leader, 1) is ErrorCode.NONE


def test_a_heartbeat_of_another_generation_or_member_is_refused(kafka: Coordinator) -> None:
    (leader,) = kafka.stable(1)
    assert kafka.heartbeat(leader, 2) is ErrorCode.ILLEGAL_GENERATION
    assert kafka.heartbeat("x", 1) is ErrorCode.UNKNOWN_MEMBER_ID
    assert kafka.groups.heartbeat("no such group", Identity("x"), 1) is ErrorCode.UNKNOWN_MEMBER_ID
    assert kafka.groups.heartbeat("", Identity("x"), 1) is ErrorCode.INVALID_GROUP_ID


def test_a_member_lives_exactly_one_session_after_its_last_heartbeat(kafka: Coordinator) -> None:
    quiet, alive = kafka.stable(2)
    kafka.time.run(SESSION_S - 1)
    kafka.heartbeat(quiet, 1)
    kafka.heartbeat(alive, 1)
    kafka.time.run(SESSION_S - 1)
    kafka.heartbeat(alive, 1)
    assert len(kafka.group.members) == 2
    kafka.time.run(1)
    assert [member.member_id for member in kafka.group.members] == [alive]
    assert kafka.heartbeat(alive, 1) is ErrorCode.REBALANCE_IN_PROGRESS


def test_a_member_parked_in_join_does_not_expire(kafka: Coordinator) -> None:
    leader, follower = kafka.stable(2)
    reply = kafka.join(leader)
    kafka.stay_alive([follower], 1, 3 * SESSION_S - 2)
    assert reply.is_parked
    assert kafka.join(follower).value.generation == 2
    assert reply.value.generation == 2
    kafka.time.run(SESSION_S - 1)
    assert kafka.heartbeat(leader, 2) is ErrorCode.NONE


def test_a_member_parked_in_sync_does_not_expire(kafka: Coordinator) -> None:
    leader, follower = kafka.completing()
    reply = kafka.sync(follower, 1)
    kafka.stay_alive([leader], 1, 3 * SESSION_S)
    kafka.sync(leader, 1, {follower: b"p"})
    assert reply.value.assignment == b"p"


def test_the_session_starts_anew_when_a_parked_member_is_answered(kafka: Coordinator) -> None:
    leader, follower = kafka.completing()
    kafka.sync(follower, 1)
    kafka.stay_alive([leader], 1, SESSION_S + 1)
    kafka.sync(leader, 1, {})
    kafka.stay_alive([leader], 1, SESSION_S - 1)
    assert kafka.heartbeat(follower, 1) is ErrorCode.NONE


def test_a_newcomer_parked_in_join_is_given_up_after_the_new_member_timeout() -> None:
    kafka = Coordinator(GroupSettings(initial_rebalance_delay_s=INITIAL_DELAY_S, new_member_join_timeout_s=20.0))
    (leader,) = kafka.stable(1)
    _, reply = kafka.enter()
    kafka.stay_alive([leader], 1, 20)
    assert reply.value.error is ErrorCode.UNKNOWN_MEMBER_ID
    assert len(kafka.group.members) == 1


def test_the_new_member_timeout_is_not_for_members_of_a_former_generation() -> None:
    kafka = Coordinator(GroupSettings(initial_rebalance_delay_s=INITIAL_DELAY_S, new_member_join_timeout_s=20.0))
    leader, follower = kafka.stable(2)
    reply = kafka.join(leader)
    kafka.stay_alive([follower], 1, 40)
    assert reply.is_parked


def test_the_session_starts_anew_when_a_parked_member_is_released(kafka: Coordinator) -> None:
    leader, follower = kafka.completing()
    kafka.sync(follower, 1)
    kafka.stay_alive([leader], 1, SESSION_S + 1)
    kafka.leave(leader)
    kafka.time.run(SESSION_S - 1)
    assert kafka.heartbeat(follower, 1) is ErrorCode.REBALANCE_IN_PROGRESS
