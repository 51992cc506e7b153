"""Whatever members do, in whatever order: what must hold of a group at every moment."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.broker.groups.harness import GROUP, INITIAL_DELAY_S, Coordinator, Reply
from tui.broker.errors import ErrorCode
from tui.broker.groups import GroupSettings
from tui.broker.groups.calls import Identity, Joined, Synced
from tui.broker.groups.group import Group
from tui.broker.groups.member import ParkedJoin, ParkedSync
from tui.broker.groups.offsets import CommittedOffset
from tui.broker.groups.rebalance import GroupState

INSTANCES = st.sampled_from([None, None, "a", "b"])
PROTOCOLS = st.sampled_from(
    [{"range": b"1"}] * 4 + [{"range": b"2"}, {"sticky": b"1", "range": b"1"}, {"sticky": b"1"}, {}]
)
TIMES_S = st.sampled_from([0.05, 0.1, 0.1, 0.2, 1.0, 6.0, 10.0, 70.0])
REBALANCE_TIMES_S = st.sampled_from([0.0, 5.0, 60.0, 60.0])
SESSIONS_S = st.sampled_from([6.0, 10.0, 30.0])
LONGER_THAN_EVERY_TIMEOUT_S = 1000.0


class AnyOrder(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.kafka = Coordinator(GroupSettings(initial_rebalance_delay_s=INITIAL_DELAY_S, max_group_size=4))
        self.replies: list[Reply[Any]] = []
        self.known: list[tuple[str, str | None]] = [("nobody", None)]
        self.highest_generation = 0

    @property
    def group(self) -> Group | None:
        return self.kafka.groups.get(GROUP)

    def asked(self, reply: Reply[Joined], instance: str | None) -> None:
        """Keep the reply, and whoever it or the group made known."""
        self.replies.append(reply)
        members = self.group.members if self.group else ()
        heard_of = [(member.member_id, member.group_instance_id) for member in members]
        if not reply.is_parked:
            heard_of.append((reply.value.member_id, instance))
        self.known.extend(identity for identity in heard_of if identity not in self.known)

    def pick(self, data: st.DataObject) -> tuple[str, str | None]:
        """Somebody the test has heard of, recent ones more often."""
        return data.draw(st.sampled_from(self.known[-6:]))

    @initialize(instances=st.lists(INSTANCES, min_size=1, max_size=4), synced=st.booleans())
    def a_group_to_start_with(self, instances: list[str | None], synced: bool) -> None:
        for instance in instances:
            self.asked(self.kafka.join(instance=instance, version=3), instance)
        self.kafka.time.run(2 * INITIAL_DELAY_S)
        self.everybody_but_the_leader_syncs()
        if synced:
            self.the_leader_syncs()

    @rule(
        instance=INSTANCES,
        protocols=PROTOCOLS,
        version=st.sampled_from([3, 8, 9]),
        session_s=SESSIONS_S,
        rebalance_s=REBALANCE_TIMES_S,
    )
    def join_without_id(
        self,
        instance: str | None,
        protocols: dict[str, bytes],
        version: int,
        session_s: float,
        rebalance_s: float,
    ) -> None:
        reply = self.kafka.join(
            instance=instance,
            protocols=protocols,
            version=version,
            session_s=session_s,
            rebalance_s=rebalance_s,
        )
        self.asked(reply, instance)

    @rule(data=st.data(), protocols=PROTOCOLS, session_s=SESSIONS_S, rebalance_s=REBALANCE_TIMES_S)
    def join_with_id(
        self, data: st.DataObject, protocols: dict[str, bytes], session_s: float, rebalance_s: float
    ) -> None:
        member_id, instance = self.pick(data)
        reply = self.kafka.join(
            member_id, instance=instance, protocols=protocols, session_s=session_s, rebalance_s=rebalance_s
        )
        self.asked(reply, instance)

    @precondition(lambda self: self.group is not None)
    @rule(data=st.data(), age=st.sampled_from([0, 0, 0, 1]))
    def sync(self, data: st.DataObject, age: int) -> None:
        self.sync_as(*self.pick(data), age)

    def sync_as(self, member_id: str, instance: str | None, age: int) -> None:
        assert self.group is not None
        generation = self.group.rebalance.generation - age
        assignment = f"assigned in {generation}".encode()
        assignments = {member.member_id: assignment for member in self.group.members}
        reply = self.kafka.sync(
            member_id, generation, assignments, instance=instance, protocol_type=None, protocol_name=None
        )
        self.replies.append(reply)

    @precondition(lambda self: self.group is not None and self.group.state is GroupState.PREPARING_REBALANCE)
    @rule()
    def everybody_joins_again(self) -> None:
        assert self.group is not None
        for member in self.group.members:
            if not member.is_joining:
                reply = self.kafka.join(member.member_id, instance=member.group_instance_id, protocols=member.protocols)
                self.asked(reply, member.group_instance_id)

    @precondition(lambda self: self.group is not None and self.group.state is GroupState.COMPLETING_REBALANCE)
    @rule()
    def everybody_but_the_leader_syncs(self) -> None:
        assert self.group is not None
        for member in self.group.members:
            if member.member_id != self.group.members.leader_id:
                self.sync_as(member.member_id, member.group_instance_id, 0)

    @precondition(lambda self: self.group is not None and self.group.state is GroupState.COMPLETING_REBALANCE)
    @rule()
    def the_leader_syncs(self) -> None:
        assert self.group is not None
        leader = self.group.members.get(self.group.members.leader_id or "")
        assert leader is not None
        self.sync_as(leader.member_id, leader.group_instance_id, 0)

    @precondition(lambda self: self.group is not None)
    @rule(data=st.data(), age=st.sampled_from([0, 0, 1]))
    def heartbeat(self, data: st.DataObject, age: int) -> None:
        assert self.group is not None
        member_id, instance = self.pick(data)
        self.kafka.heartbeat(member_id, self.group.rebalance.generation - age, instance)

    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        self.kafka.leave(*self.pick(data))

    @precondition(lambda self: self.group is not None)
    @rule(data=st.data())
    def commit(self, data: st.DataObject) -> None:
        assert self.group is not None
        member_id, instance = self.pick(data)
        state, generation = self.group.state, self.group.rebalance.generation
        offsets = {("t", 0): CommittedOffset(generation)}
        error = self.kafka.groups.commit(GROUP, Identity(member_id, instance), generation, offsets)
        if error is ErrorCode.NONE:
            assert state in (GroupState.STABLE, GroupState.PREPARING_REBALANCE)

    @rule(seconds=TIMES_S)
    def time_passes(self, seconds: float) -> None:
        self.kafka.time.run(seconds)

    @invariant()
    def every_unanswered_request_is_parked_in_exactly_one_member(self) -> None:
        unanswered = [id(reply) for reply in self.replies if reply.is_parked]
        members = self.group.members if self.group else ()
        parked = [id(member.parked.answer) for member in members if member.parked is not None]
        assert sorted(unanswered) == sorted(parked)

    @invariant()
    def who_is_parked_fits_the_state(self) -> None:
        if self.group is None:
            return
        for member in self.group.members:
            if isinstance(member.parked, ParkedJoin):
                assert self.group.state is GroupState.PREPARING_REBALANCE
            if isinstance(member.parked, ParkedSync):
                assert self.group.state is GroupState.COMPLETING_REBALANCE

    @invariant()
    def a_group_is_empty_if_and_only_if_it_has_no_members_and_prepares_nothing(self) -> None:
        if self.group is None:
            return
        if self.group.state is GroupState.EMPTY:
            assert len(self.group.members) == 0
        if self.group.state in (GroupState.STABLE, GroupState.COMPLETING_REBALANCE):
            assert len(self.group.members) > 0
            assert self.group.members.get(self.group.members.leader_id or "") is not None

    @invariant()
    def only_the_assignment_of_the_current_generation_is_live(self) -> None:
        if self.group is None:
            return
        generation = self.group.rebalance.generation
        assert generation >= self.highest_generation
        self.highest_generation = generation
        live = {member.assignment for member in self.group.members} - {b""}
        if self.group.state is GroupState.STABLE:
            assert live <= {f"assigned in {generation}".encode()}
        if self.group.state is GroupState.COMPLETING_REBALANCE:
            assert not live

    @invariant()
    def everybody_in_a_generation_supports_its_protocol(self) -> None:
        if self.group is None or self.group.state is not GroupState.STABLE:
            return
        for member in self.group.members:
            assert self.group.rebalance.protocol_name in member.protocols

    @invariant()
    def an_instance_id_has_one_member(self) -> None:
        members = list(self.group.members) if self.group else []
        instances = [member.group_instance_id for member in members if member.is_static]
        assert len(instances) == len(set(instances))
        for member in members:
            assert self.group is not None
            assert self.group.members.find(member.identity) is member

    @invariant()
    def the_group_is_no_larger_than_allowed(self) -> None:
        if self.group is not None:
            assert len(self.group.members) + self.group.members.pending_count <= 4

    def teardown(self) -> None:
        self.kafka.time.run(LONGER_THAN_EVERY_TIMEOUT_S)
        answers: list[Joined | Synced] = [reply.value for reply in self.replies]
        assert len(answers) == len(self.replies)
        assert self.group is None or self.group.state is GroupState.EMPTY
        assert self.kafka.time.live_timers == 0


AnyOrder.TestCase.settings = settings(max_examples=150, stateful_step_count=40)
TestAnyOrder = pytest.mark.timeout(120)(AnyOrder.TestCase)
