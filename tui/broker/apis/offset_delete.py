"""OffsetDelete: forget committed offsets of topics the group does not read (KIP-496)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from kafka.protocol.consumer import OffsetDeleteResponse
from kafka.protocol.consumer.metadata import ConsumerProtocolSubscription, ConsumerProtocolType

from tui.broker.api import Api, RequestContext
from tui.broker.errors import ErrorCode
from tui.broker.groups.group import Group
from tui.broker.groups.rebalance import GroupState

if TYPE_CHECKING:
    from tui.broker.broker import Broker

_Topic = OffsetDeleteResponse.OffsetDeleteResponseTopic
_Partition = _Topic.OffsetDeleteResponsePartition


async def handle(broker: Broker, request: Any, _context: RequestContext) -> Any:
    group = broker.groups.get(request.group_id)
    if group is None:
        return OffsetDeleteResponse(error_code=ErrorCode.GROUP_ID_NOT_FOUND, topics=[])
    if group.state is not GroupState.EMPTY and group.members.protocol_type != ConsumerProtocolType:
        return OffsetDeleteResponse(error_code=ErrorCode.NON_EMPTY_GROUP, topics=[])
    topics = []
    for topic in request.topics or ():
        subscribed = _is_subscribed(group, topic.name)
        error = ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC if subscribed else ErrorCode.NONE
        partitions = []
        for partition in topic.partitions or ():
            if error is ErrorCode.NONE:
                group.offsets.forget(topic.name, partition.partition_index)
            partitions.append(_Partition(partition_index=partition.partition_index, error_code=error))
        topics.append(_Topic(name=topic.name, partitions=partitions))
    return OffsetDeleteResponse(topics=topics)


def _is_subscribed(group: Group, topic: str) -> bool:
    return any(_subscribes(metadata, topic) for member in group.members for metadata in member.protocols.values())


def _subscribes(metadata: bytes, topic: str) -> bool:
    """Whether a consumer's metadata names the topic; what cannot be read may do so."""
    try:
        subscription: Any = ConsumerProtocolSubscription.decode(metadata)
        return topic in (subscription.topics or ())
    except (struct.error, IndexError, ValueError):
        return True


API = Api(key=47, min_version=0, max_version=0, handle=handle)
