"""One member of a group, and the request of it that is parked, if any."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tui.broker.groups.calls import Identity, Join, JoinAnswer, SyncAnswer
from tui.broker.groups.timing import Timer

MEMBER_BYTES = 2048  # a member without metadata and assignment, and its names


@dataclass(frozen=True, slots=True)
class ParkedJoin:
    """A JoinGroup that waits for the join barrier."""

    answer: JoinAnswer


@dataclass(frozen=True, slots=True)
class ParkedSync:
    """A SyncGroup that waits for the leader's assignment."""

    answer: SyncAnswer


@dataclass(slots=True, eq=False)
class Member:
    """A member the group has accepted. One field holds what is parked, so it cannot wait in two places."""

    member_id: str
    group_instance_id: str | None
    client_id: str
    client_host: str
    session_timeout_s: float
    rebalance_timeout_s: float
    protocols: Mapping[str, bytes]
    heard_at_s: float
    assignment: bytes = b""
    is_new: bool = True
    parked: ParkedJoin | ParkedSync | None = None
    session_timer: Timer | None = None

    @classmethod
    def from_join(cls, member_id: str, call: Join, now_s: float) -> Member:
        """The member that `call` asks for, under the id it was given."""
        return cls(
            member_id=member_id,
            group_instance_id=call.identity.group_instance_id,
            client_id=call.client_id,
            client_host=call.client_host,
            session_timeout_s=call.session_timeout_s,
            rebalance_timeout_s=call.rebalance_timeout_s,
            protocols=dict(call.protocols),
            heard_at_s=now_s,
        )

    @property
    def identity(self) -> Identity:
        return Identity(self.member_id, self.group_instance_id)

    @property
    def is_static(self) -> bool:
        return self.group_instance_id is not None

    @property
    def is_joining(self) -> bool:
        return isinstance(self.parked, ParkedJoin)

    @property
    def held_bytes(self) -> int:
        """What the group keeps for the member: its metadata and its assignment, and the member itself."""
        return MEMBER_BYTES + sum(map(len, self.protocols.values())) + len(self.assignment)

    def take_over(self, call: Join) -> None:
        """Adopt what a renewed JoinGroup says about the member."""
        self.client_id = call.client_id
        self.client_host = call.client_host
        self.session_timeout_s = call.session_timeout_s
        self.rebalance_timeout_s = call.rebalance_timeout_s
        self.protocols = dict(call.protocols)

    def offers(self, protocols: Mapping[str, bytes]) -> bool:
        """Whether these are the member's protocols already: same names, same order, same metadata."""
        return list(self.protocols.items()) == list(protocols.items())

    def preferred(self, candidates: Iterable[str]) -> str:
        """The first of the member's protocols that is a candidate; there must be one."""
        allowed = frozenset(candidates)
        return next(name for name in self.protocols if name in allowed)

    def expires_at_s(self, new_member_join_timeout_s: float) -> float | None:
        """When the member counts as dead, on the group's clock; None while it is parked.

        A member that was never in a generation may wait in Join only for a time: without a member id of its
        own its client may have gone and come back as somebody else (KAFKA-7610).
        """
        if self.parked is None:
            return self.heard_at_s + self.session_timeout_s
        if self.is_new and self.is_joining:
            return self.heard_at_s + new_member_join_timeout_s
        return None
