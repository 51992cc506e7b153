"""Metadata (3): the broker, its topics and their partitions; unknown topics are created when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.metadata import MetadataResponse

from tui.broker.api import OPERATIONS_NOT_ASKED_FOR, Api, RequestContext
from tui.broker.batch import LEADER_EPOCH
from tui.broker.errors import ErrorCode, KafkaError
from tui.broker.topics import Topic

if TYPE_CHECKING:
    from tui.broker.broker import Broker


async def handle(broker: Broker, request: Any, context: RequestContext) -> Any:
    """No list of topics asks for all (an empty one in version 0); one named repeatedly is answered once."""
    wanted = request.topics
    if wanted is None or (context.api_version == 0 and not wanted):
        topics = [_described(broker, topic) for topic in broker.topics]
    else:
        may_create = context.api_version < 4 or request.allow_auto_topic_creation
        named = {(topic.name, topic.topic_id): topic for topic in wanted}
        topics = [_answer(broker, topic, may_create) for topic in named.values()]
    return MetadataResponse(
        throttle_time_ms=0,
        brokers=[
            MetadataResponse.MetadataResponseBroker(
                node_id=broker.node_id, host=broker.host, port=broker.port, rack=None
            )
        ],
        cluster_id=broker.cluster_id,
        controller_id=broker.node_id,
        topics=topics,
        authorized_operations=set(OPERATIONS_NOT_ASKED_FOR),
        error_code=ErrorCode.NONE,
    )


def _answer(broker: Broker, wanted: Any, may_create: bool) -> Any:
    if wanted.name is None:
        topic = broker.topics.by_id(wanted.topic_id) if wanted.topic_id is not None else None
        return _described(broker, topic) if topic else _refused(None, ErrorCode.UNKNOWN_TOPIC_ID, wanted.topic_id)
    try:
        topic = broker.topic_for_client(wanted.name, may_create)
    except KafkaError as error:
        return _refused(wanted.name, error.code)
    return _described(broker, topic) if topic else _refused(wanted.name, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)


def _refused(name: str | None, code: ErrorCode, topic_id: Any = None) -> Any:
    return MetadataResponse.MetadataResponseTopic(
        error_code=code,
        name=name,
        topic_id=topic_id,
        is_internal=False,
        partitions=[],
        authorized_operations=set(OPERATIONS_NOT_ASKED_FOR),
    )


def _described(broker: Broker, topic: Topic) -> Any:
    nodes = [broker.node_id]
    return MetadataResponse.MetadataResponseTopic(
        error_code=ErrorCode.NONE,
        name=topic.name,
        topic_id=topic.id,
        is_internal=False,
        partitions=[
            MetadataResponse.MetadataResponseTopic.MetadataResponsePartition(
                error_code=ErrorCode.NONE,
                partition_index=partition.index,
                leader_id=broker.node_id,
                leader_epoch=LEADER_EPOCH,
                replica_nodes=nodes,
                isr_nodes=nodes,
                offline_replicas=[],
            )
            for partition in topic.partitions
        ],
        authorized_operations=set(OPERATIONS_NOT_ASKED_FOR),
    )


API = Api(key=3, min_version=0, max_version=12, handle=handle)
