"""EndTxn (26): commits or aborts a transaction; once it is answered, its markers are in the logs (KIP-98)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.producer import EndTxnResponse

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
        broker.transactions.end(request.transactional_id, producer, request.committed, broker.now_ms())
    except KafkaError as refused:
        error = code_in(context.api_version, refused, _FENCED_SINCE)
    return EndTxnResponse(error_code=error)


#: Version 5 would say that every transaction has an epoch of its own (KIP-890).
API = Api(key=26, min_version=0, max_version=4, handle=handle)
