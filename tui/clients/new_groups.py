"""Groups of the new protocol (KIP-848), which DescribeGroups calls dead: asked for by ConsumerGroupDescribe."""

from dataclasses import dataclass
from typing import Any

from aiokafka.errors import IncompatibleBrokerVersion
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Boolean, CompactArray, CompactString, Int16, Int32, Int64, Schema, TaggedFields

from tui.clients.aiokafka_types import Admin
from tui.clients.permissions import Permission, refusal
from tui.events import Member

_API_KEY = 69
_GROUP_ID_NOT_FOUND = 69
_STRING = CompactString("utf-8")
_ASSIGNMENT = Schema(
    (
        "topic_partitions",
        CompactArray(
            ("topic_id_high", Int64),
            ("topic_id_low", Int64),
            ("topic_name", _STRING),
            ("partitions", CompactArray(Int32)),
            ("tags", TaggedFields),
        ),
    ),
    ("tags", TaggedFields),
)
_MEMBERS = CompactArray(
    ("member_id", _STRING),
    ("instance_id", _STRING),
    ("rack_id", _STRING),
    ("member_epoch", Int32),
    ("client_id", _STRING),
    ("client_host", _STRING),
    ("subscribed_topic_names", CompactArray(_STRING)),
    ("subscribed_topic_regex", _STRING),
    ("assignment", _ASSIGNMENT),
    ("target_assignment", _ASSIGNMENT),
    ("tags", TaggedFields),
)


class ConsumerGroupDescribeResponse_v0(Response):
    """KIP-848, ConsumerGroupDescribe."""

    API_KEY = _API_KEY
    API_VERSION = 0
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "groups",
            CompactArray(
                ("error_code", Int16),
                ("error_message", _STRING),
                ("group_id", _STRING),
                ("group_state", _STRING),
                ("group_epoch", Int32),
                ("assignment_epoch", Int32),
                ("assignor_name", _STRING),
                ("members", _MEMBERS),
                ("authorized_operations", Int32),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class ConsumerGroupDescribeRequest_v0(RequestStruct):
    """KIP-848, ConsumerGroupDescribe."""

    FLEXIBLE_VERSION = True
    API_KEY = _API_KEY
    API_VERSION = 0
    RESPONSE_TYPE = ConsumerGroupDescribeResponse_v0
    SCHEMA = Schema(
        ("group_ids", CompactArray(_STRING)),
        ("include_authorized_operations", Boolean),
        ("tags", TaggedFields),
    )


class ConsumerGroupDescribeRequest(Request[ConsumerGroupDescribeRequest_v0]):
    """Asks for one group."""

    API_KEY = _API_KEY

    def __init__(self, group: str) -> None:
        self._group = group

    def build(self, request_struct_class: type[ConsumerGroupDescribeRequest_v0]) -> ConsumerGroupDescribeRequest_v0:
        """The request as it is sent."""
        return request_struct_class([self._group], False, {})


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
    client: Any = getattr(admin, "_client")  # noqa: B009  the public API sends only what aiokafka knows
    try:
        response = await client.send(coordinator, ConsumerGroupDescribeRequest(group))
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
