"""DescribeProducers (61): who writes to partitions, and since where in a transaction (KIP-664)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.admin import DescribeProducersResponse

from tui.broker.api import Api, RequestContext
from tui.broker.errors import ErrorCode
from tui.broker.topics import Partition

if TYPE_CHECKING:
    from tui.broker.broker import Broker

_NO_OFFSET = -1

_Topic = DescribeProducersResponse.TopicResponse


async def handle(broker: Broker, request: Any, _context: RequestContext) -> Any:
    return DescribeProducersResponse(
        topics=[
            _Topic(
                name=topic.name,
                partitions=[
                    _described(index, broker.topics.partition(topic.name, index))
                    for index in dict.fromkeys(topic.partition_indexes)
                ],
            )
            for topic in {topic.name: topic for topic in request.topics}.values()
        ]
    )


def _described(index: int, partition: Partition | None) -> Any:
    if partition is None:
        error = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
        return _Topic.PartitionResponse(partition_index=index, error_code=error, active_producers=[])
    return _Topic.PartitionResponse(
        partition_index=index,
        error_code=ErrorCode.NONE,
        active_producers=[
            _Topic.PartitionResponse.ProducerState(
                producer_id=producer.producer_id,
                producer_epoch=producer.epoch,
                last_sequence=producer.last_sequence,
                last_timestamp=producer.last_timestamp_ms,
                coordinator_epoch=producer.coordinator_epoch,
                current_txn_start_offset=_start_offset(partition, producer.producer_id),
            )
            for producer in partition.producers
        ],
    )


def _start_offset(partition: Partition, producer_id: int) -> int:
    first_offset = partition.transactions.first_offset_of(producer_id)
    return _NO_OFFSET if first_offset is None else first_offset


API = Api(key=61, min_version=0, max_version=0, handle=handle)
