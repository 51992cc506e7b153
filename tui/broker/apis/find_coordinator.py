"""FindCoordinator: this broker coordinates every group and every transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.metadata import CoordinatorType, FindCoordinatorResponse

from tui.broker.api import Api, RequestContext
from tui.broker.errors import ErrorCode

if TYPE_CHECKING:
    from tui.broker.broker import Broker

_BATCHED_SINCE = 4


async def handle(broker: Broker, request: Any, context: RequestContext) -> Any:
    where = _where(broker, request.key_type)
    if context.api_version < _BATCHED_SINCE:
        return FindCoordinatorResponse(**where)
    keys = request.coordinator_keys or ()
    return FindCoordinatorResponse(coordinators=[FindCoordinatorResponse.Coordinator(key=key, **where) for key in keys])


def _where(broker: Broker, key_type: int) -> dict[str, Any]:
    if key_type in (CoordinatorType.GROUP, CoordinatorType.TRANSACTION):
        return {"node_id": broker.node_id, "host": broker.host, "port": broker.port}
    return {
        "node_id": -1,
        "host": "",
        "port": -1,
        "error_code": ErrorCode.INVALID_REQUEST,
        "error_message": f"unknown coordinator type {key_type}",
    }


API = Api(key=10, min_version=0, max_version=5, handle=handle)
