"""Static members (KIP-345, KIP-814): take-over, fencing, and restarts that move nothing."""

import pytest

from tests.broker.groups.harness import INITIAL_DELAY_S, REBALANCE_S, SESSION_S, Coordinator
from tui.broker.errors import ErrorCode
from tui.broker.groups.rebalance import GroupState


@pytest.fixture
def kafka() -> Coordinator:
    return Coordinator()


def stable(kafka: Coordinator, *instances: str, session_s: float = SESSION_S) -> list[str]:
    """A stable group of static members, leader first; gives their member ids."""
    replies = [kafka.join(instance=instance, session_s=session_s) for instance in instances]
    kafka.time.run(2 * INITIAL_DELAY_S)
    ids = [reply.value.member_id for reply in replies]
    for instance, member_id in reversed(list(zip(instances, ids, strict=True))):
        kafka.sync(member_id, 1, {each: each.encode() for each in ids}, instance=instance)
    assert kafka.group.state is GroupState.STABLE
    return ids


def test_a_static_member_needs_no_second_join_for_its_id(kafka: Coordinator) -> None:
    reply = kafka.join(instance="a")
    kafka.time.run(INITIAL_DELAY_S)
    assert reply.value.error is ErrorCode.NONE
    assert reply.value.member_id.startswith("a-")
    assert reply.value.members[0].identity.group_instance_id == "a"


def test_a_restarted_follower_takes_over_its_assignment_without_a_rebalance(kafka: Coordinator) -> None:
    leader, old = stable(kafka, "a", "b")
    answer = kafka.join(instance="b").value
    assert (answer.error, answer.generation, answer.leader) == (ErrorCode.NONE, 1, leader)
    assert answer.member_id != old
    assert kafka.sync(answer.member_id, 1, instance="b").value.assignment == old.encode()
    assert kafka.heartbeat(leader, 1, "a") is ErrorCode.NONE


def test_the_old_incarnation_is_fenced(kafka: Coordinator) -> None:
    _, old = stable(kafka, "a", "b")
    kafka.join(instance="b")
    assert kafka.heartbeat(old, 1, "b") is ErrorCode.FENCED_INSTANCE_ID
    assert kafka.sync(old, 1, instance="b").value.error is ErrorCode.FENCED_INSTANCE_ID
    assert kafka.join(old, instance="b").value.error is ErrorCode.FENCED_INSTANCE_ID
    assert kafka.leave(old, "b") is ErrorCode.FENCED_INSTANCE_ID


def test_a_restarted_follower_with_other_metadata_starts_a_rebalance(kafka: Coordinator) -> None:
    leader, _ = stable(kafka, "a", "b")
    assert kafka.join(instance="b", protocols={"range": b"other"}).is_parked
    assert kafka.heartbeat(leader, 1, "a") is ErrorCode.REBALANCE_IN_PROGRESS


def test_a_restarted_leader_leads_on_and_skips_the_assignment(kafka: Coordinator) -> None:
    stable(kafka, "a", "b")
    answer = kafka.join(instance="a").value
    assert answer.skip_assignment
    assert answer.leader == answer.member_id
    assert len(answer.members) == 2


def test_a_restarted_leader_that_cannot_skip_is_not_told_that_it_leads(kafka: Coordinator) -> None:
    old, _ = stable(kafka, "a", "b")
    answer = kafka.join(instance="a", version=8).value
    assert not answer.skip_assignment
    assert answer.leader == old != answer.member_id
    assert answer.members == ()
    assert kafka.group.members.leader_id == answer.member_id


def test_a_parked_join_of_the_old_incarnation_is_fenced_at_once(kafka: Coordinator) -> None:
    old = kafka.join(instance="a")
    new = kafka.join(instance="a")
    assert old.value.error is ErrorCode.FENCED_INSTANCE_ID
    kafka.time.run(2 * INITIAL_DELAY_S)
    assert new.value.error is ErrorCode.NONE
    assert len(new.value.members) == 1


def test_a_restart_while_the_group_is_completing_starts_the_rebalance_again(kafka: Coordinator) -> None:
    first, second = kafka.join(instance="a"), kafka.join(instance="b")
    kafka.time.run(2 * INITIAL_DELAY_S)
    parked = kafka.sync(second.value.member_id, 1, instance="b")
    assert kafka.join(instance="b").is_parked
    assert parked.value.error is ErrorCode.FENCED_INSTANCE_ID
    assert kafka.heartbeat(first.value.member_id, 1, "a") is ErrorCode.REBALANCE_IN_PROGRESS


def test_a_static_member_that_does_not_rejoin_stays_in_the_next_generation(kafka: Coordinator) -> None:
    leader, away = stable(kafka, "a", "b", session_s=600.0)
    reply = kafka.join(leader, instance="a", session_s=600.0)
    kafka.time.run(REBALANCE_S)
    assert [member.identity.member_id for member in reply.value.members] == [leader, away]


def test_who_leads_in_the_absence_of_the_leader_leads_on_when_it_is_back(kafka: Coordinator) -> None:
    absent, second = stable(kafka, "a", "b", session_s=600.0)
    other = {"range": b"other"}
    reply = kafka.join(second, instance="b", protocols=other, session_s=600.0)
    kafka.time.run(REBALANCE_S)
    assert (reply.value.leader, reply.value.generation) == (second, 2)
    kafka.join(absent, instance="a", protocols=other, session_s=600.0)
    again = kafka.join(second, instance="b", protocols=other, session_s=600.0)
    assert (again.value.leader, again.value.generation) == (second, 3)


def test_a_restarted_member_has_to_sync_in_time_as_well(kafka: Coordinator) -> None:
    first, second = kafka.join(instance="a"), kafka.join(instance="b")
    kafka.time.run(2 * INITIAL_DELAY_S)
    leader, silent = first.value.member_id, second.value.member_id
    kafka.sync(leader, 1, {leader: b"p0", silent: b"p1"}, instance="a")
    restarted = kafka.join(instance="b").value.member_id
    for _ in range(round(REBALANCE_S)):
        kafka.time.run(1.0)
        kafka.heartbeat(leader, 1, "a")
        kafka.heartbeat(restarted, 1, "b")
    assert [member.member_id for member in kafka.group.members] == [leader]


def test_a_static_member_is_gone_after_its_session_timeout(kafka: Coordinator) -> None:
    leader, _ = stable(kafka, "a", "b")
    kafka.time.run(SESSION_S - 1)
    kafka.heartbeat(leader, 1, "a")
    kafka.time.run(1)
    assert kafka.heartbeat(leader, 1, "a") is ErrorCode.REBALANCE_IN_PROGRESS
    assert len(kafka.group.members) == 1


def test_a_group_of_static_members_waits_for_their_sessions_when_none_of_them_comes_back(
    kafka: Coordinator,
) -> None:
    leader, _ = stable(kafka, "a", "b", session_s=200.0)
    assert kafka.leave(leader, "a") is ErrorCode.NONE
    states = []
    for seconds in (150.0, 60.0):
        kafka.time.run(seconds)
        states.append(kafka.group.state)
    assert states == [GroupState.PREPARING_REBALANCE, GroupState.EMPTY]
    assert kafka.time.live_timers == 0


def test_an_administrator_removes_a_static_member_by_its_instance_id(kafka: Coordinator) -> None:
    stable(kafka, "a", "b")
    assert kafka.leave("", "b") is ErrorCode.NONE
    assert kafka.leave("", "b") is ErrorCode.UNKNOWN_MEMBER_ID
    assert len(kafka.group.members) == 1
    assert kafka.join("x", instance="b").value.error is ErrorCode.UNKNOWN_MEMBER_ID


def test_an_unknown_instance_with_a_member_id_is_unknown(kafka: Coordinator) -> None:
    stable(kafka, "a")
    assert kafka.join("x", instance="new").value.error is ErrorCode.UNKNOWN_MEMBER_ID
