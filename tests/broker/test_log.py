"""The partition log."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.broker.wire import record_batch
from tui.broker.batch import LOG_OVERHEAD_BYTES, check, read_header
from tui.broker.log import PartitionLog, Retention
from tui.broker.storage import Storage

EVERYTHING = Retention(None, None)
LIMIT = 1 << 24
MEMORY_BYTES = 1 << 20

batches = st.lists(st.lists(st.binary(max_size=200), min_size=1, max_size=5), min_size=1, max_size=40)


def new_log(retention: Retention) -> PartitionLog:
    return PartitionLog(retention, Storage(MEMORY_BYTES))


def append(log: PartitionLog, batch: bytes, now_ms: int = 0) -> int:
    return log.append(batch, check(batch, LIMIT), now_ms)


def read_all(log: PartitionLog, max_bytes: int) -> list[bytes]:
    """Every batch from the start on, as a consumer would get them, fetch by fetch."""
    found, offset = [], log.start_offset
    while offset < log.end_offset:
        data = log.read(offset, max_bytes)
        while data:
            header = read_header(data)
            size = header.length + LOG_OVERHEAD_BYTES
            found.append(data[:size])
            data = data[size:]
            offset = header.base_offset + header.last_offset_delta + 1
    return found


@given(batches)
def test_offsets_are_contiguous_and_given_in_order(contents: list[list[bytes]]) -> None:
    log = new_log(EVERYTHING)
    expected = 0
    for values in contents:
        assert append(log, record_batch(*values)) == expected
        expected += len(values)
    assert (log.start_offset, log.end_offset) == (0, expected)


@given(batches, st.integers(1, 5000))
def test_a_fetch_returns_exactly_what_was_appended(contents: list[list[bytes]], max_bytes: int) -> None:
    log = new_log(Retention(1 << 17, None))  # more than there is, in segments of 16 KiB
    sent = [record_batch(*values) for values in contents]
    for batch in sent:
        append(log, batch)
    received = read_all(log, max_bytes)
    assert [batch[16:] for batch in received] == [batch[16:] for batch in sent]
    for batch in received:
        check(batch, LIMIT)


@given(batches, st.integers(0, 10_000), st.data())
def test_a_read_is_bounded_but_for_its_first_batch(
    contents: list[list[bytes]], max_bytes: int, data: st.DataObject
) -> None:
    log = new_log(EVERYTHING)
    for values in contents:
        append(log, record_batch(*values))
    offset = data.draw(st.integers(0, log.end_offset - 1))
    got = log.read(offset, max_bytes)
    first = read_header(got)
    assert first.base_offset <= offset <= first.base_offset + first.last_offset_delta
    assert len(got) <= max(max_bytes, first.length + LOG_OVERHEAD_BYTES)
    assert len(got) <= log.available_bytes(offset)


@settings(max_examples=50)
@given(batches, st.integers(1, 3000))
def test_retention_by_size_keeps_at_least_that_much_and_not_much_more(
    contents: list[list[bytes]], retention_bytes: int
) -> None:
    retention = Retention(retention_bytes, None)
    log = new_log(retention)
    sent = [record_batch(*values) for values in contents * 20]
    for batch in sent:
        append(log, batch)
    assert log.size_bytes >= min(retention_bytes, sum(map(len, sent)))
    assert log.size_bytes <= retention_bytes + retention.segment_bytes + max(map(len, sent))
    kept = read_all(log, LIMIT)
    assert [batch[16:] for batch in kept] == [batch[16:] for batch in sent[-len(kept) :]]


@given(st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=50)), min_size=1, max_size=60))
def test_retention_by_time_never_loses_a_record_that_is_young_enough(steps: list[tuple[int, bytes]]) -> None:
    max_age_ms = 1000
    log = new_log(Retention(None, max_age_ms))
    now_ms, appended_at = 0, []
    for pause_ms, value in steps:
        now_ms += pause_ms
        append(log, record_batch(value, timestamps=[7]), now_ms)
        appended_at.append(now_ms)
        log.expire(now_ms)
        young = [offset for offset, time_ms in enumerate(appended_at) if time_ms >= now_ms - max_age_ms]
        assert log.start_offset <= young[0]


def test_retention_by_time_drops_everything_once_it_is_old() -> None:
    log = new_log(Retention(None, 1000))
    for time_ms in range(0, 500, 100):
        append(log, record_batch(b"old"), time_ms)
    log.expire(10_000)
    assert (log.start_offset, log.end_offset, log.size_bytes) == (5, 5, 0)
    assert append(log, record_batch(b"new"), 10_000) == 5
    assert log.read(5, LIMIT)


def test_a_trickle_of_new_records_does_not_keep_the_old_ones() -> None:
    log = new_log(Retention(None, 1000))
    for time_ms in range(0, 10_000, 50):
        append(log, record_batch(b"tick"), time_ms)
    oldest_ms = log.start_offset * 50
    assert oldest_ms >= 10_000 - 2 * 1000


def test_deleting_records_moves_the_start_and_frees_what_lies_before() -> None:
    log = new_log(Retention(16 << 14, None))
    for _ in range(100):
        append(log, record_batch(b"x" * 1000))
    before = log.size_bytes
    log.delete_before(90)
    assert log.start_offset == 90
    assert log.size_bytes < before
    log.delete_before(10)
    assert log.start_offset == 90
    log.delete_before(100)
    assert (log.start_offset, log.size_bytes) == (100, 0)


def test_offsets_are_found_by_the_time_of_the_record_not_of_the_batch() -> None:
    log = new_log(EVERYTHING)
    append(log, record_batch(b"a", b"b", b"c", timestamps=[10, 20, 30]))
    append(log, record_batch(b"d", b"e", timestamps=[40, 50]))
    assert log.first_at_or_after(0) == (0, 10)
    assert log.first_at_or_after(20) == (1, 20)
    assert log.first_at_or_after(31) == (3, 40)
    assert log.first_at_or_after(51) is None
    assert log.newest() == (4, 50)
    log.delete_before(2)
    assert log.first_at_or_after(0) == (2, 30)


def test_an_empty_log_has_no_newest_record() -> None:
    log = new_log(EVERYTHING)
    assert log.newest() is None
    assert log.first_at_or_after(0) is None
    assert log.read(0, LIMIT) == b""
    assert log.available_bytes(0) == 0
