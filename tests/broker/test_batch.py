"""Record batches: what is refused, and what an append changes."""

import struct
from collections.abc import Callable

import pytest
from crc32c import crc32c

from tests.broker.wire import record_batch
from tui.broker.batch import check, place, read_header, stamped
from tui.broker.errors import ErrorCode, KafkaError

LIMIT = 1 << 20
CONTROL = 0x20
IDS = (
    "none empty cut-in-magic cut-in-header cut-in-records old-magic two-batches checksum length control codec "
    "no-records wrong-count"
)


def with_attributes(batch: bytes, attributes: int) -> bytes:
    """`batch` with other attributes and a checksum to match."""
    changed = bytearray(batch)
    struct.pack_into(">h", changed, 21, attributes)
    struct.pack_into(">I", changed, 17, crc32c(changed[21:]))
    return bytes(changed)


def with_count(batch: bytes, count: int) -> bytes:
    changed = bytearray(batch)
    struct.pack_into(">i", changed, 57, count)
    struct.pack_into(">I", changed, 17, crc32c(changed[21:]))
    return bytes(changed)


def refused(batch: bytes | None, limit: int = LIMIT) -> ErrorCode:
    with pytest.raises(KafkaError) as error:
        check(batch, limit)
    return error.value.code


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda batch: None, ErrorCode.INVALID_RECORD),
        (lambda batch: b"", ErrorCode.INVALID_RECORD),
        (lambda batch: batch[:10], ErrorCode.CORRUPT_MESSAGE),
        (lambda batch: batch[:60], ErrorCode.CORRUPT_MESSAGE),
        (lambda batch: batch[:-1], ErrorCode.CORRUPT_MESSAGE),
        (lambda batch: batch[:16] + b"\x01" + batch[17:], ErrorCode.INVALID_RECORD),
        (lambda batch: batch + batch, ErrorCode.INVALID_RECORD),
        (lambda batch: batch[:-1] + b"!", ErrorCode.CORRUPT_MESSAGE),
        (lambda batch: batch[:8] + b"\xff" * 4 + batch[12:], ErrorCode.CORRUPT_MESSAGE),
        (lambda batch: with_attributes(batch, CONTROL), ErrorCode.INVALID_RECORD),
        (lambda batch: with_attributes(batch, 7), ErrorCode.UNSUPPORTED_COMPRESSION_TYPE),
        (lambda batch: with_count(batch, 0), ErrorCode.INVALID_RECORD),
        (lambda batch: with_count(batch, 3), ErrorCode.INVALID_RECORD),
    ],
    ids=[
        "none",
        "empty",
        "cut-in-magic",
        "cut-in-header",
        "cut-in-records",
        "old-magic",
        "two-batches",
        "checksum",
        "length",
        "control",
        "codec",
        "no-records",
        "wrong-count",
    ],
)
def test_a_spoilt_batch_is_refused(spoil: Callable[[bytes], bytes | None], code: ErrorCode) -> None:
    assert refused(spoil(record_batch(b"one", b"two"))) is code


def test_a_batch_may_be_as_large_as_the_limit_and_no_larger() -> None:
    batch = record_batch(b"x" * 500)
    assert check(batch, len(batch)).record_count == 1
    assert refused(batch, len(batch) - 1) is ErrorCode.MESSAGE_TOO_LARGE


def test_an_idempotent_batch_needs_a_sequence_number() -> None:
    assert refused(record_batch(b"x", producer_id=7, epoch=0, sequence=-1)) is ErrorCode.INVALID_RECORD
    assert check(record_batch(b"x", producer_id=7, epoch=0, sequence=0), LIMIT).producer_id == 7


def test_its_place_in_the_log_leaves_the_checksum_valid() -> None:
    batch = record_batch(b"one", b"two")
    placed = place(batch, 4711) + batch[16:]
    assert check(placed, LIMIT).base_offset == 4711
    assert len(placed) == len(batch)


def test_a_stamped_batch_has_the_brokers_time_and_a_valid_checksum() -> None:
    batch = record_batch(b"one", b"two", timestamps=[5, 6])
    header = check(bytes(stamped(batch, read_header(batch), 99)), LIMIT)
    assert (header.max_timestamp, header.attributes) == (99, 0x08)
