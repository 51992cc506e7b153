"""Who owns which partition, what is committed and what waits: one look at the group and its topics at a time."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiokafka.coordinator.protocol import ConsumerProtocol
from aiokafka.structs import TopicPartition

from tui.clients import topics
from tui.clients.aiokafka_types import Admin, Consumer
from tui.clients.connection import Connection, closed, started
from tui.clients.oldest import PARTITION_FETCH_BYTES, OldestWaiting
from tui.clients.permissions import Permission, refusal
from tui.clients.topics import TopicDescription
from tui.events import GroupObserved, Member, PartitionOffsets
from tui.settings import Settings

_CLOSE_S = 0.5


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen: the group, our topics that exist, and the end offsets of all their partitions."""

    group: GroupObserved
    topics: dict[str, TopicDescription]
    ends: dict[TopicPartition, int]
    cluster_id: str | None


class Observer:
    """Looks at the group and the topics with an admin client and a consumer, which are made again after a failure."""

    def __init__(self, connection: Connection, settings: Settings, clock: Callable[[], float]) -> None:
        self._connection = connection
        self._settings = settings
        self._clock = clock
        self._names = (settings.topics.requests, settings.topics.results, settings.topics.dead_letters)
        self._admin: Admin | None = None
        self._reader: Consumer | None = None
        self._oldest: OldestWaiting | None = None
        self._looking = asyncio.Lock()

    async def admin(self, within_s: float) -> Admin:
        """A started admin client. Raises KafkaConnectionError, TimeoutError."""
        if self._admin is None:
            admin = self._connection.admin()
            reader = self._connection.reader("kcalc-observer", PARTITION_FETCH_BYTES)
            try:
                async with asyncio.timeout(within_s):
                    await asyncio.gather(started(admin), started(reader))
            except BaseException:
                await asyncio.gather(closed(admin, _CLOSE_S), closed(reader, _CLOSE_S))
                raise
            self._admin, self._reader, self._oldest = admin, reader, OldestWaiting(reader)
        return self._admin

    async def members(self, within_s: float) -> tuple[Member, ...]:
        """The members of the group. Raises KafkaError, TimeoutError."""
        admin = await self.admin(within_s)
        async with asyncio.timeout(within_s):
            group = self._settings.workers.group
            description = await _described(admin, group, await admin.find_coordinator(group))
        return _members(description, self._settings.topics.requests)

    async def look(self, within_s: float) -> Look:
        """One look, one at a time. Raises KafkaError, TimeoutError; the next look then begins with new clients."""
        async with self._looking:
            try:
                async with asyncio.timeout(within_s):
                    admin = await self.admin(within_s)
                    assert self._reader is not None
                    assert self._oldest is not None
                    return await self._look(admin, self._reader, self._oldest)
            except BaseException:
                await self.close()
                raise

    async def close(self) -> None:
        """Close the clients."""
        admin, self._admin = self._admin, None
        reader, self._reader = self._reader, None
        await asyncio.gather(*(closed(client, _CLOSE_S) for client in (admin, reader) if client is not None))

    async def _look(self, admin: Admin, reader: Consumer, oldest: OldestWaiting) -> Look:
        group, requests = self._settings.workers.group, self._settings.topics.requests
        coordinator, cluster, found = await asyncio.gather(
            admin.find_coordinator(group), admin.describe_cluster(), topics.describe(admin)
        )
        present = {name: found[name] for name in self._names if name in found}
        led = [
            TopicPartition(topic.name, partition)
            for topic in present.values()
            for partition, leader in topic.leaders.items()
            if leader is not None
        ]
        description, committed, ends = await asyncio.gather(
            _described(admin, group, coordinator),
            admin.list_consumer_group_offsets(group, coordinator, [tp for tp in led if tp.topic == requests] or None),
            reader.end_offsets(led),
        )
        places = {tp: at.offset for tp, at in committed.items() if at.offset >= 0}
        never = [tp for tp in led if tp.topic == requests and tp not in places]
        waiting_from = places | (await reader.beginning_offsets(never) if never else {})
        since = await oldest.since({tp: at for tp, at in waiting_from.items() if at < ends.get(tp, 0)})
        offsets = []
        for partition, leader in present[requests].leaders.items() if requests in present else ():
            tp = TopicPartition(requests, partition)
            end = ends.get(tp, 0)
            first = waiting_from.get(tp, end)
            offsets.append(PartitionOffsets(partition, leader, places.get(tp), first, end, since.get(tp)))
        observed = GroupObserved(
            state=description.state,
            assignor=description.protocol,
            members=_members(description, requests),
            partitions=tuple(offsets),
            brokers=len(cluster["brokers"]),
            at=self._clock(),
        )
        return Look(observed, present, ends, cluster["cluster_id"])


@dataclass(frozen=True, slots=True)
class _Description:
    state: str
    protocol: str
    members: list[Any]


async def _described(admin: Admin, group: str, coordinator: int) -> _Description:
    (response,) = await admin.describe_consumer_groups([group], coordinator)
    code, name, state, _, protocol, members, *_ = response.groups[0]
    if code:
        raise refusal(code, Permission("Describe", "group", name), f"group {name}")
    return _Description(state, protocol, members)


def _members(description: _Description, topic: str) -> tuple[Member, ...]:
    return tuple(
        Member(member_id, client_id, host, _partitions(assignment, topic))
        for member_id, client_id, host, _, assignment in description.members
    )


def _partitions(assignment: bytes, topic: str) -> tuple[int, ...]:
    """The member's partitions of `topic`; none while the group rebalances."""
    if not assignment:
        return ()
    decoded = ConsumerProtocol.ASSIGNMENT.decode(assignment)
    return tuple(sorted(tp.partition for tp in decoded.partitions() if tp.topic == topic))
