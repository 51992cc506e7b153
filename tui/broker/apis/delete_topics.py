"""DeleteTopics (20): by name, or by id from version 6 on (KIP-516)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.admin import DeleteTopicsResponse

from tui.broker.api import Api, RequestContext
from tui.broker.errors import ErrorCode

if TYPE_CHECKING:
    from tui.broker.broker import Broker

BY_ID_SINCE = 6


async def handle(broker: Broker, request: Any, context: RequestContext) -> Any:
    if context.api_version < BY_ID_SINCE:
        responses = [_delete(broker, name, None) for name in request.topic_names]
    else:
        responses = [_delete(broker, topic.name, topic.topic_id) for topic in request.topics]
    return DeleteTopicsResponse(throttle_time_ms=0, responses=responses)


def _delete(broker: Broker, name: str | None, topic_id: Any) -> Any:
    error = ErrorCode.NONE
    if (name is None) == (topic_id is None):
        error = ErrorCode.INVALID_REQUEST
    else:
        topic = broker.topics.get(name) if name is not None else broker.topics.by_id(topic_id)
        if topic is not None:
            broker.delete_topic(topic)
            name, topic_id = topic.name, topic.id
        else:
            error = ErrorCode.UNKNOWN_TOPIC_ID if name is None else ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
    return DeleteTopicsResponse.DeletableTopicResult(name=name, topic_id=topic_id, error_code=error, error_message=None)


API = Api(key=20, min_version=1, max_version=6, handle=handle)
