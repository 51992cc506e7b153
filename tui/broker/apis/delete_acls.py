"""DeleteAcls (31): refused as by every broker without an authorizer (KIP-140)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.admin import DeleteAclsResponse

from tui.broker.api import Api, RequestContext
from tui.broker.errors import NO_AUTHORIZER, ErrorCode

if TYPE_CHECKING:
    from tui.broker.broker import Broker


async def handle(_broker: Broker, request: Any, _context: RequestContext) -> Any:
    refusal = DeleteAclsResponse.DeleteAclsFilterResult(
        error_code=ErrorCode.SECURITY_DISABLED, error_message=NO_AUTHORIZER, matching_acls=[]
    )
    return DeleteAclsResponse(throttle_time_ms=0, filter_results=[refusal for _ in request.filters])


API = Api(key=31, min_version=1, max_version=3, handle=handle)
