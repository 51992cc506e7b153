"""The header of a record batch (magic 2): reading it, judging it, giving it its offset.

Source: KIP-98 and the "Record Batch" section of the Kafka documentation. The records behind it stay opaque.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

from crc32c import crc32c

from tui.broker.errors import ErrorCode, KafkaError

HEADER = struct.Struct(">qiibIhiqqqhii")
HEADER_BYTES = HEADER.size
LOG_OVERHEAD_BYTES = 12  # base offset and length, which `length` does not count
CHECKED_FROM = 21  # the checksum covers everything from the attributes on
PLACE = struct.Struct(">qii")  # what an append decides: base offset, length (as it was), leader epoch
LENGTH = struct.Struct(">i")  # from byte 8 on
STAMP_AT = struct.Struct(">Ih")  # checksum and attributes, from byte 17 on
MAX_TIMESTAMP_AT = 35

MAGIC_AT = 16
CHECKSUM_AT = 17
CODEC_MASK = 0x07
LOG_APPEND_TIME_BIT = 0x08
TRANSACTIONAL_BIT = 0x10
CONTROL_BIT = 0x20
LAST_KNOWN_CODEC = 4  # zstd

NO_PRODUCER_ID = -1
LEADER_EPOCH = 0  # one broker, never another leader


class BatchHeader(NamedTuple):
    """The 61 bytes in their order; times are Unix milliseconds."""

    base_offset: int
    length: int
    leader_epoch: int
    magic: int
    checksum: int
    attributes: int
    last_offset_delta: int
    first_timestamp: int
    max_timestamp: int
    producer_id: int
    producer_epoch: int
    base_sequence: int
    record_count: int


def read_header(data: bytes | bytearray | memoryview, position: int = 0) -> BatchHeader:
    """The header that starts at `position`; at least 61 bytes must follow."""
    return BatchHeader._make(HEADER.unpack_from(data, position))


def next_offset(records: bytes) -> int:
    """The offset after the last of some whole batches, of which there is at least one."""
    position = 0
    while (following := position + LOG_OVERHEAD_BYTES + LENGTH.unpack_from(records, position + 8)[0]) < len(records):
        position = following
    header = read_header(records, position)
    return header.base_offset + header.last_offset_delta + 1


def check(records: bytes | None, max_bytes: int) -> BatchHeader:
    """The header of the one good batch that `records` is, else KafkaError with the code of what is wrong."""
    if not records:
        raise KafkaError(ErrorCode.INVALID_RECORD, "a partition's produce data must hold one record batch")
    if len(records) <= MAGIC_AT:
        raise KafkaError(ErrorCode.CORRUPT_MESSAGE, "the record batch is cut off")
    if records[MAGIC_AT] != 2:
        raise KafkaError(ErrorCode.INVALID_RECORD, f"record batches need magic 2, not {records[MAGIC_AT]}")
    if len(records) < HEADER_BYTES:
        raise KafkaError(ErrorCode.CORRUPT_MESSAGE, "the record batch is cut off")
    header = read_header(records)
    _check_size(header, len(records), max_bytes)
    _check_fields(header)
    if crc32c(memoryview(records)[CHECKED_FROM:]) != header.checksum:
        raise KafkaError(ErrorCode.CORRUPT_MESSAGE, "the checksum of the record batch is wrong")
    return header


def _check_size(header: BatchHeader, size: int, max_bytes: int) -> None:
    declared = header.length + LOG_OVERHEAD_BYTES
    if declared > size or declared < HEADER_BYTES:
        raise KafkaError(ErrorCode.CORRUPT_MESSAGE, f"the record batch says {declared} bytes and has {size}")
    if declared < size:
        raise KafkaError(ErrorCode.INVALID_RECORD, "a partition's produce data must hold exactly one record batch")
    if size > max_bytes:
        raise KafkaError(ErrorCode.MESSAGE_TOO_LARGE, f"the batch has {size} bytes; max.message.bytes is {max_bytes}")


def _check_fields(header: BatchHeader) -> None:
    if header.record_count < 1 or header.last_offset_delta != header.record_count - 1:
        raise KafkaError(ErrorCode.INVALID_RECORD, "record count and last offset delta do not agree")
    if header.attributes & CONTROL_BIT:
        raise KafkaError(ErrorCode.INVALID_RECORD, "clients may not write control batches")
    if header.attributes & CODEC_MASK > LAST_KNOWN_CODEC:
        raise KafkaError(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE, "unknown compression codec")
    if header.producer_id != NO_PRODUCER_ID and (
        header.producer_id < 0 or header.producer_epoch < 0 or header.base_sequence < 0
    ):
        raise KafkaError(ErrorCode.INVALID_RECORD, "an idempotent batch needs producer id, epoch and sequence")


def place(batch: bytes | bytearray, base_offset: int) -> bytes:
    """The first 16 bytes of `batch` as they stand in the log; the rest stays as it came.

    Base offset and leader epoch lie outside the checksum, so nothing else changes.
    """
    length = int.from_bytes(batch[8:12], "big", signed=True)
    return PLACE.pack(base_offset, length, LEADER_EPOCH)


def stamped(batch: bytes, header: BatchHeader, now_ms: int) -> bytearray:
    """A copy of `batch` with the broker's time on it (message.timestamp.type=LogAppendTime)."""
    copy = bytearray(batch)
    struct.pack_into(">q", copy, MAX_TIMESTAMP_AT, now_ms)
    STAMP_AT.pack_into(copy, CHECKSUM_AT, 0, header.attributes | LOG_APPEND_TIME_BIT)
    checksum = crc32c(memoryview(copy)[CHECKED_FROM:])
    struct.pack_into(">I", copy, CHECKSUM_AT, checksum)
    return copy
