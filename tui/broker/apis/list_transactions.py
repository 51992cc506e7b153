"""ListTransactions (66): every transactional id, or those in given states, of producers or open long (KIP-664)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.admin import ListTransactionsResponse

from tui.broker.api import Api, RequestContext
from tui.broker.transactions import TransactionState

if TYPE_CHECKING:
    from tui.broker.broker import Broker

#: Kafka's states that a transaction here is never found in.
_PASSING_STATES = {"PrepareCommit", "PrepareAbort", "PrepareEpochFence", "Dead"}


async def handle(broker: Broker, request: Any, _context: RequestContext) -> Any:
    states = set(request.state_filters)
    producer_ids = set(request.producer_id_filters)
    started_before_ms = broker.now_ms() - request.duration_filter
    return ListTransactionsResponse(
        unknown_state_filters=sorted(states - {*TransactionState} - _PASSING_STATES),
        transaction_states=[
            ListTransactionsResponse.TransactionState(
                transactional_id=transaction.transactional_id,
                producer_id=transaction.producer_id,
                transaction_state=transaction.state,
            )
            for transaction in broker.transactions
            if (not states or transaction.state in states)
            and (not producer_ids or transaction.producer_id in producer_ids)
            and (request.duration_filter < 0 or transaction.started_ms < started_before_ms)
        ],
    )


#: Version 2 asks by regular expression, which a client could make one that never ends.
API = Api(key=66, min_version=0, max_version=1, handle=handle)
