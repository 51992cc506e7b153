"""ListConfigResources (74): the topics and the broker; nothing else has configurations here (KIP-1142)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.admin import ListConfigResourcesResponse

from tui.broker.api import Api, RequestContext
from tui.broker.errors import ErrorCode
from tui.broker.resources import BROKER_RESOURCE, TOPIC_RESOURCE

if TYPE_CHECKING:
    from tui.broker.broker import Broker

BROKER_LOGGER, CLIENT_METRICS, GROUP = 8, 16, 32
KNOWN = {TOPIC_RESOURCE, BROKER_RESOURCE, BROKER_LOGGER, CLIENT_METRICS, GROUP}


async def handle(broker: Broker, request: Any, context: RequestContext) -> Any:
    """Without types all are listed; version 0 knows only client metrics."""
    wanted = {CLIENT_METRICS} if context.api_version == 0 else set(request.resource_types) or KNOWN
    names = {TOPIC_RESOURCE: [topic.name for topic in broker.topics], BROKER_RESOURCE: [str(broker.node_id)]}
    return ListConfigResourcesResponse(
        throttle_time_ms=0,
        error_code=ErrorCode.NONE if wanted <= KNOWN else ErrorCode.UNSUPPORTED_VERSION,
        config_resources=[
            ListConfigResourcesResponse.ConfigResource(resource_name=name, resource_type=kind)
            for kind in (names if wanted <= KNOWN else ())
            if kind in wanted
            for name in names[kind]
        ],
    )


API = Api(key=74, min_version=0, max_version=1, handle=handle)
