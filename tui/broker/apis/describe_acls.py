"""DescribeAcls (29): refused as by every broker without an authorizer (KIP-140)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.admin import DescribeAclsResponse

from tui.broker.api import Api, RequestContext
from tui.broker.errors import NO_AUTHORIZER, ErrorCode

if TYPE_CHECKING:
    from tui.broker.broker import Broker


async def handle(_broker: Broker, _request: Any, _context: RequestContext) -> Any:
    return DescribeAclsResponse(
        throttle_time_ms=0, error_code=ErrorCode.SECURITY_DISABLED, error_message=NO_AUTHORIZER, resources=[]
    )


API = Api(key=29, min_version=1, max_version=3, handle=handle)
