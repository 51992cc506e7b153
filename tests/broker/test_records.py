"""The times of records inside batches."""

import pytest

from tests.broker.wire import record_batch
from tui.broker.batch import HEADER_BYTES, read_header, stamped
from tui.broker.records import first_at_or_after, newest, record_times

CODECS = {"none": 0, "gzip": 1, "snappy": 2, "lz4": 3, "zstd": 4}


@pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS)
def test_record_times_are_read_through_every_codec(codec: int) -> None:
    batch = record_batch(b"a" * 300, b"b" * 300, b"c" * 300, timestamps=[30, 10, 20], codec=codec)
    assert list(record_times(batch)) == [(0, 30), (1, 10), (2, 20)]
    assert first_at_or_after(batch, 15, from_offset=1) == (2, 20)
    assert first_at_or_after(batch, 31, from_offset=0) is None
    assert newest(batch, from_offset=0) == (0, 30)
    assert newest(batch, from_offset=1) == (2, 20)


@pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS)
def test_a_batch_that_cannot_be_unpacked_is_known_by_its_header(codec: int) -> None:
    batch = record_batch(b"a" * 300, b"b" * 300, timestamps=[10, 20], codec=codec)
    spoilt = batch[:HEADER_BYTES] + b"\xff" * (len(batch) - HEADER_BYTES)
    assert list(record_times(spoilt)) == [(1, 20)]


@pytest.mark.parametrize("codec", [1, 2, 3, 4], ids=list(CODECS)[1:])
def test_a_batch_that_unpacks_to_too_much_is_known_by_its_header(codec: int) -> None:
    bomb = record_batch(b"\x00" * (65 << 20), timestamps=[7], codec=codec)
    assert list(record_times(bomb)) == [(0, 7)]
    assert len(bomb) < 8 << 20


def test_every_record_of_a_stamped_batch_has_the_brokers_time() -> None:
    batch = record_batch(b"a", b"b", timestamps=[10, 20])
    assert list(record_times(bytes(stamped(batch, read_header(batch), 99)))) == [(0, 99), (1, 99)]
