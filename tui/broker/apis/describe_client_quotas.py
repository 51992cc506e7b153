"""DescribeClientQuotas (48): nobody has a quota here (KIP-546)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.admin import DescribeClientQuotasResponse

from tui.broker.api import Api, RequestContext
from tui.broker.errors import ErrorCode

if TYPE_CHECKING:
    from tui.broker.broker import Broker


async def handle(_broker: Broker, _request: Any, _context: RequestContext) -> Any:
    return DescribeClientQuotasResponse(throttle_time_ms=0, error_code=ErrorCode.NONE, error_message=None, entries=[])


API = Api(key=48, min_version=0, max_version=1, handle=handle)
