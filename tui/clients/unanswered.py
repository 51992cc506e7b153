"""Ends a transactional producer at the first request whose answer is lost: nobody knows whether it was done."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiokafka.errors import KafkaError, NodeNotReadyError
from aiokafka.protocol.produce import ProduceRequest
from aiokafka.protocol.transaction import (
    AddOffsetsToTxnRequest,
    AddPartitionsToTxnRequest,
    EndTxnRequest,
    TxnOffsetCommitRequest,
)

from tui.clients.aiokafka_types import Producer
from tui.clients.reasons import reason

_PARTS_OF_A_TRANSACTION = (
    ProduceRequest,
    AddPartitionsToTxnRequest,
    AddOffsetsToTxnRequest,
    TxnOffsetCommitRequest,
    EndTxnRequest,
)

Send = Callable[..., Awaitable[Any]]


class Unanswered(Exception):
    """The connection broke, or the time was up, before the broker answered; the message says what it was asked."""


def end_if_unanswered(producer: Producer) -> None:
    """Let `producer` fail for good where aiokafka would ask again.

    A request that was only delayed is then followed by the same one, and may end or enlarge the *next* transaction
    (found by Jepsen in Bufstream 0.1.0, and open in Apache Kafka). To be called before it is started.
    """
    send: Send = producer.client.send

    async def answered(node_id: int, request: object, **options: Any) -> Any:
        try:
            return await send(node_id, request, **options)
        except NodeNotReadyError:
            raise  # it was never sent
        except KafkaError as error:
            if isinstance(request, _PARTS_OF_A_TRANSACTION):
                name = type(request).__name__.removesuffix("Request")
                raise Unanswered(f"the broker's answer to {name} was lost: {reason(error)}") from error
            raise

    producer.client.send = answered


def errors_seen(producer: Producer) -> None:
    """Take the errors that aiokafka keeps for whoever might still wait, or it complains that nobody took them.

    It has no public names for them; its version is pinned.
    """
    manager, accumulator = getattr(producer, "_txn_manager", None), getattr(producer, "_message_accumulator", None)
    kept = [getattr(manager, "_transaction_waiter", None)]
    for batches in getattr(accumulator, "_batches", {}).values():
        kept += [batch._drain_waiter for batch in batches]
    for future in kept:
        if future is not None and future.done() and not future.cancelled():
            future.exception()
