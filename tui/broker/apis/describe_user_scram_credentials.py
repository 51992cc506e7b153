"""DescribeUserScramCredentials (50): there are no users here (KIP-554)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.admin import DescribeUserScramCredentialsResponse

from tui.broker.api import Api, RequestContext
from tui.broker.errors import ErrorCode

if TYPE_CHECKING:
    from tui.broker.broker import Broker


async def handle(_broker: Broker, request: Any, _context: RequestContext) -> Any:
    """Without names all users are described."""
    return DescribeUserScramCredentialsResponse(
        throttle_time_ms=0,
        error_code=ErrorCode.NONE,
        error_message=None,
        results=[
            DescribeUserScramCredentialsResponse.DescribeUserScramCredentialsResult(
                user=user.name,
                error_code=ErrorCode.RESOURCE_NOT_FOUND,
                error_message="the user has no credentials",
                credential_infos=[],
            )
            for user in request.users or ()
        ],
    )


API = Api(key=50, min_version=0, max_version=0, handle=handle)
