"""One consumer group of the classic protocol: a synchronous state machine with its clock passed in."""

from __future__ import annotations

from functools import partial

from tui.broker.errors import ErrorCode
from tui.broker.groups.calls import NOBODY, Identity, Join, JoinAnswer, Sync, SyncAnswer, Synced
from tui.broker.groups.member import Member
from tui.broker.groups.membership import Membership
from tui.broker.groups.offsets import CommittedOffsets
from tui.broker.groups.rebalance import GroupState, Rebalance
from tui.broker.groups.settings import GroupSettings
from tui.broker.groups.timing import CallLater, Clock


class Group:
    """A group, from its first join or commit until it is deleted.

    Join and Sync take a callback that is called exactly once, at once or when the group gets there; nothing
    else is asynchronous. What a JoinGroup means is decided in joining.py, with the steps of this class.
    """

    def __init__(self, group_id: str, settings: GroupSettings, clock: Clock, call_later: CallLater) -> None:
        self.group_id = group_id
        self.settings = settings
        self.members = Membership()
        self.rebalance = Rebalance(self.members, settings, clock, call_later)
        self.offsets = CommittedOffsets(settings.max_offsets_per_group)
        self._clock = clock
        self._call_later = call_later

    @property
    def state(self) -> GroupState:
        return self.rebalance.state

    @property
    def is_disposable(self) -> bool:
        """Whether nothing would be lost with the group."""
        return self.state is GroupState.EMPTY and self.offsets.are_none and not self.members.pending_count

    # Requests

    def sync(self, call: Sync, answer: SyncAnswer) -> None:
        """SyncGroup: followers wait for the leader's assignment; the leader's ends the rebalance."""
        member = self.members.find(call.identity)
        if not isinstance(member, Member):
            answer(Synced(member))
        elif call.generation != self.rebalance.generation:
            answer(Synced(ErrorCode.ILLEGAL_GENERATION))
        elif not self._is_our_protocol(call):
            answer(Synced(ErrorCode.INCONSISTENT_GROUP_PROTOCOL))
        elif self.state is GroupState.PREPARING_REBALANCE:
            answer(Synced(ErrorCode.REBALANCE_IN_PROGRESS))
        else:
            self._sync_in_generation(member, call, answer)

    def heartbeat(self, identity: Identity, generation: int) -> ErrorCode:
        """Heartbeat: keeps the member alive; REBALANCE_IN_PROGRESS tells it to join again."""
        member = self.members.find(identity)
        if not isinstance(member, Member):
            return member
        if generation != self.rebalance.generation:
            return ErrorCode.ILLEGAL_GENERATION
        member.heard_at_s = self._clock()
        if self.state is GroupState.PREPARING_REBALANCE:
            return ErrorCode.REBALANCE_IN_PROGRESS
        return ErrorCode.NONE

    def leave(self, identity: Identity) -> ErrorCode:
        """LeaveGroup of one member; an admin names a static one by its instance id alone."""
        if not identity.member_id:
            static = self.members.static_member(identity.group_instance_id)
            if static is None:
                return ErrorCode.UNKNOWN_MEMBER_ID
            self._lose(static)
            return ErrorCode.NONE
        if self.members.stop_expecting(identity.member_id):
            self.rebalance.complete_join_if_all_joined()
            return ErrorCode.NONE
        member = self.members.find(identity)
        if not isinstance(member, Member):
            return member
        self._lose(member)
        return ErrorCode.NONE

    def commit_error(self, identity: Identity, generation: int) -> ErrorCode:
        """Whether an offset commit is acceptable now; an accepted one also counts as a heartbeat.

        Without generation and member (assigned partitions, admin clients) only an empty group accepts it.
        """
        if generation < 0 and self.state is GroupState.EMPTY:
            return ErrorCode.NONE
        member = self.members.find(identity)
        if not isinstance(member, Member):
            return member
        if generation != self.rebalance.generation:
            return ErrorCode.ILLEGAL_GENERATION
        if self.state is GroupState.COMPLETING_REBALANCE:
            return ErrorCode.REBALANCE_IN_PROGRESS
        member.heard_at_s = self._clock()
        return ErrorCode.NONE

    def transactional_commit_error(self, identity: Identity, generation: int) -> ErrorCode:
        """Whether the offset commit of a transaction is acceptable, in whatever phase of a rebalance (KIP-447).

        Clients that name neither generation nor member are fenced by their transactional id alone.
        """
        if generation < 0 and (self.state is GroupState.EMPTY or identity == NOBODY):
            return ErrorCode.NONE
        member = self.members.find(identity)
        if not isinstance(member, Member):
            return member
        return ErrorCode.NONE if generation == self.rebalance.generation else ErrorCode.ILLEGAL_GENERATION

    def close(self) -> None:
        """End the group: everything parked is answered, no timer stays."""
        self.rebalance.close()
        self.members.forget_pending()

    # Steps of a join, used by joining.py

    def expect(self, member_id: str, session_timeout_s: float) -> None:
        """Hold a place for a member id that was handed out, until the session time-out."""
        timer = self._call_later(session_timeout_s, partial(self._expectation_expired, member_id))
        self.members.expect(member_id, timer)

    def admit(self, member_id: str, call: Join, answer: JoinAnswer) -> None:
        """Take in a new member, which waits in Join from then on."""
        member = Member.from_join(member_id, call, self._clock())
        self.members.stop_expecting(member_id)
        self.members.add(member, call.protocol_type)
        self._watch(member)
        self.rebalance.park_join(member, answer)

    def renew(self, member: Member, call: Join) -> None:
        """Adopt what a member's new JoinGroup says, and count it as heard."""
        member.take_over(call)
        member.heard_at_s = self._clock()
        self._watch(member)

    # Members that go

    def _lose(self, member: Member) -> None:
        self.rebalance.drop(member, ErrorCode.UNKNOWN_MEMBER_ID)
        self.rebalance.prepare()
        self.rebalance.complete_join_if_all_joined()

    def _watch(self, member: Member) -> None:
        # One timer a session: a heartbeat only notes its time, the timer looks there when it is due.
        if member.session_timer is not None:
            member.session_timer.cancel()
        member.session_timer = self._call_later(member.session_timeout_s, partial(self._check_session, member))

    def _check_session(self, member: Member) -> None:
        expires_at_s = member.expires_at_s(self.settings.new_member_join_timeout_s)
        left_s = member.session_timeout_s if expires_at_s is None else expires_at_s - self._clock()
        if left_s > 0:
            member.session_timer = self._call_later(left_s, partial(self._check_session, member))
        else:
            self._lose(member)

    def _expectation_expired(self, member_id: str) -> None:
        self.members.stop_expecting(member_id)
        self.rebalance.complete_join_if_all_joined()

    def _sync_in_generation(self, member: Member, call: Sync, answer: SyncAnswer) -> None:
        self.rebalance.note_synced(member)
        if self.state is GroupState.STABLE:
            member.heard_at_s = self._clock()
            answer(self.rebalance.assignment_of(member))
            return
        self.rebalance.park_sync(member, answer)
        if member.member_id == self.members.leader_id:
            self.rebalance.assign(call.assignments)

    def _is_our_protocol(self, call: Sync) -> bool:
        right_type = call.protocol_type is None or call.protocol_type == self.members.protocol_type
        return right_type and call.protocol_name in (None, self.rebalance.protocol_name)
