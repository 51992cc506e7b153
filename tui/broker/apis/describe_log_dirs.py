"""DescribeLogDirs (35): how many bytes each partition holds (KIP-113); they have no directory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.admin import DescribeLogDirsResponse

from tui.broker.api import Api, RequestContext
from tui.broker.errors import ErrorCode
from tui.broker.topics import Partition

if TYPE_CHECKING:
    from tui.broker.broker import Broker

LOG_DIR = "embedded"
RESULT = DescribeLogDirsResponse.DescribeLogDirsResult


async def handle(broker: Broker, request: Any, context: RequestContext) -> Any:
    """Without a list of topics all are described; unknown ones are left out."""
    if request.topics is None:
        sizes = [(topic.name, topic.partitions) for topic in broker.topics]
    else:
        sizes = [(topic.topic, _known(broker, topic.topic, topic.partitions)) for topic in request.topics]
    result = RESULT(
        error_code=ErrorCode.NONE,
        log_dir=LOG_DIR,
        topics=[_topic(name, partitions) for name, partitions in sizes if partitions],
        total_bytes=-1,
        usable_bytes=-1,
        is_cordoned=False,
    )
    return DescribeLogDirsResponse(throttle_time_ms=0, error_code=ErrorCode.NONE, results=[result])


def _known(broker: Broker, name: str, indexes: list[int]) -> list[Partition]:
    found = (broker.topics.partition(name, index) for index in indexes)
    return [partition for partition in found if partition is not None]


def _topic(name: str, partitions: list[Partition]) -> Any:
    return RESULT.DescribeLogDirsTopic(
        name=name,
        partitions=[
            RESULT.DescribeLogDirsTopic.DescribeLogDirsPartition(
                partition_index=partition.index,
                partition_size=partition.log.size_bytes,
                offset_lag=0,
                is_future_key=False,
            )
            for partition in partitions
        ],
    )


API = Api(key=35, min_version=1, max_version=4, handle=handle)
