"""TxnOffsetCommit (28): where a group goes on once a transaction is committed (KIP-98, KIP-447)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.producer import TxnOffsetCommitResponse

from tui.broker.api import Api, RequestContext
from tui.broker.apis.offset_commit import sorted_out
from tui.broker.errors import ErrorCode, KafkaError
from tui.broker.groups.calls import Identity
from tui.broker.groups.offsets import CommittedOffset, TopicPartition
from tui.broker.transactions import ProducerIdAndEpoch

if TYPE_CHECKING:
    from tui.broker.broker import Broker

_ABORTABLE_SINCE = 4

_Topic = TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic
_Partition = _Topic.TxnOffsetCommitResponsePartition


async def handle(broker: Broker, request: Any, context: RequestContext) -> Any:
    accepted, refused = sorted_out(broker, request.topics)
    error = _stage(broker, request, context.api_version, accepted) if accepted else ErrorCode.NONE
    return TxnOffsetCommitResponse(
        topics=[
            _Topic(
                name=topic.name,
                partitions=[
                    _Partition(
                        partition_index=partition.partition_index,
                        error_code=refused.get((topic.name, partition.partition_index), error),
                    )
                    for partition in topic.partitions
                ],
            )
            for topic in request.topics
        ]
    )


def _stage(broker: Broker, request: Any, version: int, offsets: dict[TopicPartition, CommittedOffset]) -> ErrorCode:
    if not request.group_id:
        return ErrorCode.INVALID_GROUP_ID
    producer = ProducerIdAndEpoch(request.producer_id, request.producer_epoch)
    try:
        broker.transactions.check_group(request.transactional_id, producer, request.group_id)
    except KafkaError as error:
        not_added = error.code is ErrorCode.INVALID_TXN_STATE
        return ErrorCode.TRANSACTION_ABORTABLE if not_added and version >= _ABORTABLE_SINCE else error.code
    identity = Identity(request.member_id or "", request.group_instance_id)
    return broker.groups.stage(request.group_id, identity, request.generation_id, producer.producer_id, offsets)


#: Version 5 would add the group to the transaction by itself (KIP-890).
API = Api(key=28, min_version=0, max_version=4, handle=handle)
