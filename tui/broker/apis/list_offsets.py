"""ListOffsets (2): the first, the last, or the offset that belongs to a time."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Any

from kafka.protocol.consumer import ListOffsetsResponse, OffsetSpec

from tui.broker.api import Api, RequestContext
from tui.broker.batch import LEADER_EPOCH
from tui.broker.errors import ErrorCode, KafkaError
from tui.broker.records import RecordTime
from tui.broker.topics import Partition

if TYPE_CHECKING:
    from tui.broker.broker import Broker

READ_COMMITTED = 1
NOTHING = RecordTime(-1, -1)
NO_EPOCH = -1


async def handle(broker: Broker, request: Any, context: RequestContext) -> Any:
    """Looking up a time may mean unpacking a batch, so others are served between two partitions.

    As in Kafka, a partition that is named more than once is not looked up at all.
    """
    named = Counter((topic.name, wanted.partition_index) for topic in request.topics for wanted in topic.partitions)
    topics = []
    for topic in request.topics:
        partitions = []
        for wanted in topic.partitions:
            once = named[topic.name, wanted.partition_index] == 1
            partitions.append(_answer(broker, request, topic.name, wanted, once))
            await asyncio.sleep(0)
        topics.append(ListOffsetsResponse.ListOffsetsTopicResponse(name=topic.name, partitions=partitions))
    return ListOffsetsResponse(throttle_time_ms=0, topics=topics)


def _answer(broker: Broker, request: Any, topic: str, wanted: Any, once: bool) -> Any:
    partition = broker.topics.partition(topic, wanted.partition_index)
    error, found = ErrorCode.NONE, NOTHING
    if not once:
        error = ErrorCode.INVALID_REQUEST
    elif partition is None:
        error = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
    elif wanted.current_leader_epoch > LEADER_EPOCH:
        error = ErrorCode.UNKNOWN_LEADER_EPOCH
    else:
        try:
            found = _found(partition, wanted.timestamp, request.isolation_level == READ_COMMITTED)
        except KafkaError as refusal:
            error = refusal.code
    return ListOffsetsResponse.ListOffsetsTopicResponse.ListOffsetsPartitionResponse(
        partition_index=wanted.partition_index,
        error_code=error,
        old_style_offsets=[],
        timestamp=found.timestamp_ms,
        offset=found.offset,
        leader_epoch=LEADER_EPOCH if found.offset >= 0 else NO_EPOCH,
    )


def _found(partition: Partition, timestamp_ms: int, committed: bool) -> RecordTime:
    """What is found by time counts for read_committed only if it lies before the last stable offset."""
    log = partition.log
    end_offset = partition.last_stable_offset if committed else log.end_offset
    match timestamp_ms:
        case OffsetSpec.LATEST:
            return RecordTime(end_offset, -1)
        case OffsetSpec.EARLIEST | OffsetSpec.EARLIEST_LOCAL:
            return RecordTime(log.start_offset, -1)
        case OffsetSpec.MAX_TIMESTAMP:
            found = log.newest()
        case _:
            found = log.first_at_or_after(timestamp_ms) if timestamp_ms >= 0 else None
    return NOTHING if found is None or found.offset >= end_offset else found


API = Api(key=2, min_version=1, max_version=10, handle=handle)
