"""What members ask of a group and what it answers, free of protocol versions; times in seconds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tui.broker.errors import ErrorCode

NO_GENERATION = -1


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a request says it comes from: a member id, and for static members (KIP-345) an instance id."""

    member_id: str
    group_instance_id: str | None = None


NOBODY = Identity("")


@dataclass(frozen=True, slots=True)
class Join:
    """JoinGroup. `protocols` maps the names the member supports, best first, to its metadata for each."""

    identity: Identity
    client_id: str
    client_host: str
    session_timeout_s: float
    rebalance_timeout_s: float
    protocol_type: str
    protocols: Mapping[str, bytes]
    member_id_required: bool
    skip_assignment_supported: bool


@dataclass(frozen=True, slots=True)
class JoinedMember:
    """A member as the leader is told of it."""

    identity: Identity
    metadata: bytes


@dataclass(frozen=True, slots=True)
class Joined:
    """The answer to Join; `members` is filled for the leader only."""

    error: ErrorCode
    member_id: str
    generation: int = NO_GENERATION
    protocol_type: str | None = None
    protocol_name: str = ""
    leader: str = ""
    skip_assignment: bool = False
    members: tuple[JoinedMember, ...] = ()


@dataclass(frozen=True, slots=True)
class Sync:
    """SyncGroup. `assignments` (by member id) is the leader's; protocol type and name are None before v5."""

    identity: Identity
    generation: int
    protocol_type: str | None
    protocol_name: str | None
    assignments: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Synced:
    """The answer to Sync."""

    error: ErrorCode
    protocol_type: str | None = None
    protocol_name: str | None = None
    assignment: bytes = b""


JoinAnswer = Callable[[Joined], None]
SyncAnswer = Callable[[Synced], None]
