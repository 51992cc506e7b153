"""The transactions of one partition, against a plain reading of the whole log."""

from __future__ import annotations

import errno
from typing import BinaryIO, NamedTuple

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.broker.wire import record_batch
from tui.broker.batch import read_header
from tui.broker.errors import KafkaError
from tui.broker.log import PartitionLog, Retention
from tui.broker.storage import Storage
from tui.broker.topics import Partition
from tui.broker.transactions import ProducerIdAndEpoch
from tui.broker.transactions.markers import write_marker
from tui.broker.transactions.partition import PartitionTransactions

PRODUCERS = 4
MEMORY_BYTES = 1 << 20


class Entry(NamedTuple):
    """One offset: data of a producer if `committed` is None, else its marker."""

    producer_id: int
    committed: bool | None


logs = st.lists(
    st.builds(Entry, st.integers(1, PRODUCERS), st.sampled_from([None, None, None, True, False])), max_size=60
)


def written(log: list[Entry], start_offset: int = 0) -> PartitionTransactions:
    transactions = PartitionTransactions()
    for offset, entry in enumerate(log):
        if entry.committed is None:
            transactions.appended(entry.producer_id, offset)
        else:
            transactions.ended(entry.producer_id, entry.committed, offset, start_offset)
    return transactions


def open_since(log: list[Entry]) -> dict[int, int]:
    """Where the transactions begin that have no marker."""
    first: dict[int, int] = {}
    for offset, entry in enumerate(log):
        if entry.committed is None:
            first.setdefault(entry.producer_id, offset)
        else:
            first.pop(entry.producer_id, None)
    return first


def skipped(log: list[Entry], producer_id: int, offset: int) -> bool:
    """Whether the data at `offset` was aborted: by the next marker of its producer."""
    markers = [entry for entry in log[offset:] if entry.producer_id == producer_id and entry.committed is not None]
    return bool(markers) and markers[0].committed is False


@given(logs)
def test_the_oldest_open_transaction_is_where_what_is_stable_ends(log: list[Entry]) -> None:
    transactions = written(log)
    first = open_since(log)
    assert transactions.first_open_offset == min(first.values(), default=None)
    for producer_id in range(1, PRODUCERS + 1):
        assert transactions.first_offset_of(producer_id) == first.get(producer_id)


@settings(max_examples=300)
@given(logs, st.data())
def test_a_consumer_can_tell_from_what_it_is_told_which_data_was_aborted(log: list[Entry], data: st.DataObject) -> None:
    transactions = written(log)
    stable = transactions.first_open_offset
    end = len(log) if stable is None else stable
    assume(end)
    start = data.draw(st.integers(0, end - 1))
    stop = data.draw(st.integers(start + 1, end))
    told = sorted(transactions.aborted(start, stop), key=lambda aborted: aborted.first_offset)
    aborting: set[int] = set()
    for offset in range(start, stop):
        while told and told[0].first_offset <= offset:
            aborting.add(told.pop(0).producer_id)
        entry = log[offset]
        if entry.committed is None:
            assert (entry.producer_id in aborting) == skipped(log, entry.producer_id, offset)
        elif entry.committed is False:
            aborting.discard(entry.producer_id)
    assert not told


def test_an_aborted_transaction_is_told_though_others_that_began_later_ended_before() -> None:
    log = [Entry(1, None), Entry(2, None), Entry(2, False), Entry(1, False)]
    assert {aborted.producer_id for aborted in written(log).aborted(0, 2)} == {1, 2}


@given(logs, st.integers(0, 60))
def test_what_the_log_no_longer_holds_is_forgotten_and_nothing_else(log: list[Entry], start_offset: int) -> None:
    aborted = list(written(log).aborted(start_offset, len(log)))
    kept = written(log, start_offset)
    assert list(kept.aborted(start_offset, len(log))) == aborted
    assert len(list(kept.aborted(0, len(log)))) <= len(aborted) + 1


def test_what_retention_drops_of_an_open_transaction_is_not_waited_for() -> None:
    partition = Partition(0, PartitionLog(Retention(max_bytes=1 << 14, max_age_ms=None), Storage(MEMORY_BYTES)))
    partition.transactions.appended(1, 0)
    batch = record_batch(b"x" * 1000)
    while partition.log.start_offset == 0:
        partition.log.append(batch, read_header(batch), 0)
    assert partition.last_stable_offset == partition.log.start_offset
    write_marker(partition, ProducerIdAndEpoch(1, 0), committed=False, now_ms=0)
    assert partition.last_stable_offset == partition.log.end_offset


def test_a_marker_wakes_who_waits() -> None:
    partition = Partition(0, PartitionLog(Retention(None, None), Storage(MEMORY_BYTES)))
    woken: list[int] = []
    partition.waiters.add(lambda: woken.append(partition.last_stable_offset))
    write_marker(partition, ProducerIdAndEpoch(1, 0), committed=True, now_ms=0)
    assert woken == [1]


def full_disk() -> BinaryIO:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_transaction_ends_also_when_the_disk_is_full() -> None:
    partition = Partition(0, PartitionLog(Retention(None, None), Storage(1_000, full_disk)))
    batch = record_batch(b"x" * 900)
    partition.transactions.appended(1, partition.log.append(batch, read_header(batch), 0))
    with pytest.raises(KafkaError, match="No space left"):
        partition.log.append(batch, read_header(batch), 0)
    write_marker(partition, ProducerIdAndEpoch(1, 0), committed=True, now_ms=0)
    assert partition.last_stable_offset == partition.log.end_offset == 2
