"""Joining again: current generation or rebalance, the vote and the leader, under a clock of the test's own."""

import pytest

from tests.broker.groups.harness import (
    INITIAL_DELAY_S,
    Coordinator,
)
from tui.broker.errors import ErrorCode
from tui.broker.groups.rebalance import GroupState


@pytest.fixture
def kafka() -> Coordinator:
    return Coordinator()


# Stable and completing


def test_a_follower_with_the_same_metadata_gets_the_current_generation_at_once(kafka: Coordinator) -> None:
    leader, follower = kafka.stable(2)
    answer = kafka.join(follower).value
    assert (answer.error, answer.generation, answer.leader) == (ErrorCode.NONE, 1, leader)
    assert answer.members == ()
    assert kafka.group.state is GroupState.STABLE


def test_a_follower_with_changed_metadata_starts_a_rebalance(kafka: Coordinator) -> None:
    leader, follower = kafka.stable(2)
    assert kafka.join(follower, protocols={"range": b"more topics"}).is_parked
    assert kafka.heartbeat(leader, 1) is ErrorCode.REBALANCE_IN_PROGRESS


def test_a_follower_that_prefers_another_protocol_now_starts_a_rebalance(kafka: Coordinator) -> None:
    both = {"range": b"r", "sticky": b"s"}
    entered = [kafka.enter(protocols=both) for _ in range(2)]
    kafka.time.run(2 * INITIAL_DELAY_S)
    kafka.settle([member_id for member_id, _ in entered], 1)
    follower = entered[1][0]
    assert kafka.join(follower, protocols=both).value.generation == 1
    assert kafka.join(follower, protocols={"sticky": b"s", "range": b"r"}).is_parked


def test_a_leader_that_joins_again_starts_a_rebalance(kafka: Coordinator) -> None:
    leader, follower = kafka.stable(2)
    assert kafka.join(leader).is_parked
    assert kafka.heartbeat(follower, 1) is ErrorCode.REBALANCE_IN_PROGRESS


def test_a_lost_join_answer_is_repeated_while_completing(kafka: Coordinator) -> None:
    member_id, reply = kafka.enter()
    kafka.time.run(INITIAL_DELAY_S)
    assert kafka.join(member_id).value == reply.value


def test_changed_metadata_while_completing_starts_the_rebalance_again(kafka: Coordinator) -> None:
    member_id, _ = kafka.enter()
    kafka.time.run(INITIAL_DELAY_S)
    assert kafka.join(member_id, protocols={"range": b"x"}).value.generation == 2


# The vote


def test_the_protocol_most_members_prefer_among_those_all_support_is_chosen(kafka: Coordinator) -> None:
    _, leaders_reply = kafka.enter(protocols={"alone": b"", "range": b"r1", "sticky": b"s1"})
    for _ in range(2):
        kafka.enter(protocols={"sticky": b"s2", "range": b"r2"})
    kafka.time.run(2 * INITIAL_DELAY_S)
    assert leaders_reply.value.protocol_name == "sticky"
    assert [member.metadata for member in leaders_reply.value.members] == [b"s1", b"s2", b"s2"]


def test_the_old_leader_leads_on_and_if_it_is_gone_one_that_joined_does(kafka: Coordinator) -> None:
    leader, second, third = kafka.stable(3)
    kafka.leave(leader)
    kafka.join(third)
    assert kafka.join(second).value.leader == second
