"""ListPartitionReassignments (46): none, because there is one broker (KIP-455)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.admin import ListPartitionReassignmentsResponse

from tui.broker.api import Api, RequestContext
from tui.broker.errors import ErrorCode

if TYPE_CHECKING:
    from tui.broker.broker import Broker


async def handle(_broker: Broker, _request: Any, _context: RequestContext) -> Any:
    return ListPartitionReassignmentsResponse(
        throttle_time_ms=0, error_code=ErrorCode.NONE, error_message=None, topics=[]
    )


API = Api(key=46, min_version=0, max_version=0, handle=handle)
