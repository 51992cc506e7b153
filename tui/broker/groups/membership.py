"""Who belongs to a group: members, static instances, ids handed out and not yet used, and the leader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from tui.broker.errors import ErrorCode
from tui.broker.groups.calls import Identity, JoinedMember
from tui.broker.groups.member import MEMBER_BYTES, Member
from tui.broker.groups.timing import Timer


class Membership:
    """The members in order of arrival. Decides nothing about time or state; the group does."""

    def __init__(self) -> None:
        self.leader_id: str | None = None
        self.protocol_type = ""
        self._members: dict[str, Member] = {}
        self._static_ids: dict[str, str] = {}
        self._pending: dict[str, Timer] = {}

    def __len__(self) -> int:
        return len(self._members)

    def __iter__(self) -> Iterator[Member]:
        return iter(tuple(self._members.values()))

    def get(self, member_id: str) -> Member | None:
        return self._members.get(member_id)

    def find(self, identity: Identity) -> Member | ErrorCode:
        """The member a request comes from, or UNKNOWN_MEMBER_ID, or FENCED_INSTANCE_ID (KIP-345)."""
        if identity.group_instance_id is not None:
            current_id = self._static_ids.get(identity.group_instance_id)
            if current_id is None:
                return ErrorCode.UNKNOWN_MEMBER_ID
            if current_id != identity.member_id:
                return ErrorCode.FENCED_INSTANCE_ID
        return self._members.get(identity.member_id, ErrorCode.UNKNOWN_MEMBER_ID)

    def static_member(self, group_instance_id: str | None) -> Member | None:
        """The member that holds this instance id now."""
        if group_instance_id is None:
            return None
        return self._members.get(self._static_ids.get(group_instance_id, ""))

    def add(self, member: Member, protocol_type: str) -> None:
        """Take a member in; the first one sets the group's protocol type and leads."""
        if not self._members:
            self.protocol_type = protocol_type
            self.leader_id = member.member_id
        self._members[member.member_id] = member
        if member.group_instance_id is not None:
            self._static_ids[member.group_instance_id] = member.member_id

    def remove(self, member: Member) -> None:
        """Let a member go; if it led, nobody leads until the next election."""
        del self._members[member.member_id]
        if member.group_instance_id is not None:
            del self._static_ids[member.group_instance_id]
        if self.leader_id == member.member_id:
            self.leader_id = None

    def rename(self, member: Member, member_id: str) -> None:
        """Give a static member the id of its new incarnation; place, assignment and leadership stay."""
        if self.leader_id == member.member_id:
            self.leader_id = member_id
        old_id, member.member_id = member.member_id, member_id
        self._members = {(member_id if key == old_id else key): value for key, value in self._members.items()}
        if member.group_instance_id is not None:
            self._static_ids[member.group_instance_id] = member_id

    @property
    def held_bytes(self) -> int:
        """What is kept for the members, and for those whose ids are out."""
        return MEMBER_BYTES * len(self._pending) + sum(member.held_bytes for member in self._members.values())

    @property
    def pending_count(self) -> int:
        return len(self._pending)

    def is_pending(self, member_id: str) -> bool:
        return member_id in self._pending

    def expect(self, member_id: str, expiry: Timer) -> None:
        """Note an id that was handed out with MEMBER_ID_REQUIRED (KIP-394)."""
        self._pending[member_id] = expiry

    def stop_expecting(self, member_id: str) -> bool:
        """Forget such an id; False if it was not out."""
        expiry = self._pending.pop(member_id, None)
        if expiry is None:
            return False
        expiry.cancel()
        return True

    def forget_pending(self) -> None:
        for member_id in tuple(self._pending):
            self.stop_expecting(member_id)

    @property
    def all_joined(self) -> bool:
        """The join barrier: every member waits in Join and no id is out."""
        return not self._pending and all(member.is_joining for member in self._members.values())

    @property
    def rebalance_timeout_s(self) -> float:
        return max((member.rebalance_timeout_s for member in self._members.values()), default=0.0)

    def elect_joined_leader(self) -> bool:
        """Keep the leader if it joined, else take the first member that did; False if none did."""
        leader = self._members.get(self.leader_id or "")
        if leader is not None and leader.is_joining:
            return True
        joined = next((member for member in self._members.values() if member.is_joining), None)
        if joined is None:
            return False
        self.leader_id = joined.member_id
        return True

    def supports(self, protocol_type: str, names: Iterable[str]) -> bool:
        """Whether somebody with this type and these protocols can be in the group with all others."""
        if not self._members:
            return bool(protocol_type) and any(True for _ in names)
        return protocol_type == self.protocol_type and not self._common_protocols().isdisjoint(names)

    def vote(self) -> str:
        """The protocol most members prefer among those all support; a tie goes to the longest member."""
        candidates = self._common_protocols()
        votes = Counter(member.preferred(candidates) for member in self._members.values())
        return votes.most_common(1)[0][0]

    def metadata(self, protocol_name: str) -> tuple[JoinedMember, ...]:
        """All members with their metadata for the protocol, as the leader needs them."""
        return tuple(
            JoinedMember(member.identity, member.protocols.get(protocol_name, b"")) for member in self._members.values()
        )

    def _common_protocols(self) -> frozenset[str]:
        return frozenset.intersection(*(frozenset(member.protocols) for member in self._members.values()))
