"""AlterPartitionReassignments (45): a partition can only be put where it is, on the only broker (KIP-455)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.admin import AlterPartitionReassignmentsResponse

from tui.broker.api import Api, RequestContext
from tui.broker.errors import ErrorCode

if TYPE_CHECKING:
    from tui.broker.broker import Broker

RESULT = AlterPartitionReassignmentsResponse.ReassignableTopicResponse


async def handle(broker: Broker, request: Any, _context: RequestContext) -> Any:
    return AlterPartitionReassignmentsResponse(
        throttle_time_ms=0,
        allow_replication_factor_change=request.allow_replication_factor_change,
        error_code=ErrorCode.NONE,
        error_message=None,
        responses=[
            RESULT(
                name=topic.name,
                partitions=[_answer(broker, topic.name, wanted) for wanted in topic.partitions],
            )
            for topic in request.topics
        ],
    )


def _answer(broker: Broker, topic: str, wanted: Any) -> Any:
    """No replicas (null) asks to cancel a reassignment."""
    code, message = ErrorCode.NONE, None
    if broker.topics.partition(topic, wanted.partition_index) is None:
        code, message = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "unknown partition"
    elif wanted.replicas is None:
        code, message = ErrorCode.NO_REASSIGNMENT_IN_PROGRESS, "the partition is not being reassigned"
    elif wanted.replicas != [broker.node_id]:
        code, message = ErrorCode.INVALID_REPLICA_ASSIGNMENT, f"the only broker is {broker.node_id}"
    return RESULT.ReassignablePartitionResponse(
        partition_index=wanted.partition_index, error_code=code, error_message=message
    )


API = Api(key=45, min_version=0, max_version=1, handle=handle)
