"""What this login may do, asked of the cluster (KIP-430) instead of tried: nothing is written, created or joined."""

from collections.abc import Sequence
from typing import Any

from aiokafka.admin import NewTopic
from aiokafka.errors import GroupAuthorizationFailedError
from aiokafka.protocol.admin import DescribeGroupsResponse_v3
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.metadata import MetadataResponse_v5
from aiokafka.protocol.transaction import EndTxnRequest, InitProducerIdRequest
from aiokafka.protocol.types import Array, Boolean, Int16, Int32, Schema, String

from tui.clients.aiokafka_types import Admin
from tui.clients.permissions import Operation, is_denial

_OPERATIONS: dict[Operation, int] = {
    "Read": 3,
    "Write": 4,
    "Create": 5,
    "Delete": 6,
    "Alter": 7,
    "Describe": 8,
    "DescribeConfigs": 10,
}
"""By their codes in AclOperation, which are their bits in `authorized_operations`."""
_NOT_SAID = -(2**31)
_TIMEOUT_MS = 10_000

Operations = frozenset[Operation] | None
"""What is allowed; None if the broker does not say, as one that checks no permissions."""


class _MetadataResponse(Response):
    API_KEY = 3
    API_VERSION = 8
    SCHEMA = Schema(
        *zip(MetadataResponse_v5.SCHEMA.names[:-1], MetadataResponse_v5.SCHEMA.fields[:-1], strict=True),
        (
            "topics",
            Array(
                ("error_code", Int16),
                ("topic", String("utf-8")),
                ("is_internal", Boolean),
                (
                    "partitions",
                    Array(
                        ("error_code", Int16),
                        ("partition", Int32),
                        ("leader", Int32),
                        ("leader_epoch", Int32),
                        ("replicas", Array(Int32)),
                        ("isr", Array(Int32)),
                        ("offline_replicas", Array(Int32)),
                    ),
                ),
                ("authorized_operations", Int32),
            ),
        ),
        ("cluster_authorized_operations", Int32),
    )


class _MetadataRequestStruct(RequestStruct):
    API_KEY = 3
    API_VERSION = 8
    RESPONSE_TYPE = _MetadataResponse
    SCHEMA = Schema(
        ("topics", Array(String("utf-8"))),
        ("allow_auto_topic_creation", Boolean),
        ("include_cluster_authorized_operations", Boolean),
        ("include_topic_authorized_operations", Boolean),
    )


class _MetadataRequest(Request[_MetadataRequestStruct]):
    API_KEY = 3

    def __init__(self, topics: Sequence[str]) -> None:
        self._topics = list(topics)

    def build(self, request_struct_class: type[_MetadataRequestStruct]) -> _MetadataRequestStruct:
        return request_struct_class(self._topics, False, False, True)


class _DescribeGroupStruct(RequestStruct):
    # aiokafka 0.14 reads the answer to version 3 as one of version 2, without the operations.
    API_KEY = 15
    API_VERSION = 3
    RESPONSE_TYPE = DescribeGroupsResponse_v3
    SCHEMA = Schema(("groups", Array(String("utf-8"))), ("include_authorized_operations", Boolean))


class _DescribeGroupRequest(Request[_DescribeGroupStruct]):
    API_KEY = 15

    def __init__(self, group: str) -> None:
        self._group = group

    def build(self, request_struct_class: type[_DescribeGroupStruct]) -> _DescribeGroupStruct:
        return request_struct_class([self._group], True)


async def topic_operations(admin: Admin, names: Sequence[str]) -> dict[str, Operations]:
    """What may be done to each topic, whether it exists or not; nothing to one that may not be described.

    Asking creates no topic. Raises KafkaError.
    """
    try:
        answer = await _ask(admin, _MetadataRequest(names))
    except NotImplementedError:  # a broker from before KIP-430
        return dict.fromkeys(names)
    return {
        name: frozenset() if is_denial(code) else _said(operations) for code, name, _, _, operations in answer.topics
    }


async def group_operations(admin: Admin, group: str) -> Operations:
    """What may be done to the group, whether it exists or not. Raises KafkaError."""
    try:
        coordinator = await admin.find_coordinator(group)
        answer = await _ask(admin, _DescribeGroupRequest(group), coordinator)
    except GroupAuthorizationFailedError:
        return frozenset()
    except NotImplementedError:
        return None
    code, *_, operations = answer.groups[0]
    return frozenset() if is_denial(code) else _said(operations)


async def may_create(admin: Admin, name: str) -> bool:
    """True if the topic may be created: the broker checks it and creates nothing. Raises KafkaError."""
    answer = await admin.create_topics([NewTopic(name, 1, 1)], validate_only=True)
    (_, code, *_), *_ = answer.topic_errors
    return not is_denial(code)


async def may_be_idempotent(admin: Admin) -> bool:
    """True if a producer may be idempotent: it gets an id, which nobody will use. Raises KafkaError."""
    answer = await _ask(admin, InitProducerIdRequest(None, _TIMEOUT_MS))  # type: ignore[arg-type]  # may be null
    return not is_denial(answer.error_code)


async def may_use_transactions(admin: Admin, transactional_id: str) -> bool:
    """True if transactions of that id may be written. Raises KafkaError.

    A transaction of a producer that does not exist is asked to be aborted: permissions are checked first, then it is
    refused, and whatever the true producer of that id does goes on.
    """
    answer = await _ask(admin, EndTxnRequest(transactional_id, -1, -1, False))
    return not is_denial(answer.error_code)


def _said(bits: int) -> Operations:
    if bits == _NOT_SAID:
        return None
    return frozenset(operation for operation, bit in _OPERATIONS.items() if bits >> bit & 1)


async def _ask(admin: Admin, request: Request[Any], node: int | None = None) -> Any:
    """One request as it is. aiokafka's admin client has no public name for its client; its version is pinned."""
    client = getattr(admin, "_client")  # noqa: B009
    return await client.send(client.get_random_node() if node is None else node, request)
