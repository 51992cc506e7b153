"""DescribeCluster (60): the cluster id and its only broker (KIP-700)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.admin import DescribeClusterResponse

from tui.broker.api import OPERATIONS_NOT_ASKED_FOR, Api, RequestContext
from tui.broker.errors import ErrorCode

if TYPE_CHECKING:
    from tui.broker.broker import Broker

BROKERS_ENDPOINT = 1
MISMATCHED_ENDPOINT_TYPE = 114


async def handle(broker: Broker, request: Any, context: RequestContext) -> Any:
    asked_brokers = request.endpoint_type == BROKERS_ENDPOINT
    node = DescribeClusterResponse.DescribeClusterBroker(
        broker_id=broker.node_id, host=broker.host, port=broker.port, rack=None, is_fenced=False
    )
    return DescribeClusterResponse(
        throttle_time_ms=0,
        error_code=ErrorCode.NONE if asked_brokers else MISMATCHED_ENDPOINT_TYPE,
        error_message=None if asked_brokers else "this is a broker, not a controller",
        endpoint_type=BROKERS_ENDPOINT,
        cluster_id=broker.cluster_id,
        controller_id=broker.node_id,
        brokers=[node] if asked_brokers else [],
        authorized_operations=set(OPERATIONS_NOT_ASKED_FOR),
    )


API = Api(key=60, min_version=0, max_version=2, handle=handle)
