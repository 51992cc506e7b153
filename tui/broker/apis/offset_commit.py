"""OffsetCommit: a group notes where it goes on, for partitions that exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.consumer import OffsetCommitResponse

from tui.broker.api import Api, RequestContext
from tui.broker.errors import ErrorCode
from tui.broker.groups.calls import Identity
from tui.broker.groups.offsets import CommittedOffset, TopicPartition

if TYPE_CHECKING:
    from tui.broker.broker import Broker

_GROUP_ID_NOT_FOUND_SINCE = 9

_Topic = OffsetCommitResponse.OffsetCommitResponseTopic
_Partition = _Topic.OffsetCommitResponsePartition


async def handle(broker: Broker, request: Any, context: RequestContext) -> Any:
    accepted, refused = sorted_out(broker, request.topics)
    error = _commit(broker, request, context, accepted) if accepted else ErrorCode.NONE
    return OffsetCommitResponse(
        topics=[
            _Topic(
                name=topic.name,
                partitions=[
                    _Partition(
                        partition_index=partition.partition_index,
                        error_code=refused.get((topic.name, partition.partition_index), error),
                    )
                    for partition in topic.partitions or ()
                ],
            )
            for topic in request.topics or ()
        ]
    )


def sorted_out(
    broker: Broker, topics: Any
) -> tuple[dict[TopicPartition, CommittedOffset], dict[TopicPartition, ErrorCode]]:
    """What of a commit is acceptable, and what is not, for whatever group; also that of a TxnOffsetCommit."""
    accepted: dict[TopicPartition, CommittedOffset] = {}
    refused: dict[TopicPartition, ErrorCode] = {}
    for topic in topics or ():
        for partition in topic.partitions or ():
            key = (topic.name, partition.partition_index)
            error = _partition_error(broker, topic.name, partition)
            if error is ErrorCode.NONE:
                accepted[key] = CommittedOffset(
                    partition.committed_offset,
                    partition.committed_leader_epoch,
                    partition.committed_metadata or "",
                )
            else:
                refused[key] = error
    return accepted, refused


def _commit(
    broker: Broker, request: Any, context: RequestContext, offsets: dict[TopicPartition, CommittedOffset]
) -> ErrorCode:
    if request.group_id is None:
        return ErrorCode.INVALID_GROUP_ID
    identity = Identity(request.member_id or "", request.group_instance_id)
    error = broker.groups.commit(request.group_id, identity, request.generation_id_or_member_epoch, offsets)
    if error is ErrorCode.GROUP_ID_NOT_FOUND and context.api_version < _GROUP_ID_NOT_FOUND_SINCE:
        return ErrorCode.ILLEGAL_GENERATION
    return error


def _partition_error(broker: Broker, topic_name: str, partition: Any) -> ErrorCode:
    topic = broker.topics.get(topic_name)
    if topic is None or not 0 <= partition.partition_index < len(topic.partitions):
        return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
    if len(partition.committed_metadata or "") > broker.groups.settings.max_offset_metadata_chars:
        return ErrorCode.OFFSET_METADATA_TOO_LARGE
    return ErrorCode.NONE


API = Api(key=8, min_version=2, max_version=9, handle=handle)
