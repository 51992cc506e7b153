"""AddPartitionsToTxn (24): the partitions a producer is about to write to in its transaction (KIP-98)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.producer import AddPartitionsToTxnResponse

from tui.broker.api import Api, RequestContext
from tui.broker.errors import ErrorCode, KafkaError
from tui.broker.transactions import ProducerIdAndEpoch
from tui.broker.transactions.codes import code_in
from tui.broker.transactions.transaction import TopicPartition

if TYPE_CHECKING:
    from tui.broker.broker import Broker

_FENCED_SINCE = 2

_Topic = AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult
_Partition = _Topic.AddPartitionsToTxnPartitionResult


async def handle(broker: Broker, request: Any, context: RequestContext) -> Any:
    """All of them are added or none."""
    wanted = [(topic.name, index) for topic in request.v3_and_below_topics for index in topic.partitions]
    unknown = {(name, index) for name, index in wanted if broker.topics.partition(name, index) is None}
    error = ErrorCode.OPERATION_NOT_ATTEMPTED if unknown else _add(broker, request, wanted, context.api_version)
    return AddPartitionsToTxnResponse(
        results_by_topic_v3_and_below=[
            _Topic(
                name=topic.name,
                results_by_partition=[
                    _Partition(
                        partition_index=index,
                        partition_error_code=(
                            ErrorCode.UNKNOWN_TOPIC_OR_PARTITION if (topic.name, index) in unknown else error
                        ),
                    )
                    for index in topic.partitions
                ],
            )
            for topic in request.v3_and_below_topics
        ]
    )


def _add(broker: Broker, request: Any, partitions: list[TopicPartition], version: int) -> ErrorCode:
    producer = ProducerIdAndEpoch(request.v3_and_below_producer_id, request.v3_and_below_producer_epoch)
    try:
        broker.transactions.add_partitions(request.v3_and_below_transactional_id, producer, partitions, broker.now_ms())
    except KafkaError as error:
        return code_in(version, error, _FENCED_SINCE)
    return ErrorCode.NONE


#: Version 4 is what brokers ask each other.
API = Api(key=24, min_version=0, max_version=3, handle=handle)
