"""AlterConfigs (33): replaces all configurations of a topic (KIP-133)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.admin import AlterConfigsResponse

from tui.broker.api import Api, RequestContext
from tui.broker.errors import ErrorCode, KafkaError
from tui.broker.resources import alterable_topic, configure, each_once

if TYPE_CHECKING:
    from tui.broker.broker import Broker


async def handle(broker: Broker, request: Any, context: RequestContext) -> Any:
    return AlterConfigsResponse(
        throttle_time_ms=0,
        responses=[_answer(broker, resource, request.validate_only) for resource in each_once(request.resources)],
    )


def _answer(broker: Broker, resource: Any, validate_only: bool) -> Any:
    code, message = ErrorCode.NONE, None
    try:
        topic = alterable_topic(broker, resource)
        configure(topic, {config.name: config.value for config in resource.configs}, validate_only)
    except KafkaError as error:
        code, message = error.code, error.message
    return AlterConfigsResponse.AlterConfigsResourceResponse(
        error_code=code,
        error_message=message,
        resource_type=resource.resource_type,
        resource_name=resource.resource_name,
    )


API = Api(key=33, min_version=0, max_version=2, handle=handle)
