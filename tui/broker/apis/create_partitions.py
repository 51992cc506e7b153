"""CreatePartitions (37): more partitions for a topic (KIP-195)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.admin import CreatePartitionsResponse

from tui.broker.api import Api, RequestContext
from tui.broker.errors import ErrorCode, KafkaError

if TYPE_CHECKING:
    from tui.broker.broker import Broker


async def handle(broker: Broker, request: Any, context: RequestContext) -> Any:
    return CreatePartitionsResponse(
        throttle_time_ms=0,
        results=[_answer(broker, topic, request.validate_only) for topic in request.topics],
    )


def _answer(broker: Broker, wanted: Any, validate_only: bool) -> Any:
    code, message = ErrorCode.NONE, None
    try:
        _grow(broker, wanted, validate_only)
    except KafkaError as error:
        code, message = error.code, error.message
    return CreatePartitionsResponse.CreatePartitionsTopicResult(
        name=wanted.name, error_code=code, error_message=message
    )


def _grow(broker: Broker, wanted: Any, validate_only: bool) -> None:
    topic = broker.topics.get(wanted.name)
    if topic is None:
        raise KafkaError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "unknown topic")
    more = wanted.count - len(topic.partitions)
    if more < 1:
        message = f"the topic has {len(topic.partitions)} partitions; {wanted.count} would not be more"
        raise KafkaError(ErrorCode.INVALID_PARTITIONS, message)
    if wanted.assignments is not None:
        on_this_broker = all(assignment.broker_ids == [broker.node_id] for assignment in wanted.assignments)
        if len(wanted.assignments) != more or not on_this_broker:
            message = f"each of the {more} new partitions must be on broker {broker.node_id}"
            raise KafkaError(ErrorCode.INVALID_REPLICA_ASSIGNMENT, message)
    broker.topics.check_room(more)
    if not validate_only:
        broker.topics.grow(topic, wanted.count)


API = Api(key=37, min_version=0, max_version=3, handle=handle)
