"""DescribeTopicPartitions (75): topics with their partitions, page by page (KIP-966)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from kafka.protocol.admin import DescribeTopicPartitionsResponse

from tui.broker.api import Api, RequestContext
from tui.broker.batch import LEADER_EPOCH
from tui.broker.errors import ErrorCode
from tui.broker.topics import LEGAL_NAME, Partition, Topic

if TYPE_CHECKING:
    from tui.broker.broker import Broker

MAX_PARTITIONS = 2000  # max.request.partition.size.limit
NO_ID = UUID(int=0)
OPERATIONS_NOT_ASKED_FOR = -(1 << 31)  # kafka.protocol has a number here, not a bit field
TOPIC = DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic


async def handle(broker: Broker, request: Any, _context: RequestContext) -> Any:
    """In the order of names, all topics if none is named; `next_cursor` is where the next page begins."""
    asked = {topic.name for topic in request.topics}
    first, start = (request.cursor.topic_name, request.cursor.partition_index) if request.cursor else ("", 0)
    left = min(max(request.response_partition_limit, 1), MAX_PARTITIONS)
    described: list[Any] = []
    next_page = None
    for name in sorted(name for name in asked or {topic.name for topic in broker.topics} if name >= first):
        if left <= 0:
            next_page = name, 0
            break
        topic, begin = broker.topics.get(name), max(start, 0) if name == first else 0
        partitions = topic.partitions[begin : begin + left] if topic else []
        described.append(_topic(broker, topic, partitions) if topic else _unknown(name))
        left -= len(partitions)
        if topic and begin + len(partitions) < len(topic.partitions):
            next_page = name, begin + len(partitions)
            break
    return DescribeTopicPartitionsResponse(throttle_time_ms=0, topics=described, next_cursor=_cursor(next_page))


def _cursor(page: tuple[str, int] | None) -> Any:
    if page is None:
        return None
    return DescribeTopicPartitionsResponse.Cursor(topic_name=page[0], partition_index=page[1])


def _unknown(name: str) -> Any:
    legal = LEGAL_NAME.fullmatch(name)
    return TOPIC(
        error_code=ErrorCode.UNKNOWN_TOPIC_OR_PARTITION if legal else ErrorCode.INVALID_TOPIC_EXCEPTION,
        name=name,
        topic_id=NO_ID,
        is_internal=False,
        partitions=[],
        topic_authorized_operations=OPERATIONS_NOT_ASKED_FOR,
    )


def _topic(broker: Broker, topic: Topic, partitions: list[Partition]) -> Any:
    nodes = [broker.node_id]
    return TOPIC(
        error_code=ErrorCode.NONE,
        name=topic.name,
        topic_id=topic.id,
        is_internal=False,
        partitions=[
            TOPIC.DescribeTopicPartitionsResponsePartition(
                error_code=ErrorCode.NONE,
                partition_index=partition.index,
                leader_id=broker.node_id,
                leader_epoch=LEADER_EPOCH,
                replica_nodes=nodes,
                isr_nodes=nodes,
                eligible_leader_replicas=[],
                last_known_elr=[],
                offline_replicas=[],
            )
            for partition in partitions
        ],
        topic_authorized_operations=OPERATIONS_NOT_ASKED_FOR,
    )


API = Api(key=75, min_version=0, max_version=0, handle=handle)
