"""A cluster as it was described, as plain data: brokers, topics, groups and what this login may not do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BrokerDescription:
    """One broker; `controller` is True for the one that leads the controllers."""

    id: int
    host: str
    port: int
    rack: str | None
    controller: bool


@dataclass(frozen=True, slots=True)
class TopicInCluster:
    """One topic. `in_sync` is how many replicas its worst partition has in sync, of `replication`.

    `under_replicated` and `leaderless` count partitions. `size_bytes` is that of all replicas on all brokers, None if
    it is not known. `used_for` says what kcalc uses it for, "" if for nothing.
    """

    name: str
    partitions: int
    replication: int
    in_sync: int
    under_replicated: int
    leaderless: int
    size_bytes: int | None
    internal: bool
    used_for: str


@dataclass(frozen=True, slots=True)
class MemberDescription:
    """One member of a group, with its partitions by topic; without any if it does not read topics."""

    client_id: str
    host: str
    partitions: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class GroupDescription:
    """One group. `kind` is what its members are: consumer, connect, share…; `new_protocol` is that of KIP-848.

    `members` is None if they are not known; `trouble` says then why, in words.
    """

    name: str
    state: str
    kind: str
    new_protocol: bool
    members: tuple[MemberDescription, ...] | None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class MissingPermission:
    """What this login may not do (`what`: "Read topic orders"), who needs it, and the command that grants it."""

    what: str
    needed_to: tuple[str, ...]
    granted_by: str


@dataclass(frozen=True, slots=True)
class ClusterDescription:
    """Everything that one look at the cluster found, at Unix time `at`.

    Parts that could not be asked say why in `…_trouble`, in words; what is known of them is there all the same.
    `controller` is its node id, which need not be that of a broker; None if it is not known.
    """

    cluster_id: str
    principal: str
    controller: int | None
    brokers: tuple[BrokerDescription, ...]
    topics: tuple[TopicInCluster, ...]
    groups: tuple[GroupDescription, ...]
    missing: tuple[MissingPermission, ...]
    sizes_trouble: str
    groups_trouble: str
    permissions_trouble: str
    at: float
