"""The limits of the transaction coordinator."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TransactionSettings:
    """Times are Apache Kafka's defaults; it has no such bounds on memory."""

    max_timeout_ms: int = 15 * 60 * 1000  # transaction.max.timeout.ms
    id_expiration_ms: int = 7 * 24 * 3600 * 1000  # transactional.id.expiration.ms
    max_transactional_ids: int = 10_000
    max_id_chars: int = 1024  # of a transactional id, and of a group id in a transaction
    max_open_partitions: int = 100_000  # partitions and groups of all open transactions together
