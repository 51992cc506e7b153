"""The join barrier, member ids, time-outs and the vote, under a clock of the test's own."""

import pytest

from tests.broker.groups.harness import (
    GROUP,
    INITIAL_DELAY_S,
    RANGE,
    REBALANCE_S,
    SESSION_S,
    Coordinator,
)
from tui.broker.errors import ErrorCode
from tui.broker.groups import GroupSettings
from tui.broker.groups.rebalance import GroupState


@pytest.fixture
def kafka() -> Coordinator:
    return Coordinator()


# Join with an empty member id


def test_a_dynamic_member_gets_an_id_first_and_is_in_the_group_when_it_comes_back_with_it(
    kafka: Coordinator,
) -> None:
    refused = kafka.join().value
    assert refused.error is ErrorCode.MEMBER_ID_REQUIRED
    assert refused.member_id.startswith("client-")
    assert len(kafka.group.members) == 0
    assert kafka.join(refused.member_id).is_parked
    assert len(kafka.group.members) == 1


def test_before_version_4_a_member_joins_without_an_id(kafka: Coordinator) -> None:
    reply = kafka.join(version=3)
    kafka.time.run(INITIAL_DELAY_S)
    assert reply.value.error is ErrorCode.NONE
    assert reply.value.member_id == reply.value.leader != ""


def test_an_id_that_is_not_used_within_the_session_timeout_is_unknown_afterwards(kafka: Coordinator) -> None:
    member_id = kafka.join().value.member_id
    kafka.time.run(SESSION_S)
    assert kafka.join(member_id).value.error is ErrorCode.UNKNOWN_MEMBER_ID


def test_an_id_nobody_handed_out_is_unknown(kafka: Coordinator) -> None:
    assert kafka.join("invented").value.error is ErrorCode.UNKNOWN_MEMBER_ID
    kafka.stable(1)
    assert kafka.join("invented").value.error is ErrorCode.UNKNOWN_MEMBER_ID


@pytest.mark.parametrize("session_s", [5.9, 1801.0, 0.0, -1.0])
def test_a_session_timeout_out_of_bounds_is_refused_with_the_id_echoed(kafka: Coordinator, session_s: float) -> None:
    answer = kafka.join("me", session_s=session_s).value
    assert (answer.error, answer.member_id) == (ErrorCode.INVALID_SESSION_TIMEOUT, "me")


def test_a_group_without_a_name_is_refused(kafka: Coordinator) -> None:
    assert kafka.join(group_id="").value.error is ErrorCode.INVALID_GROUP_ID


def test_another_protocol_type_is_inconsistent(kafka: Coordinator) -> None:
    kafka.stable(1)
    assert kafka.join(protocol_type="connect").value.error is ErrorCode.INCONSISTENT_GROUP_PROTOCOL


def test_protocols_without_one_in_common_are_inconsistent(kafka: Coordinator) -> None:
    kafka.stable(1)
    assert kafka.join(protocols={"sticky": b""}).value.error is ErrorCode.INCONSISTENT_GROUP_PROTOCOL


@pytest.mark.parametrize(("protocol_type", "protocols"), [("", RANGE), ("consumer", {})])
def test_an_empty_group_refuses_a_member_without_type_or_protocols(
    kafka: Coordinator, protocol_type: str, protocols: dict[str, bytes]
) -> None:
    answer = kafka.join(protocol_type=protocol_type, protocols=protocols).value
    assert answer.error is ErrorCode.INCONSISTENT_GROUP_PROTOCOL


def test_metadata_beyond_the_bound_is_refused() -> None:
    kafka = Coordinator(GroupSettings(max_member_metadata_bytes=10))
    assert kafka.join(protocols={"range": b"12345678901"}).value.error is ErrorCode.INVALID_REQUEST
    assert kafka.groups.get(GROUP) is None


def test_a_full_group_takes_nobody_in_and_ids_handed_out_count() -> None:
    kafka = Coordinator(GroupSettings(max_group_size=2))
    member_id, _ = kafka.enter()
    kafka.join()
    assert kafka.join().value.error is ErrorCode.GROUP_MAX_SIZE_REACHED
    assert kafka.join(version=3).value.error is ErrorCode.GROUP_MAX_SIZE_REACHED
    kafka.time.run(1)
    assert kafka.heartbeat(member_id, 1) is ErrorCode.NONE


# The initial delay


def test_the_first_member_waits_for_the_initial_delay_only(kafka: Coordinator) -> None:
    _, reply = kafka.enter()
    kafka.time.run(INITIAL_DELAY_S * 0.99)
    assert reply.is_parked
    kafka.time.run(INITIAL_DELAY_S * 0.01)
    assert reply.value.generation == 1


def test_members_that_arrive_during_the_initial_delay_share_the_first_generation(kafka: Coordinator) -> None:
    _, first = kafka.enter()
    kafka.time.run(INITIAL_DELAY_S / 2)
    _, second = kafka.enter()
    kafka.time.run(2 * INITIAL_DELAY_S)
    assert (first.value.generation, second.value.generation) == (1, 1)
    assert len(first.value.members) == 2
    assert second.value.members == ()


def test_newcomers_cannot_extend_the_initial_delay_beyond_the_rebalance_timeout(kafka: Coordinator) -> None:
    _, first = kafka.enter(rebalance_s=0.5)
    for _ in range(20):
        kafka.time.run(0.05)
        if first.is_parked:
            kafka.enter(rebalance_s=0.5)
    assert first.value.generation == 1


# The barrier


def test_the_barrier_opens_when_every_known_member_has_joined_again(kafka: Coordinator) -> None:
    leader, follower = kafka.stable(2)
    newcomer, newcomers_reply = kafka.enter()
    assert kafka.group.state is GroupState.PREPARING_REBALANCE
    leaders_reply = kafka.join(leader)
    assert leaders_reply.is_parked
    followers_reply = kafka.join(follower)
    for reply in (leaders_reply, followers_reply, newcomers_reply):
        assert reply.value.error is ErrorCode.NONE
        assert reply.value.generation == 2
        assert reply.value.leader == leader
    told = {member.identity.member_id for member in leaders_reply.value.members}
    assert told == {leader, follower, newcomer}


def test_the_barrier_waits_for_an_id_that_is_out(kafka: Coordinator) -> None:
    (leader,) = kafka.stable(1)
    pending = kafka.join().value.member_id
    reply = kafka.join(leader)
    assert reply.is_parked
    kafka.join(pending)
    assert len(reply.value.members) == 2


def test_an_id_that_is_out_and_leaves_opens_the_barrier(kafka: Coordinator) -> None:
    (leader,) = kafka.stable(1)
    pending = kafka.join().value.member_id
    reply = kafka.join(leader)
    assert kafka.leave(pending) is ErrorCode.NONE
    assert len(reply.value.members) == 1


def test_an_id_that_is_out_and_expires_opens_the_barrier(kafka: Coordinator) -> None:
    (leader,) = kafka.stable(1)
    kafka.join()
    reply = kafka.join(leader)
    kafka.time.run(SESSION_S)
    assert reply.value.generation == 2


def test_at_the_largest_rebalance_timeout_dynamic_members_that_did_not_join_are_dropped(
    kafka: Coordinator,
) -> None:
    ids = kafka.stable(2)
    newcomer, reply = kafka.enter(rebalance_s=2.0)
    kafka.stay_alive(ids, 1, REBALANCE_S - 1)
    assert reply.is_parked
    kafka.stay_alive(ids, 1, 1)
    assert [member.identity.member_id for member in reply.value.members] == [newcomer]
    assert reply.value.leader == newcomer
    assert kafka.heartbeat(ids[0], 1) is ErrorCode.UNKNOWN_MEMBER_ID


def test_a_member_that_dies_while_others_wait_opens_the_barrier_at_its_session_timeout(
    kafka: Coordinator,
) -> None:
    leader, dead = kafka.stable(2)
    reply = kafka.join(leader, protocols={"range": b"other"})
    kafka.time.run(SESSION_S)
    assert len(reply.value.members) == 1
    assert kafka.heartbeat(dead, 1) is ErrorCode.UNKNOWN_MEMBER_ID


def test_a_second_join_of_a_parked_member_takes_the_place_of_the_first_which_is_told_to_retry(
    kafka: Coordinator,
) -> None:
    kafka.stable(2)
    member_id, first = kafka.enter()
    second = kafka.join(member_id)
    assert first.value.error is ErrorCode.REBALANCE_IN_PROGRESS
    assert second.is_parked


def test_the_group_is_empty_after_its_last_member_left(kafka: Coordinator) -> None:
    (member_id,) = kafka.stable(1)
    assert kafka.leave(member_id) is ErrorCode.NONE
    assert kafka.group.state is GroupState.EMPTY
    assert kafka.time.live_timers == 0


def test_a_group_that_was_empty_gets_a_higher_generation(kafka: Coordinator) -> None:
    (member_id,) = kafka.stable(1)
    kafka.leave(member_id)
    _, reply = kafka.enter()
    kafka.time.run(INITIAL_DELAY_S)
    assert reply.value.generation == 3
