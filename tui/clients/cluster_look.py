"""One look at the whole cluster: every part is asked for by itself, so that one that fails takes no other with it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from typing import Any, TypeVar

from aiokafka.errors import (
    IncompatibleBrokerVersion,
    KafkaError,
    NodeNotReadyError,
    TransactionalIdAuthorizationFailed,
)

from tui.clients.aiokafka_types import Admin
from tui.clients.asking import ask, known_brokers, reached
from tui.clients.authorized import MetadataRequest, Operations, coordinator_of, group_operations, said, topic_operations
from tui.clients.cluster_calls import DescribeLogDirsRequest, DescribeQuorumRequest
from tui.clients.connection import Connection
from tui.clients.described import (
    BrokerDescription,
    ClusterDescription,
    GroupDescription,
    MissingPermission,
    TopicInCluster,
)
from tui.clients.groups import groups_of
from tui.clients.permissions import Permission
from tui.clients.reasons import reason
from tui.clients.roles import cluster_needs, needs
from tui.settings import Settings

T = TypeVar("T")
Part = tuple[T | None, str]
"""What was found, or None and why not."""

_REACH_S = 1.5  # a broker that is frozen accepts connections and says nothing
NO_DESCRIBE = "no permission: DESCRIBE on cluster"


class ClusterLook:
    """Takes one look until `deadline`, a time of the event loop."""

    def __init__(self, admin: Admin, connection: Connection, settings: Settings, deadline: float) -> None:
        self._admin = admin
        self._connection = connection
        self._settings = settings
        self._deadline = deadline
        self._reached: set[int] = set()

    async def taken(self, at: float) -> ClusterDescription:
        """What there is. Raises KafkaError, NotImplementedError of a broker before KIP-430, TimeoutError."""
        node, metadata = await self._metadata()
        nodes = [broker[0] for broker in metadata.brokers]
        present = [topic[1] for topic in metadata.topics]
        self._reached = {each for each in nodes if await reached(self._admin, each, _REACH_S)}
        allowed = said(metadata.cluster_authorized_operations)
        controller, sizes, groups, missing = await asyncio.gather(
            self._part(self._controller(node, metadata.controller_id)),
            self._of_each(nodes, self._sizes),
            self._of_each(nodes, self._groups),
            self._part(self._missing(node, present, allowed)),
        )
        hidden = "" if allowed is None or "Describe" in allowed else NO_DESCRIBE
        return ClusterDescription(
            cluster_id=metadata.cluster_id or "",
            principal=self._connection.principal,
            controller=controller[0],
            brokers=tuple(_brokers(metadata.brokers, controller[0])),
            topics=tuple(_topics(metadata.topics, {} if hidden else sizes[0], self._settings.topics.uses)),
            groups=tuple(sorted((each for part in groups[0].values() for each in part), key=lambda group: group.name)),
            missing=missing[0] or (),
            sizes_trouble=hidden or sizes[1],
            groups_trouble=hidden or groups[1],
            permissions_trouble=missing[1],
            at=at,
        )

    async def _metadata(self) -> tuple[int, Any]:
        """The first broker that answers, and what it says."""
        failure: Exception = NodeNotReadyError()
        async with asyncio.timeout_at(self._deadline):
            for node in known_brokers(self._admin):
                try:
                    async with asyncio.timeout(_REACH_S):
                        return node, await ask(self._admin, MetadataRequest(None), node)
                except (KafkaError, TimeoutError) as error:
                    failure = error
        raise failure

    async def _part(self, asked: Awaitable[T]) -> Part[T]:
        try:
            async with asyncio.timeout_at(self._deadline):
                return await asked, ""
        except TimeoutError as error:
            return None, reason(error)
        except (NotImplementedError, IncompatibleBrokerVersion):
            return None, "this broker is too old to tell"
        except (KafkaError, OSError) as error:
            return None, reason(error)

    async def _of_each(
        self, nodes: Sequence[int], asked: Callable[[int], Awaitable[T | None]]
    ) -> tuple[dict[int, T], str]:
        """What each broker answered that did, and what is the matter with the others."""
        parts = await asyncio.gather(*(self._part_of(node, asked) for node in nodes))
        found = {node: part for node, (part, _) in zip(nodes, parts, strict=True) if part is not None}
        silent = [f"broker {node}: {trouble}" for node, (_, trouble) in zip(nodes, parts, strict=True) if trouble]
        return found, "; ".join(silent)

    async def _part_of(self, node: int, asked: Callable[[int], Awaitable[T | None]]) -> Part[T]:
        return await self._part(asked(node)) if node in self._reached else (None, reason(NodeNotReadyError()))

    async def _controller(self, node: int, in_metadata: int) -> int | None:
        """Who leads the controllers; before KRaft the broker that the metadata names."""
        try:
            answer = await ask(self._admin, DescribeQuorumRequest(), node)
        except IncompatibleBrokerVersion:
            return in_metadata
        leaders = [leader for _, places, _ in answer.topics or () for _, code, leader, *_ in places if not code]
        return leaders[0] if leaders and leaders[0] >= 0 else None

    async def _sizes(self, node: int) -> Counter[str] | None:
        """Bytes of each topic's replicas on this broker; None if it does not tell."""
        answer = await ask(self._admin, DescribeLogDirsRequest(), node)
        if not answer.results:
            return None
        sizes: Counter[str] = Counter()
        for _, _, topics in answer.results:
            for name, partitions in topics:
                sizes[name] += sum(size for _, size, _, _ in partitions)
        return sizes

    async def _groups(self, node: int) -> list[GroupDescription]:
        return await groups_of(self._admin, node, self._settings.workers.group)

    async def _missing(
        self, node: int, present: Collection[str], in_cluster: Operations
    ) -> tuple[MissingPermission, ...]:
        """What is not allowed, with whoever needs it; nothing is written or created to find out."""
        found: dict[Permission, list[str]] = {}
        async for role, permission in self._denied(node, present, in_cluster):
            found.setdefault(permission, []).append(role)
        granted_by = self._connection.granted_by
        return tuple(MissingPermission(str(each), tuple(roles), granted_by(each)) for each, roles in found.items())

    async def _denied(
        self, node: int, present: Collection[str], in_cluster: Operations
    ) -> AsyncIterator[tuple[str, Permission]]:
        group = self._settings.workers.group
        by_topic = await topic_operations(self._admin, list(self._settings.topics.uses), node)
        in_group = await group_operations(self._admin, group, node)
        for name, operations in by_topic.items():
            hidden = operations is not None and "Describe" not in operations
            if name not in present and not hidden and _lacks(operations, "Create") and _lacks(in_cluster, "Create"):
                yield "create it", Permission("Create", "topic", name)
        for role, permission in [*needs(self._settings), *cluster_needs(self._settings)]:
            match permission.resource:
                case "topic":
                    denied = _lacks(by_topic.get(permission.name), permission.operation)
                case "group":
                    denied = _lacks(in_group, permission.operation)
                case "transactional-id":
                    denied = await self._hidden_transactions(node, f"{permission.name}0")
                case "cluster" if permission.operation == "IdempotentWrite":
                    continue  # since Kafka 2.8 whoever may write to a topic may do it idempotently
                case "cluster":
                    denied = _lacks(in_cluster, permission.operation)
            if denied:
                yield role, permission

    async def _hidden_transactions(self, node: int, transactional_id: str) -> bool:
        """True if not even their coordinator is told: whoever may write them may also describe them."""
        try:
            await coordinator_of(self._admin, transactional_id, node, transactions=True)
        except TransactionalIdAuthorizationFailed:
            return True
        return False


def _lacks(operations: Operations, wanted: str) -> bool:
    return operations is not None and wanted not in operations


def _brokers(rows: Sequence[Any], controller: int | None) -> list[BrokerDescription]:
    return [BrokerDescription(id, host, port, rack, id == controller) for id, host, port, rack in sorted(rows)]


def _topics(rows: Sequence[Any], sizes: Mapping[int, Counter[str]], uses: Mapping[str, str]) -> list[TopicInCluster]:
    """kcalc's own first."""
    described = [
        _topic(name, internal, partitions, sizes, uses.get(name, ""))
        for code, name, internal, partitions, _ in rows
        if not code
    ]
    order = list(uses)
    return sorted(
        described,
        key=lambda topic: (order.index(topic.name) if topic.used_for else len(order), topic.internal, topic.name),
    )


def _topic(
    name: str, internal: bool, partitions: Sequence[Any], sizes: Mapping[int, Counter[str]], used_for: str
) -> TopicInCluster:
    holders = {node for _, _, _, _, replicas, *_ in partitions for node in replicas}
    return TopicInCluster(
        name=name,
        partitions=len(partitions),
        replication=max((len(replicas) for _, _, _, _, replicas, *_ in partitions), default=0),
        in_sync=min((len(in_sync) for _, _, _, _, _, in_sync, _ in partitions), default=0),
        under_replicated=sum(len(in_sync) < len(replicas) for _, _, _, _, replicas, in_sync, _ in partitions),
        leaderless=sum(leader < 0 for _, _, leader, *_ in partitions),
        size_bytes=sum(sizes[node][name] for node in holders) if holders <= sizes.keys() else None,
        internal=internal,
        used_for=used_for,
    )
