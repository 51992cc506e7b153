"""InitProducerId (22): an id for an idempotent producer (KIP-98)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.producer import InitProducerIdResponse

from tui.broker.api import Api, RequestContext
from tui.broker.errors import ErrorCode

if TYPE_CHECKING:
    from tui.broker.broker import Broker


async def handle(broker: Broker, request: Any, context: RequestContext) -> Any:
    """Always a new id with epoch 0; there are no transactional ids yet, which clients must take as final."""
    if request.transactional_id is not None:
        return InitProducerIdResponse(
            throttle_time_ms=0,
            error_code=ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
            producer_id=-1,
            producer_epoch=-1,
        )
    return InitProducerIdResponse(
        throttle_time_ms=0, error_code=ErrorCode.NONE, producer_id=broker.producers.take(), producer_epoch=0
    )


API = Api(key=22, min_version=0, max_version=4, handle=handle)
