"""OffsetFetch: where groups go on, for the partitions asked for or for all that have an offset."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from kafka.protocol.consumer import OffsetFetchResponse

from tui.broker.api import Api, RequestContext
from tui.broker.errors import ErrorCode
from tui.broker.groups.group import Group
from tui.broker.groups.offsets import CommittedOffset

if TYPE_CHECKING:
    from tui.broker.broker import Broker

_BATCHED_SINCE = 8
_NOTHING_COMMITTED = CommittedOffset(-1)

_Group = OffsetFetchResponse.OffsetFetchResponseGroup


async def handle(broker: Broker, request: Any, context: RequestContext) -> Any:
    if context.api_version < _BATCHED_SINCE:
        return OffsetFetchResponse(
            topics=_topics(
                broker.groups.get(request.group_id),
                request.topics,
                request.require_stable,
                OffsetFetchResponse.OffsetFetchResponseTopic,
                OffsetFetchResponse.OffsetFetchResponseTopic.OffsetFetchResponsePartition,
            )
        )
    return OffsetFetchResponse(
        groups=[
            _Group(
                group_id=wanted.group_id,
                topics=_topics(
                    broker.groups.get(wanted.group_id),
                    wanted.topics,
                    request.require_stable,
                    _Group.OffsetFetchResponseTopics,
                    _Group.OffsetFetchResponseTopics.OffsetFetchResponsePartitions,
                ),
            )
            for wanted in {group.group_id: group for group in request.groups or ()}.values()
        ]
    )


def _topics(group: Group | None, wanted: Any, stable: bool, topic_class: Any, partition_class: Any) -> list[Any]:
    return [
        topic_class(
            name=name,
            partitions=[_partition(partition_class, group, name, index, stable) for index in indexes],
        )
        for name, indexes in _wanted(group, wanted)
    ]


def _wanted(group: Group | None, topics: Any) -> Iterable[tuple[str, Iterable[int]]]:
    if topics is not None:
        return [(topic.name, topic.partition_indexes or ()) for topic in topics]
    return group.offsets.by_topic().items() if group else ()


def _partition(partition_class: Any, group: Group | None, topic: str, index: int, stable: bool) -> Any:
    """One that waits for the end of a transaction is an error to who asks for what is stable (KIP-447)."""
    is_unstable = stable and group is not None and group.offsets.is_unstable(topic, index)
    committed = group.offsets.get(topic, index) if group and not is_unstable else None
    committed = committed or _NOTHING_COMMITTED
    return partition_class(
        partition_index=index,
        error_code=ErrorCode.UNSTABLE_OFFSET_COMMIT if is_unstable else ErrorCode.NONE,
        committed_offset=committed.offset,
        committed_leader_epoch=committed.leader_epoch,
        metadata=committed.metadata,
    )


API = Api(key=9, min_version=1, max_version=9, handle=handle)
