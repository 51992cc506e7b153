"""What a log takes of this process's memory, whatever it holds."""

import tracemalloc
from collections.abc import Iterator
from contextlib import closing, contextmanager

from tests.broker.test_log import LIMIT, append
from tests.broker.wire import record_batch
from tui.broker.batch import LOG_OVERHEAD_BYTES, check, read_header
from tui.broker.log import PartitionLog, Retention
from tui.broker.storage import Storage

MEBIBYTE = 1 << 20
BOUND = 2 * MEBIBYTE
RECORDS = 6400
RECORD_BYTES = 16 << 10


@contextmanager
def allocations() -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()


def value(index: int) -> bytes:
    return b"%016d" % index * (RECORD_BYTES // 16)


def test_a_hundred_megabytes_in_one_partition_take_a_few_in_memory_and_are_all_read_back() -> None:
    with closing(Storage(BOUND)) as storage, allocations():
        log = PartitionLog(Retention(256 * MEBIBYTE, None), storage)
        for index in range(RECORDS):
            append(log, record_batch(value(index)))
        assert log.size_bytes > 100 * MEBIBYTE
        assert storage.memory_bytes <= BOUND
        offset = 0
        while offset < log.end_offset:
            data = memoryview(log.read(offset, MEBIBYTE))
            while data:
                size = read_header(data).length + LOG_OVERHEAD_BYTES
                batch = bytes(data[:size])
                assert check(batch, LIMIT).base_offset == offset
                assert value(offset) in batch
                data, offset = data[size:], offset + 1
        assert offset == RECORDS
        assert tracemalloc.get_traced_memory()[1] < 3 * BOUND


def test_the_index_of_single_records_is_small_against_them() -> None:
    batch = record_batch(b"x" * 30)
    with closing(Storage(0)) as storage, allocations():
        log = PartitionLog(Retention(256 * MEBIBYTE, None), storage)
        for _ in range(20_000):
            append(log, batch)
        assert tracemalloc.get_traced_memory()[0] < log.size_bytes / 100


def test_ten_thousand_partitions_share_one_bound() -> None:
    batch = record_batch(b"x" * 1000)
    with closing(Storage(BOUND)) as storage:
        logs = [PartitionLog(Retention(256 * MEBIBYTE, None), storage) for _ in range(10_000)]
        for log in logs:
            append(log, batch)
        assert storage.memory_bytes <= BOUND
        assert all(log.read(0, MEBIBYTE)[16:] == batch[16:] for log in logs)


def test_the_newest_of_many_records_is_found_without_reading_them_all() -> None:
    with closing(Storage(0)) as storage, allocations():
        log = PartitionLog(Retention(256 * MEBIBYTE, None), storage)
        for index in range(500):
            append(log, record_batch(bytes(100_000), timestamps=[index]))
        tracemalloc.reset_peak()
        held_bytes, _ = tracemalloc.get_traced_memory()
        assert log.newest() == (499, 499)
        assert log.first_at_or_after(250) == (250, 250)
        assert tracemalloc.get_traced_memory()[1] - held_bytes < MEBIBYTE
