"""DescribeTransactions (65): what transactional ids are at (KIP-664)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.admin import DescribeTransactionsResponse

from tui.broker.api import Api, RequestContext
from tui.broker.errors import ErrorCode

if TYPE_CHECKING:
    from tui.broker.broker import Broker

#: Where a cluster keeps the offsets of groups; that they are part of a transaction is told by this name.
_GROUPS_TOPIC = "__consumer_offsets"

_State = DescribeTransactionsResponse.TransactionState


async def handle(broker: Broker, request: Any, _context: RequestContext) -> Any:
    return DescribeTransactionsResponse(
        transaction_states=[_described(broker, each) for each in dict.fromkeys(request.transactional_ids)]
    )


def _described(broker: Broker, transactional_id: str) -> Any:
    transaction = broker.transactions.get(transactional_id)
    if transaction is None:
        error = ErrorCode.TRANSACTIONAL_ID_NOT_FOUND if transactional_id else ErrorCode.INVALID_REQUEST
        return _State(error_code=error, transactional_id=transactional_id)
    topics: dict[str, list[int]] = {}
    for name, index in sorted(transaction.partitions):
        topics.setdefault(name, []).append(index)
    if transaction.groups:
        topics[_GROUPS_TOPIC] = [0]
    return _State(
        error_code=ErrorCode.NONE,
        transactional_id=transactional_id,
        transaction_state=transaction.state,
        transaction_timeout_ms=transaction.timeout_ms,
        transaction_start_time_ms=transaction.started_ms,
        producer_id=transaction.producer_id,
        producer_epoch=transaction.epoch,
        topics=[_State.TopicData(topic=name, partitions=indexes) for name, indexes in topics.items()],
    )


API = Api(key=65, min_version=0, max_version=0, handle=handle)
