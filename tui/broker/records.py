"""The times of the records inside one batch, for finding offsets by timestamp.

The only place that looks into a batch. What that costs is bounded: a batch that unpacks to more than 64 MiB, or says
that it has more than 100,000 records, is answered by its header alone.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

import cramjam

from tui.broker.batch import (
    CODEC_MASK,
    HEADER_BYTES,
    LOG_APPEND_TIME_BIT,
    BatchHeader,
    read_header,
)

MAX_UNPACKED_BYTES = 64 << 20
MAX_RECORDS = 100_000  # a tenth of a second
INT64 = range(-(1 << 63), 1 << 63)
XERIAL_MAGIC = b"\x82SNAPPY\x00"
XERIAL_HEADER_BYTES = 16


class RecordTime(NamedTuple):
    """Where a record is and its time in Unix milliseconds."""

    offset: int
    timestamp_ms: int


def first_at_or_after(batch: bytes, timestamp_ms: int, from_offset: int) -> RecordTime | None:
    """The first record of `batch` with at least that time and offset."""
    for record in record_times(batch):
        if record.timestamp_ms >= timestamp_ms and record.offset >= from_offset:
            return record
    return None


def newest(batch: bytes, from_offset: int) -> RecordTime | None:
    """The first record with the largest time among those from `from_offset` on."""
    readable = (record for record in record_times(batch) if record.offset >= from_offset)
    return max(readable, key=lambda record: record.timestamp_ms, default=None)


def record_times(batch: bytes) -> Iterator[RecordTime]:
    """Every record's offset and time; of a batch that cannot be unpacked, its last one by the header."""
    header = read_header(batch)
    try:
        if header.record_count > MAX_RECORDS:
            raise ValueError("too many records")
        times = list(_read_times(header, _unpacked(batch, header.attributes & CODEC_MASK)))
    except (ValueError, IndexError, struct.error, zlib.error, cramjam.DecompressionError):
        times = [RecordTime(header.base_offset + header.last_offset_delta, header.max_timestamp)]
    yield from times


def _read_times(header: BatchHeader, records: bytes) -> Iterator[RecordTime]:
    position = 0
    for _ in range(header.record_count):
        length, position = _varint(records, position)
        end = position + length
        timestamp_delta, position = _varint(records, position + 1)  # one byte of attributes
        offset_delta, _ = _varint(records, position)
        if length < 1:
            raise ValueError("a record without a length")
        stamped = header.attributes & LOG_APPEND_TIME_BIT
        time_ms = header.max_timestamp if stamped else header.first_timestamp + timestamp_delta
        if time_ms not in INT64 or not 0 <= offset_delta <= header.last_offset_delta:
            raise ValueError("a time or an offset that no record can have")
        yield RecordTime(header.base_offset + offset_delta, time_ms)
        position = end


def _varint(data: bytes, position: int) -> tuple[int, int]:
    """A zigzag varint of at most ten bytes and the position after it."""
    value = 0
    for shift in range(0, 70, 7):
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return (value >> 1) ^ -(value & 1), position
    raise ValueError("a varint of more than ten bytes")


def _unpacked(batch: bytes, codec: int) -> bytes:
    packed = batch[HEADER_BYTES:]
    match codec:
        case 0:
            return packed
        case 1:
            return _gunzipped(packed)
        case 2:
            return _unsnapped(packed)
        case 3:
            return _into_bounded(cramjam.lz4.decompress_into, packed)
        case _:
            return _into_bounded(cramjam.zstd.decompress_into, packed)


def _gunzipped(packed: bytes) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    unpacked = unpacker.decompress(packed, MAX_UNPACKED_BYTES)
    if not unpacker.eof:
        raise ValueError("cut off, or too large")
    return unpacked


def _unsnapped(packed: bytes) -> bytes:
    """Raw snappy, or the blocks of it that Java and most clients write (xerial framing)."""
    if not packed.startswith(XERIAL_MAGIC):
        return _unsnapped_block(packed, MAX_UNPACKED_BYTES)
    unpacked = bytearray()
    position = XERIAL_HEADER_BYTES
    while position < len(packed):
        (length,) = struct.unpack_from(">I", packed, position)
        position += 4
        unpacked += _unsnapped_block(packed[position : position + length], MAX_UNPACKED_BYTES - len(unpacked))
        position += length
    return bytes(unpacked)


def _unsnapped_block(packed: bytes, max_bytes: int) -> bytes:
    if cramjam.snappy.decompress_raw_len(packed) > max_bytes:
        raise ValueError("too large")
    return bytes(cramjam.snappy.decompress_raw(packed))


def _into_bounded(decompress_into: Callable[[bytes, bytearray], int], packed: bytes) -> bytes:
    """Unpack into a buffer of a likely size, and once more into the largest allowed if that was too small."""
    likely = bytearray(min(MAX_UNPACKED_BYTES, 4096 + 16 * len(packed)))
    try:
        return bytes(likely[: decompress_into(packed, likely)])
    except cramjam.DecompressionError:
        largest = bytearray(MAX_UNPACKED_BYTES)
        return bytes(largest[: decompress_into(packed, largest)])
