"""Who owns which partition, what is committed and what waits: one look at the group and its topics at a time."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aiokafka.coordinator.protocol import ConsumerProtocol
from aiokafka.structs import TopicPartition

from tui.clients import topics
from tui.clients.aiokafka_types import Admin, Consumer
from tui.clients.connection import Connection, closed, started
from tui.clients.new_groups import new_group
from tui.clients.oldest import PARTITION_FETCH_BYTES, OldestWaiting
from tui.clients.permissions import Permission, refusal
from tui.clients.topics import TopicDescription
from tui.events import GroupObserved
from tui.group import Member, PartitionOffsets
from tui.settings import Settings

_CLOSE_S = 0.5
_DEAD = "Dead"


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
            topic = self._settings.topics.requests
            return (await _described(admin, group, await admin.find_coordinator(group), topic)).members

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
        every = [TopicPartition(requests, p) for p in present[requests].leaders] if requests in present else []
        led = [
            TopicPartition(topic.name, partition)
            for topic in present.values()
            for partition, leader in topic.leaders.items()
            if leader is not None
        ]
        description, found_offsets = await asyncio.gather(
            _described(admin, group, coordinator, requests),
            admin.list_consumer_group_offsets(group, coordinator, every or None),
        )
        committed = {tp: at.offset for tp, at in found_offsets.items() if at.offset >= 0}
        # The ends are asked for after the committed offsets, or these could be beyond them.
        ends = await reader.end_offsets(led)
        observed = GroupObserved(
            state=description.state,
            assignor=description.assignor,
            members=description.members,
            partitions=await _offsets(present.get(requests), committed, ends, reader, oldest),
            brokers=len(cluster["brokers"]),
            at=self._clock(),
            new_protocol=description.new_protocol,
        )
        return Look(observed, present, ends, cluster["cluster_id"])


async def _offsets(
    topic: TopicDescription | None,
    committed: Mapping[TopicPartition, int],
    ends: Mapping[TopicPartition, int],
    reader: Consumer,
    oldest: OldestWaiting,
) -> tuple[PartitionOffsets, ...]:
    """Where each partition of `topic` stands, of which those with a leader are in `ends`."""
    leaders = topic.leaders if topic is not None else {}
    places = {p: TopicPartition(topic.name, p) for p in leaders} if topic is not None else {}
    led = [tp for tp in places.values() if tp in ends]
    begins = await reader.beginning_offsets(led) if led else {}
    starts = {tp: max(begin, committed.get(tp, begin)) for tp, begin in begins.items()}
    waiting = await oldest.look({tp: (start, ends[tp]) for tp, start in starts.items() if start < ends[tp]})
    offsets = []
    for number, tp in places.items():
        end, begin, at = ends.get(tp, 0), begins.get(tp), waiting.get(tp)
        nothing = at is not None and at.since is None
        start = end if nothing else starts.get(tp, 0)
        since = at.since if at is not None else None
        offsets.append(PartitionOffsets(number, leaders[number], committed.get(tp), start, end, since, begin))
    return tuple(offsets)


@dataclass(frozen=True, slots=True)
class _Description:
    state: str
    assignor: str
    members: tuple[Member, ...]
    new_protocol: bool


async def _described(admin: Admin, group: str, coordinator: int, topic: str) -> _Description:
    (response,) = await admin.describe_consumer_groups([group], coordinator)
    code, name, state, _, protocol, members, *_ = response.groups[0]
    if code:
        raise refusal(code, Permission("Describe", "group", name), f"group {name}")
    # Of a group of the new protocol the broker says that it is dead.
    new = await new_group(admin, group, coordinator, topic) if state == _DEAD else None
    if new is not None:
        return _Description(new.state, new.assignor, new.members, new_protocol=True)
    return _Description(state, protocol, tuple(_members(members, topic)), new_protocol=False)


def _members(members: list[Any], topic: str) -> Iterator[Member]:
    for member_id, client_id, host, _, assignment in members:
        yield Member(member_id, client_id, host, _partitions(assignment, topic))


def _partitions(assignment: bytes, topic: str) -> tuple[int, ...]:
    """The member's partitions of `topic`; none while the group rebalances."""
    if not assignment:
        return ()
    decoded = ConsumerProtocol.ASSIGNMENT.decode(assignment)
    return tuple(sorted(tp.partition for tp in decoded.partitions() if tp.topic == topic))
