"""The transaction coordinator (KIP-98): who may write in which transaction, and how one ends."""

from tui.broker.transactions.coordinator import TransactionCoordinator
from tui.broker.transactions.settings import TransactionSettings
from tui.broker.transactions.transaction import EndedTransaction, ProducerIdAndEpoch, Transaction, TransactionState

__all__ = [
    "EndedTransaction",
    "ProducerIdAndEpoch",
    "Transaction",
    "TransactionCoordinator",
    "TransactionSettings",
    "TransactionState",
]
