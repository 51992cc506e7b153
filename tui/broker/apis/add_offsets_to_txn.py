"""AddOffsetsToTxn (25): the group whose offsets a producer is about to commit in its transaction (KIP-98)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.producer import AddOffsetsToTxnResponse

from tui.broker.api import Api, RequestContext
from tui.broker.errors import ErrorCode, KafkaError
from tui.broker.transactions import ProducerIdAndEpoch
from tui.broker.transactions.codes import code_in

if TYPE_CHECKING:
    from tui.broker.broker import Broker

_FENCED_SINCE = 2


async def handle(broker: Broker, request: Any, context: RequestContext) -> Any:
    producer = ProducerIdAndEpoch(request.producer_id, request.producer_epoch)
    error = ErrorCode.NONE
    try:
        broker.transactions.add_group(request.transactional_id, producer, request.group_id, broker.now_ms())
    except KafkaError as refused:
        error = code_in(context.api_version, refused, _FENCED_SINCE)
    return AddOffsetsToTxnResponse(error_code=error)


API = Api(key=25, min_version=0, max_version=4, handle=handle)
