"""InitProducerId (22): who a producer is, idempotent (KIP-98) or transactional (KIP-360)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.producer import InitProducerIdResponse

from tui.broker.api import Api, RequestContext
from tui.broker.errors import ErrorCode, KafkaError
from tui.broker.transactions import ProducerIdAndEpoch
from tui.broker.transactions.codes import code_in
from tui.broker.transactions.transaction import NO_EPOCH, NO_PRODUCER_ID

if TYPE_CHECKING:
    from tui.broker.broker import Broker

_FENCED_SINCE = 4


async def handle(broker: Broker, request: Any, context: RequestContext) -> Any:
    """Without a transactional id always a new producer id with epoch 0."""
    error, producer = ErrorCode.NONE, ProducerIdAndEpoch(NO_PRODUCER_ID, NO_EPOCH)
    try:
        producer = _producer(broker, request)
    except KafkaError as refused:
        error = code_in(context.api_version, refused, _FENCED_SINCE)
    return InitProducerIdResponse(
        throttle_time_ms=0, error_code=error, producer_id=producer.producer_id, producer_epoch=producer.epoch
    )


def _producer(broker: Broker, request: Any) -> ProducerIdAndEpoch:
    known = ProducerIdAndEpoch(request.producer_id, request.producer_epoch)
    if (known.producer_id == NO_PRODUCER_ID) != (known.epoch == NO_EPOCH):
        raise KafkaError(ErrorCode.INVALID_REQUEST, "producer id and epoch only together")
    if request.transactional_id is None:
        return ProducerIdAndEpoch(broker.producers.take(), 0)
    return broker.transactions.init_producer(
        request.transactional_id,
        request.transaction_timeout_ms,
        None if known.epoch == NO_EPOCH else known,
        broker.now_ms(),
    )


API = Api(key=22, min_version=0, max_version=5, handle=handle)
