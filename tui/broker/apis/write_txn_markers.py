"""WriteTxnMarkers (27): an operator ends a transaction that hangs in a partition (KIP-98, KIP-664)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.producer import WriteTxnMarkersResponse

from tui.broker.api import Api, RequestContext
from tui.broker.errors import ErrorCode, KafkaError
from tui.broker.transactions.markers import write_marker
from tui.broker.transactions.transaction import ProducerIdAndEpoch

if TYPE_CHECKING:
    from tui.broker.broker import Broker

MARKER = WriteTxnMarkersResponse.WritableTxnMarkerResult
TOPIC = MARKER.WritableTxnMarkerTopicResult


async def handle(broker: Broker, request: Any, _context: RequestContext) -> Any:
    """The coordinator is not asked: when it ends its transaction, it writes its own markers, too."""
    return WriteTxnMarkersResponse(
        markers=[
            MARKER(
                producer_id=marker.producer_id,
                topics=[
                    TOPIC(
                        name=topic.name,
                        partitions=[
                            TOPIC.WritableTxnMarkerPartitionResult(
                                partition_index=index, error_code=_write(broker, marker, topic.name, index)
                            )
                            for index in topic.partition_indexes
                        ],
                    )
                    for topic in marker.topics
                ],
            )
            for marker in request.markers
        ]
    )


def _write(broker: Broker, marker: Any, topic: str, index: int) -> ErrorCode:
    partition = broker.topics.partition(topic, index)
    if partition is None:
        return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
    producer = ProducerIdAndEpoch(marker.producer_id, marker.producer_epoch)
    try:
        partition.producers.check_marker(producer, marker.coordinator_epoch)
        write_marker(partition, producer, marker.transaction_result, broker.now_ms(), marker.coordinator_epoch)
    except KafkaError as refusal:
        return refusal.code
    return ErrorCode.NONE


API = Api(key=27, min_version=1, max_version=1, handle=handle)
