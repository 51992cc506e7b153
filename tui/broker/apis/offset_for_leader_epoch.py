"""OffsetForLeaderEpoch (23): where a leader epoch ends (KIP-101); the only one here, with the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.consumer import OffsetForLeaderEpochResponse

from tui.broker.api import Api, RequestContext
from tui.broker.batch import LEADER_EPOCH
from tui.broker.errors import ErrorCode

if TYPE_CHECKING:
    from tui.broker.broker import Broker

UNDEFINED = -1
RESULT = OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult


async def handle(broker: Broker, request: Any, context: RequestContext) -> Any:
    return OffsetForLeaderEpochResponse(
        throttle_time_ms=0,
        topics=[
            RESULT(
                topic=topic.topic,
                partitions=[_answer(broker, topic.topic, wanted) for wanted in topic.partitions],
            )
            for topic in request.topics
        ],
    )


def _answer(broker: Broker, topic: str, wanted: Any) -> Any:
    partition = broker.topics.partition(topic, wanted.partition)
    error, epoch, end_offset = ErrorCode.NONE, UNDEFINED, UNDEFINED
    if partition is None:
        error = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
    elif wanted.current_leader_epoch > LEADER_EPOCH:
        error = ErrorCode.UNKNOWN_LEADER_EPOCH
    elif wanted.leader_epoch == LEADER_EPOCH:
        epoch, end_offset = LEADER_EPOCH, partition.log.end_offset
    return RESULT.EpochEndOffset(
        error_code=error, partition=wanted.partition, leader_epoch=epoch, end_offset=end_offset
    )


API = Api(key=23, min_version=2, max_version=4, handle=handle)
