"""Groups of the new protocol (KIP-848), which DescribeGroups calls dead: asked for by ConsumerGroupDescribe."""

from dataclasses import dataclass
from typing import Any

from aiokafka.errors import IncompatibleBrokerVersion

from tui.clients.aiokafka_types import Admin
from tui.clients.asking import ask
from tui.clients.cluster_calls import ConsumerGroupDescribeRequest
from tui.clients.permissions import Permission, refusal
from tui.group import Member

_GROUP_ID_NOT_FOUND = 69


@dataclass(frozen=True, slots=True)
class NewGroup:
    """A group of the new protocol. Its states are Empty, Assigning, Reconciling, Stable and Dead."""

    state: str
    assignor: str
    members: tuple[Member, ...]


async def new_group(admin: Admin, group: str, coordinator: int, topic: str) -> NewGroup | None:
    """The group, its members with their partitions of `topic`; None if it is none of the new protocol.

    Raises KafkaError, among them Denied.
    """
    try:
        response = await ask(admin, ConsumerGroupDescribeRequest([group]), coordinator)
    except (IncompatibleBrokerVersion, NotImplementedError):
        return None  # a broker before 3.7, or the embedded one
    code, _, name, state, _, _, assignor, members, *_ = response.groups[0]
    if code == _GROUP_ID_NOT_FOUND:
        return None
    if code:
        raise refusal(code, Permission("Describe", "group", name), f"group {name}")
    return NewGroup(state, assignor, tuple(_member(member, topic) for member in members))


def _member(member: tuple[Any, ...], topic: str) -> Member:
    member_id, _, _, _, client_id, host, _, _, (assigned, _), *_ = member
    numbers = [number for _, _, name, partitions, _ in assigned if name == topic for number in partitions]
    return Member(member_id, client_id, host, tuple(sorted(numbers)))
