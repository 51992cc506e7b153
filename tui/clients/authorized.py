"""What this login may do, asked of the cluster (KIP-430) instead of tried: nothing is written, created or joined."""

from collections.abc import Sequence

from aiokafka.admin import NewTopic
from aiokafka.errors import GroupAuthorizationFailedError, for_code
from aiokafka.protocol.admin import DescribeGroupsResponse_v3
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.coordination import FindCoordinatorRequest
from aiokafka.protocol.metadata import MetadataResponse_v5
from aiokafka.protocol.transaction import EndTxnRequest, InitProducerIdRequest
from aiokafka.protocol.types import Array, Boolean, Int16, Int32, Schema, String

from tui.clients.aiokafka_types import Admin
from tui.clients.asking import ask
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


class _MetadataStruct(RequestStruct):
    API_KEY = 3
    API_VERSION = 8
    RESPONSE_TYPE = _MetadataResponse
    SCHEMA = Schema(
        ("topics", Array(String("utf-8"))),
        ("allow_auto_topic_creation", Boolean),
        ("include_cluster_authorized_operations", Boolean),
        ("include_topic_authorized_operations", Boolean),
    )


class MetadataRequest(Request[_MetadataStruct]):
    """The brokers and these topics, None: all that may be described; and what may be done to them. Creates no topic."""

    API_KEY = 3

    def __init__(self, topics: Sequence[str] | None) -> None:
        self._topics = topics if topics is None else list(topics)

    def build(self, request_struct_class: type[_MetadataStruct]) -> _MetadataStruct:
        return request_struct_class(self._topics, False, self._topics is None, self._topics is not None)


class _DescribeGroupsStruct(RequestStruct):
    # aiokafka 0.14 reads the answer to version 3 as one of version 2, without the operations.
    API_KEY = 15
    API_VERSION = 3
    RESPONSE_TYPE = DescribeGroupsResponse_v3
    SCHEMA = Schema(("groups", Array(String("utf-8"))), ("include_authorized_operations", Boolean))


class DescribeGroupsRequest(Request[_DescribeGroupsStruct]):
    """The state and the members of groups, and what may be done to them."""

    API_KEY = 15

    def __init__(self, groups: Sequence[str]) -> None:
        self._groups = list(groups)

    def build(self, request_struct_class: type[_DescribeGroupsStruct]) -> _DescribeGroupsStruct:
        return request_struct_class(self._groups, True)


async def topic_operations(admin: Admin, names: Sequence[str], node: int | None = None) -> dict[str, Operations]:
    """What may be done to each topic, whether it exists or not; nothing to one that may not be described.

    Asking creates no topic. Asks that broker, or any. Raises KafkaError.
    """
    try:
        answer = await ask(admin, MetadataRequest(names), node)
    except NotImplementedError:  # a broker from before KIP-430
        return dict.fromkeys(names)
    return {
        name: frozenset() if is_denial(code) else said(operations) for code, name, _, _, operations in answer.topics
    }


async def group_operations(admin: Admin, group: str, node: int | None = None) -> Operations:
    """What may be done to the group, whether it exists or not. Asks that broker, or any. Raises KafkaError."""
    try:
        coordinator = await coordinator_of(admin, group, node)
        answer = await ask(admin, DescribeGroupsRequest([group]), coordinator)
    except GroupAuthorizationFailedError:
        return frozenset()
    except NotImplementedError:
        return None
    code, *_, operations = answer.groups[0]
    if is_denial(code):
        return frozenset()
    if code:  # as of a coordinator that reads its log first: it says nothing of permissions then
        raise for_code(code)(f"group {group}")
    return said(operations)


async def coordinator_of(admin: Admin, key: str, node: int | None = None, *, transactions: bool = False) -> int:
    """The broker that coordinates that group, or those transactions. Asks that broker, or any. Raises KafkaError."""
    answer = await ask(admin, FindCoordinatorRequest(key, int(transactions)), node)
    if answer.error_code:
        raise for_code(answer.error_code)(f"no coordinator of {key}")
    coordinator: int = answer.coordinator_id
    return coordinator


async def may_create(admin: Admin, name: str) -> bool:
    """True if the topic may be created: the broker checks it and creates nothing. Raises KafkaError."""
    answer = await admin.create_topics([NewTopic(name, 1, 1)], validate_only=True)
    (_, code, *_), *_ = answer.topic_errors
    return not is_denial(code)


async def may_be_idempotent(admin: Admin) -> bool:
    """True if a producer may be idempotent: it gets an id, which nobody will use. Raises KafkaError."""
    answer = await ask(admin, InitProducerIdRequest(None, _TIMEOUT_MS))  # type: ignore[arg-type]  # may be null
    return not is_denial(answer.error_code)


async def may_use_transactions(admin: Admin, transactional_id: str) -> bool:
    """True if transactions of that id may be written. Raises KafkaError.

    A transaction of a producer that does not exist is asked to be aborted: permissions are checked first, then it is
    refused, and whatever the true producer of that id does goes on.
    """
    answer = await ask(admin, EndTxnRequest(transactional_id, -1, -1, False))
    return not is_denial(answer.error_code)


def said(bits: int) -> Operations:
    """The operations in a broker's `authorized_operations`."""
    if bits == _NOT_SAID:
        return None
    return frozenset(operation for operation, bit in _OPERATIONS.items() if bits >> bit & 1)
