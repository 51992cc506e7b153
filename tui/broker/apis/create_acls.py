"""CreateAcls (30): refused as by every broker without an authorizer (KIP-140)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.admin import CreateAclsResponse

from tui.broker.api import Api, RequestContext
from tui.broker.errors import NO_AUTHORIZER, ErrorCode

if TYPE_CHECKING:
    from tui.broker.broker import Broker


async def handle(_broker: Broker, request: Any, _context: RequestContext) -> Any:
    refusal = CreateAclsResponse.AclCreationResult(error_code=ErrorCode.SECURITY_DISABLED, error_message=NO_AUTHORIZER)
    return CreateAclsResponse(throttle_time_ms=0, results=[refusal for _ in request.creations])


API = Api(key=30, min_version=1, max_version=3, handle=handle)
