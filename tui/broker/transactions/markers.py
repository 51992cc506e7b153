"""The control batch that ends a transaction in a partition (KIP-98, "Control Messages")."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from crc32c import crc32c

from tui.broker.batch import CHECKED_FROM, CHECKSUM_AT, CONTROL_BIT, HEADER, LEADER_EPOCH, TRANSACTIONAL_BIT
from tui.broker.batch import read_header as read_batch_header
from tui.broker.transactions.transaction import ProducerIdAndEpoch

if TYPE_CHECKING:
    from tui.broker.topics import Partition

COORDINATOR_EPOCH = 0  # the only coordinator's; an operator may claim another (WriteTxnMarkers)
#: Length, attributes, time and offset delta; key (length, version, type); value (length, version, coordinator
#: epoch); number of headers. The varints of a record are of one byte here: zigzag, so twice their value.
RECORD = struct.Struct(">bbbbbhhbhib")
RECORD_BYTES = RECORD.size - 1
KEY_BYTES = 4
VALUE_BYTES = 6
ABORT, COMMIT = 0, 1


def marker(
    producer: ProducerIdAndEpoch, committed: bool, now_ms: int, coordinator_epoch: int = COORDINATOR_EPOCH
) -> bytes:
    """A control batch of one record, which takes one offset."""
    kind = COMMIT if committed else ABORT
    record = RECORD.pack(2 * RECORD_BYTES, 0, 0, 0, 2 * KEY_BYTES, 0, kind, 2 * VALUE_BYTES, 0, coordinator_epoch, 0)
    batch = bytearray(
        HEADER.pack(
            0,
            HEADER.size + len(record) - 12,
            LEADER_EPOCH,
            2,
            0,
            TRANSACTIONAL_BIT | CONTROL_BIT,
            0,
            now_ms,
            now_ms,
            producer.producer_id,
            producer.epoch,
            -1,
            1,
        )
        + record
    )
    struct.pack_into(">I", batch, CHECKSUM_AT, crc32c(memoryview(batch)[CHECKED_FROM:]))
    return bytes(batch)


def write_marker(
    partition: Partition,
    producer: ProducerIdAndEpoch,
    committed: bool,
    now_ms: int,
    coordinator_epoch: int = COORDINATOR_EPOCH,
) -> None:
    """End the producer's transaction in a partition, also where it wrote nothing, and wake who waits for that."""
    batch = marker(producer, committed, now_ms, coordinator_epoch)
    offset = partition.log.append(batch, read_batch_header(batch), now_ms)
    partition.producers.ended(producer, coordinator_epoch, now_ms)
    partition.transactions.ended(producer.producer_id, committed, offset, partition.log.start_offset)
    partition.wake()
