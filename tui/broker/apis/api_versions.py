"""ApiVersions (18): which APIs this broker speaks, in which versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.metadata import ApiVersionsResponse

from tui.broker.api import Api, RequestContext
from tui.broker.errors import ErrorCode

if TYPE_CHECKING:
    from tui.broker.broker import Broker

KEY = 18
MAX_VERSION = 4


async def handle(broker: Broker, request: Any, context: RequestContext) -> Any:
    """A list of API keys with their versions (KIP-35).

    A version unknown here (`request` is None) is answered in version 0 with error 35 and only this API, so
    that the client asks again in a version that both know (KIP-511).
    """
    from tui.broker.apis import APIS

    known = request is not None
    return ApiVersionsResponse(
        error_code=ErrorCode.NONE if known else ErrorCode.UNSUPPORTED_VERSION,
        api_keys=[
            ApiVersionsResponse.ApiVersion(api_key=api.key, min_version=api.min_version, max_version=api.max_version)
            for api in (APIS.values() if known else (API,))
        ],
        throttle_time_ms=0,
    )


API = Api(key=KEY, min_version=0, max_version=MAX_VERSION, handle=handle)
