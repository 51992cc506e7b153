"""How a group gets from one generation to the next: join barrier, leader and vote, assignments, time-outs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from tui.broker.errors import ErrorCode
from tui.broker.groups.calls import JoinAnswer, Joined, SyncAnswer, Synced
from tui.broker.groups.member import Member, ParkedJoin, ParkedSync
from tui.broker.groups.membership import Membership
from tui.broker.groups.settings import GroupSettings
from tui.broker.groups.timing import CallLater, Clock, Timer


class GroupState(StrEnum):
    """Kafka's names, as DescribeGroups and ListGroups show them."""

    EMPTY = "Empty"
    PREPARING_REBALANCE = "PreparingRebalance"
    COMPLETING_REBALANCE = "CompletingRebalance"
    STABLE = "Stable"
    DEAD = "Dead"


class Rebalance:
    """State and generation of one group, and the phases between two generations.

    One timer at most runs for the phase: the initial delay or the join barrier while preparing, after that
    the time the members have to sync. Every callback handed in is called exactly once.
    """

    def __init__(self, members: Membership, settings: GroupSettings, clock: Clock, call_later: CallLater) -> None:
        self.state = GroupState.EMPTY
        self.generation = 0
        self.protocol_name: str | None = None
        self._members = members
        self._settings = settings
        self._clock = clock
        self._call_later = call_later
        self._phase_timer: Timer | None = None
        self._unsynced: set[str] = set()
        self._gathering_left_s: float | None = None
        self._newcomer_while_gathering = False

    def close(self) -> None:
        """Answer everything that is parked and stop; the group is Dead from then on."""
        for member in self._members:
            self.drop(member, ErrorCode.COORDINATOR_NOT_AVAILABLE)
        self._stop_phase_timer()
        self.state = GroupState.DEAD

    # Join

    def prepare(self) -> None:
        """Start a rebalance unless one is being prepared; whoever waits in Sync has to join again."""
        if self.state is GroupState.PREPARING_REBALANCE:
            return
        was_empty = self.state is GroupState.EMPTY
        self.state = GroupState.PREPARING_REBALANCE
        for member in self._members:
            self._turn_away(member, ErrorCode.REBALANCE_IN_PROGRESS)
        if was_empty:
            self._gather(self._members.rebalance_timeout_s)
        else:
            self._start_phase_timer(self._members.rebalance_timeout_s, self._complete_join)

    def park_join(self, member: Member, answer: JoinAnswer) -> None:
        """Let a member wait in Join; a newcomer extends the initial delay of a group that was empty."""
        self._newcomer_while_gathering |= member.is_new
        self.prepare()
        self._turn_away(member, ErrorCode.REBALANCE_IN_PROGRESS)
        member.parked = ParkedJoin(answer)
        self.complete_join_if_all_joined()

    def complete_join_if_all_joined(self) -> None:
        """End the join phase early, except in the initial delay, which always runs its time."""
        preparing = self.state is GroupState.PREPARING_REBALANCE and self._gathering_left_s is None
        if preparing and self._members.all_joined:
            self._complete_join()

    def current_generation(self, member: Member) -> Joined:
        """The answer that admits a member to the generation; the leader also learns who its members are."""
        protocol_name = self.protocol_name or ""
        leads = member.member_id == self._members.leader_id
        return Joined(
            ErrorCode.NONE,
            member.member_id,
            self.generation,
            self._members.protocol_type,
            protocol_name,
            self._members.leader_id or "",
            members=self._members.metadata(protocol_name) if leads else (),
        )

    def _gather(self, left_s: float) -> None:
        delay_s = min(self._settings.initial_rebalance_delay_s, left_s)
        self._gathering_left_s = left_s - delay_s
        self._newcomer_while_gathering = False
        self._start_phase_timer(delay_s, self._gathered)

    def _gathered(self) -> None:
        left_s, self._gathering_left_s = self._gathering_left_s or 0.0, None
        if self._newcomer_while_gathering and left_s > 0:
            self._gather(left_s)
        else:
            self._complete_join()

    def _complete_join(self) -> None:
        for member in self._members:
            if not member.is_joining and not member.is_static:
                self.drop(member, ErrorCode.UNKNOWN_MEMBER_ID)
        if not len(self._members):
            self._become_empty()
        elif self._members.elect_joined_leader():
            self._begin_generation()
        else:
            # Only static members, and none of them back: their sessions decide. Never a busy loop.
            wait_s = max(self._members.rebalance_timeout_s, self._settings.min_session_timeout_s)
            self._start_phase_timer(wait_s, self._complete_join)

    def _become_empty(self) -> None:
        self._stop_phase_timer()
        self.generation += 1
        self.protocol_name = None
        self.state = GroupState.EMPTY

    def _begin_generation(self) -> None:
        self.generation += 1
        self.protocol_name = self._members.vote()
        self.state = GroupState.COMPLETING_REBALANCE
        self._unsynced = {member.member_id for member in self._members}
        self._start_phase_timer(self._members.rebalance_timeout_s, self._drop_unsynced)
        for member in self._members:
            member.assignment = b""
            member.is_new = False
            member.heard_at_s = self._clock()
            if isinstance(member.parked, ParkedJoin):
                answer, member.parked = member.parked.answer, None
                answer(self.current_generation(member))

    # Sync

    def park_sync(self, member: Member, answer: SyncAnswer) -> None:
        """Let a member wait for the leader's assignment."""
        self._turn_away(member, ErrorCode.REBALANCE_IN_PROGRESS)
        member.parked = ParkedSync(answer)

    def assign(self, assignments: Mapping[str, bytes]) -> None:
        """Take the leader's assignments (by member id): the group is Stable, waiting members get theirs."""
        self.state = GroupState.STABLE
        for member in self._members:
            member.assignment = assignments.get(member.member_id, b"")
            if isinstance(member.parked, ParkedSync):
                answer, member.parked = member.parked.answer, None
                member.heard_at_s = self._clock()
                answer(self.assignment_of(member))

    def assignment_of(self, member: Member) -> Synced:
        return Synced(ErrorCode.NONE, self._members.protocol_type, self.protocol_name, member.assignment)

    def note_synced(self, member: Member) -> None:
        """The member has asked for its assignment in time."""
        self._unsynced.discard(member.member_id)
        if not self._unsynced:
            self._stop_phase_timer()

    def _drop_unsynced(self) -> None:
        for member in self._members:
            if member.member_id in self._unsynced:
                self.drop(member, ErrorCode.UNKNOWN_MEMBER_ID)
        self.prepare()
        self.complete_join_if_all_joined()

    # Members that go or change

    def drop(self, member: Member, error: ErrorCode) -> None:
        """Take a member out and answer what it has parked. Does not start a rebalance."""
        self._members.remove(member)
        self._unsynced.discard(member.member_id)
        if member.session_timer is not None:
            member.session_timer.cancel()
        self._turn_away(member, error)

    def rename(self, member: Member, member_id: str) -> None:
        """Let a new incarnation take a static member's place; what the old one has parked is fenced."""
        self._turn_away(member, ErrorCode.FENCED_INSTANCE_ID)
        if member.member_id in self._unsynced:
            self._unsynced.remove(member.member_id)
            self._unsynced.add(member_id)
        self._members.rename(member, member_id)

    def _turn_away(self, member: Member, error: ErrorCode) -> None:
        parked, member.parked = member.parked, None
        if parked is None:
            return
        member.heard_at_s = self._clock()
        if isinstance(parked, ParkedJoin):
            parked.answer(Joined(error, member.member_id))
        else:
            parked.answer(Synced(error))

    def _start_phase_timer(self, delay_s: float, callback: Callable[[], None]) -> None:
        self._stop_phase_timer()
        self._phase_timer = self._call_later(delay_s, callback)

    def _stop_phase_timer(self) -> None:
        if self._phase_timer is not None:
            self._phase_timer.cancel()
            self._phase_timer = None
