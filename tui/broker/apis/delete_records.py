"""DeleteRecords (21): moves the start of a log forward (KIP-107)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.admin import DeleteRecordsResponse

from tui.broker.api import Api, RequestContext
from tui.broker.errors import ErrorCode

if TYPE_CHECKING:
    from tui.broker.broker import Broker

HIGH_WATERMARK = -1
NO_OFFSET = -1
RESULT = DeleteRecordsResponse.DeleteRecordsTopicResult


async def handle(broker: Broker, request: Any, context: RequestContext) -> Any:
    return DeleteRecordsResponse(
        throttle_time_ms=0,
        topics=[
            RESULT(
                name=topic.name,
                partitions=[_answer(broker, topic.name, wanted) for wanted in topic.partitions],
            )
            for topic in request.topics
        ],
    )


def _answer(broker: Broker, topic: str, wanted: Any) -> Any:
    partition = broker.topics.partition(topic, wanted.partition_index)
    error, low_watermark = ErrorCode.NONE, NO_OFFSET
    if partition is None:
        error = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
    else:
        log = partition.log
        offset = log.end_offset if wanted.offset == HIGH_WATERMARK else wanted.offset
        if 0 <= offset <= log.end_offset:
            log.delete_before(offset)
            low_watermark = log.start_offset
        else:
            error = ErrorCode.OFFSET_OUT_OF_RANGE
    return RESULT.DeleteRecordsPartitionResult(
        partition_index=wanted.partition_index, low_watermark=low_watermark, error_code=error
    )


API = Api(key=21, min_version=0, max_version=2, handle=handle)
