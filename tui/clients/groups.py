"""All groups of one broker with their members, of the classic and of the new protocol (KIP-848)."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka.coordinator.protocol import ConsumerProtocol
from aiokafka.errors import for_code
from aiokafka.structs import TopicPartition

from tui.clients.aiokafka_types import Admin
from tui.clients.asking import ask
from tui.clients.authorized import DescribeGroupsRequest
from tui.clients.cluster_calls import ConsumerGroupDescribeRequest, ListGroupsRequest
from tui.clients.described import GroupDescription, MemberDescription
from tui.clients.permissions import Permission, is_denial, refusal
from tui.clients.reasons import reason

MOST_DESCRIBED = 100
"""Members of more groups than that are not asked for, a broker."""
_GROUP_ID_NOT_FOUND = 69
_CONSUMER = "consumer"


@dataclass(frozen=True, slots=True)
class _Listed:
    """A group as it is listed; brokers before ListGroups version 5 say neither state nor type."""

    name: str
    kind: str
    state: str = ""
    type: str = ""

    @property
    def may_be_classic(self) -> bool:
        return self.type.lower() in ("", "classic")

    def described(self, state: str, members: tuple[MemberDescription, ...] | None, trouble: str) -> GroupDescription:
        new_protocol = not self.may_be_classic
        kind = self.type.lower() if new_protocol else self.kind
        return GroupDescription(self.name, state or self.state, kind, new_protocol, members, trouble)


async def groups_of(admin: Admin, node: int, first: str) -> list[GroupDescription]:
    """The groups that this broker coordinates and that may be described, by name; `first` is described in any case.

    Raises KafkaError, if the broker cannot be asked at all.
    """
    answer = await ask(admin, ListGroupsRequest(), node)
    if answer.error_code:
        raise refusal(answer.error_code, Permission("Describe", "cluster"), f"broker {node}")
    listed = {row[0]: _Listed(*row[:4]) for row in answer.groups}
    names = sorted(listed, key=lambda name: (name != first, name))[:MOST_DESCRIBED]
    described = {group.name: group async for group in _described(admin, node, [listed[name] for name in names])}
    unasked = f"not asked: only {MOST_DESCRIBED} groups are"
    return [described.get(name) or group.described("", None, unasked) for name, group in sorted(listed.items())]


async def _described(admin: Admin, node: int, listed: Sequence[_Listed]) -> AsyncIterator[GroupDescription]:
    classic = {group.name: group for group in listed if group.may_be_classic}
    modern = {group.name: group for group in listed if not group.may_be_classic and group.type.lower() == _CONSUMER}
    if classic:
        answer = await ask(admin, DescribeGroupsRequest(list(classic)), node)
        for code, name, state, _, _, members, _ in answer.groups:
            yield _classic(classic[name], code, state, members)
    if modern:
        answer = await ask(admin, ConsumerGroupDescribeRequest(list(modern)), node)
        for code, _, name, state, _, _, _, members, *_ in answer.groups:
            trouble = _trouble(code, name)
            yield modern[name].described(state, None if trouble else tuple(map(_new_member, members)), trouble)
    for group in listed:
        if group.name not in classic and group.name not in modern:
            yield group.described("", None, f"members of a {group.type.lower()} group are not asked for")


def _classic(group: _Listed, code: int, state: str, members: Iterable[Any]) -> GroupDescription:
    # A broker that is asked for a group of the new protocol in the classic way knows nothing of it, or calls it dead.
    if not group.type and (code == _GROUP_ID_NOT_FOUND or (not code and state == "Dead")):
        return GroupDescription(group.name, "", group.kind, True, None, "this broker does not say more")
    if trouble := _trouble(code, group.name):
        return group.described("", None, trouble)
    reads = group.kind == _CONSUMER
    found = (
        MemberDescription(client_id, host, _by_topic(_assigned(assignment)) if reads else ())
        for _, client_id, host, _, assignment in members
    )
    return group.described(state, tuple(sorted(found, key=_by_client_id)), "")


def _trouble(code: int, name: str) -> str:
    if not code:
        return ""
    return f"no permission: DESCRIBE on group {name}" if is_denial(code) else reason(for_code(code)())


def _new_member(row: Sequence[Any]) -> MemberDescription:
    _, _, _, _, client_id, host, _, _, (topics, _), *_ = row
    places = (TopicPartition(topic, partition) for _, _, topic, partitions, _ in topics for partition in partitions)
    return MemberDescription(client_id, host, _by_topic(places))


def _assigned(assignment: bytes) -> Iterator[TopicPartition]:
    """None while the group rebalances, and of what is no assignment."""
    if assignment:
        try:
            yield from ConsumerProtocol.ASSIGNMENT.decode(assignment).partitions()
        except (ValueError, TypeError):
            return


def _by_topic(places: Iterable[TopicPartition]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    found: dict[str, list[int]] = defaultdict(list)
    for place in places:
        found[place.topic].append(place.partition)
    return tuple((topic, tuple(sorted(partitions))) for topic, partitions in sorted(found.items()))


def _by_client_id(member: MemberDescription) -> tuple[int, str]:
    return len(member.client_id), member.client_id
