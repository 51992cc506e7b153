"""Record batches, good and bad, with a checksum that is right, so that they get past it; and members' metadata."""

from __future__ import annotations

import random
import struct
from functools import cache

from crc32c import crc32c

from tests.broker.wire import record_batch
from tests.fuzz.given import GIVEN
from tui.broker.batch import CHECKED_FROM, CHECKSUM_AT, HEADER_BYTES

#: ConsumerProtocolSubscription and ConsumerProtocolAssignment, version 0, of the topic "fuzz-topic-0".
SUBSCRIPTION = struct.pack(">hih", 0, 1, 12) + b"fuzz-topic-0" + struct.pack(">i", -1)
ASSIGNMENT = struct.pack(">hih", 0, 1, 12) + b"fuzz-topic-0" + struct.pack(">iii", 1, 0, -1)

TINY, HUGE = -(1 << 63), (1 << 63) - 1
#: Fields of the header: where they stand, their format, and what is put there.
HEADER_FIELDS: tuple[tuple[int, str, tuple[int, ...]], ...] = (
    (8, ">i", (-1, 0, 48, 49, 1 << 30, -(1 << 31))),
    (16, ">b", (0, 1, 3, -1)),
    (21, ">h", (1, 2, 3, 4, 5, 7, 8, 0x10, 0x18, 0x20, 0x30, -1)),
    (23, ">i", (-1, 0, 1, 1000, (1 << 31) - 1)),
    (27, ">q", (TINY, -1, 0, HUGE - 1, HUGE)),
    (35, ">q", (TINY, -1, 0, HUGE - 1, HUGE)),
    (43, ">q", (TINY, -2, -1, 0, 1, 5, HUGE)),
    (51, ">h", (-1, 0, 1, (1 << 15) - 1)),
    (53, ">i", (-1, 0, 1, 5, (1 << 31) - 1)),
    (57, ">i", (-1, 0, 1, 1000, (1 << 31) - 1)),
)
MANY_RECORDS = (1000, 100_000, (1 << 31) - 1)
VARINTS = (b"\xff" * 9 + b"\x01", b"\xfe" * 9 + b"\x01", b"\x80" * 12, b"\xff\xff\xff\xff\x0f", b"\x01", b"\x00")


def batch(rng: random.Random) -> bytes:
    """A good batch, of a transaction or not; every third is spoilt in some way that its checksum allows."""
    values = [rng.randbytes(rng.choice((0, 3, 40))) for _ in range(rng.choice((1, 1, 2, 5)))]
    given = rng.choice(GIVEN) if rng.random() < 0.4 else None
    good = record_batch(
        *values,
        codec=rng.choice((0, 0, 1, 2, 3, 4)),
        producer_id=given.producer_id if given else rng.choice((-1, -1, 0, 1, 2)),
        epoch=given.epoch if given else 0,
        sequence=rng.choice((0, 0, 1, 5)),
        transactional=given is not None,
    )
    return good if rng.random() < 0.67 else checked(rng.choice(SPOILERS)(rng, bytearray(good)))


def checked(data: bytearray) -> bytes:
    """With the checksum that it should have."""
    if len(data) >= HEADER_BYTES:
        struct.pack_into(">I", data, CHECKSUM_AT, crc32c(memoryview(data)[CHECKED_FROM:]))
    return bytes(data)


def _spoil_header(rng: random.Random, data: bytearray) -> bytearray:
    for at, kind, values in rng.sample(HEADER_FIELDS, rng.choice((1, 1, 2))):
        struct.pack_into(kind, data, at, rng.choice(values))
    return data


def _spoil_times(rng: random.Random, data: bytearray) -> bytearray:
    """Times that no record has, and beyond what 64 bits hold once a record's own is added."""
    struct.pack_into(">qq", data, 27, rng.choice((TINY, 0, HUGE)), rng.choice((TINY, 0, 1 << 62, HUGE)))
    return data


def _spoil_records(rng: random.Random, data: bytearray) -> bytearray:
    for _ in range(rng.choice((1, 2, 8))):
        data[rng.randrange(HEADER_BYTES, len(data))] = rng.randrange(256)
    return data


def _put_varint(rng: random.Random, data: bytearray) -> bytearray:
    at = rng.randrange(HEADER_BYTES, len(data))
    varint = rng.choice(VARINTS)
    data[at : at + len(varint)] = varint
    return _with_length(data)


def _claim_many(rng: random.Random, data: bytearray) -> bytearray:
    count = rng.choice(MANY_RECORDS)
    struct.pack_into(">i", data, 23, count - 1)
    struct.pack_into(">i", data, 57, count)
    return data


def _cut(rng: random.Random, data: bytearray) -> bytearray:
    cut = data[: rng.randrange(len(data))]
    return _with_length(cut) if len(cut) >= HEADER_BYTES and rng.random() < 0.7 else cut


def _explode(rng: random.Random, _data: bytearray) -> bytearray:
    return bytearray(_bomb(rng.choice((1, 2, 3, 4)), rng.choice((1, 8))))


@cache
def _bomb(codec: int, mebibytes: int) -> bytes:
    """A small batch that unpacks to so much, its header claiming a time that its record does not have."""
    data = bytearray(record_batch(bytes(mebibytes << 20), codec=codec))
    struct.pack_into(">q", data, 35, 1 << 61)
    return bytes(data)


def _with_length(data: bytearray) -> bytearray:
    struct.pack_into(">i", data, 8, len(data) - 12)
    return data


SPOILERS = (
    _spoil_header,
    _spoil_times,
    _spoil_times,
    _spoil_records,
    _spoil_records,
    _put_varint,
    _claim_many,
    _cut,
    _explode,
)
