"""ElectLeaders (43): never needed, because the only broker leads every partition (KIP-183, KIP-460)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.admin import ElectLeadersResponse

from tui.broker.api import Api, RequestContext
from tui.broker.errors import ErrorCode

if TYPE_CHECKING:
    from tui.broker.broker import Broker

RESULT = ElectLeadersResponse.ReplicaElectionResult


async def handle(broker: Broker, request: Any, _context: RequestContext) -> Any:
    """Who asks for all partitions (null) is told, topic by topic, of those that got a new leader: none."""
    topics = request.topic_partitions
    if topics is None:
        asked: list[tuple[str, list[int]]] = [(topic.name, []) for topic in broker.topics]
    else:
        asked = [(topic.topic, topic.partitions) for topic in topics]
    return ElectLeadersResponse(
        throttle_time_ms=0,
        error_code=ErrorCode.NONE,
        replica_election_results=[
            RESULT(topic=name, partition_result=[_answer(broker, name, index) for index in indexes])
            for name, indexes in asked
        ],
    )


def _answer(broker: Broker, topic: str, index: int) -> Any:
    code, message = ErrorCode.ELECTION_NOT_NEEDED, f"broker {broker.node_id} leads the partition"
    if broker.topics.partition(topic, index) is None:
        code, message = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "unknown partition"
    return RESULT.PartitionResult(partition_id=index, error_code=code, error_message=message)


API = Api(key=43, min_version=0, max_version=2, handle=handle)
