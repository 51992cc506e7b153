"""What read_committed consumers see of transactions, open, committed and aborted. The same calls to both brokers."""

import asyncio
import time

import pytest

from tests.broker.transactions.answers import NONE
from tests.broker.transactions.calls import ABORT, COMMIT, Calls
from tests.broker.transactions.reads import EARLIEST, EARLIEST_LOCAL, LATEST, LATEST_TIERED, MAX_TIMESTAMP
from tests.broker.wire import WireClient, record_batch
from tests.kafka_cluster import Cluster

LONG_MS = 9_000


async def test_an_open_transaction_hides_itself_and_all_that_follows(calls: Calls) -> None:
    producer = await calls.started()
    await calls.wire.produce(calls.topic, 0, record_batch(b"before", timestamps=[now_ms()]))
    await calls.add(producer, 0)
    await calls.produce(producer, 0, b"inside")
    await calls.wire.produce(calls.topic, 0, record_batch(b"behind", timestamps=[now_ms()]))
    committed = await calls.reads.fetch()
    assert committed == ({0: b"before"}, 3, 1, [])
    assert await calls.reads.fetch(1) == ({}, 3, 1, [])
    assert await calls.reads.fetch(2) == ({}, 3, 1, [])
    uncommitted = await calls.reads.fetch(committed=False)
    assert uncommitted == ({0: b"before", 1: b"inside", 2: b"behind"}, 3, 1, None)
    await calls.finish(producer, COMMIT)
    assert await calls.reads.fetch(1) == ({1: b"inside", 2: b"behind", 3: "commit"}, 4, 4, [])


async def test_the_oldest_of_interleaved_transactions_decides_what_is_stable(calls: Calls) -> None:
    other = calls.other()
    a, b = await calls.started(), await other.started()
    await calls.add(a, 0)
    await other.add(b, 0)
    await calls.produce(a, 0, b"a0")
    await other.produce(b, 0, b"b0", b"b1")
    await calls.produce(a, 1, b"a1")
    await other.finish(b, ABORT)
    assert await calls.reads.fetch() == ({}, 5, 0, [])
    await calls.finish(a, COMMIT)
    everything = {0: b"a0", 1: b"b0", 2: b"b1", 3: b"a1", 4: "abort", 5: "commit"}
    assert await calls.reads.fetch() == (everything, 6, 6, [(b.id, 1)])


async def test_aborted_transactions_are_told_as_long_as_their_data_or_marker_is_fetched(calls: Calls) -> None:
    producer = await calls.started()
    for sequence in range(2):
        await calls.add(producer, 0)
        await calls.produce(producer, sequence, b"aborted")
        await calls.finish(producer, ABORT)
    first, second = (producer.id, 0), (producer.id, 2)
    assert [(await calls.reads.fetch(offset)).aborted for offset in range(5)] == [
        [first, second],
        [first, second],
        [second],
        [second],
        [],
    ]


async def test_of_two_aborted_transactions_of_one_producer_both_are_told(calls: Calls) -> None:
    other = calls.other()
    a, b = await calls.started(), await other.started()
    await calls.add(a, 0)
    await other.add(b, 0)
    await calls.produce(a, 0, b"a")
    await other.produce(b, 0, b"b")
    await calls.finish(a, ABORT)
    await calls.add(a, 0)
    await calls.produce(a, 1, b"a")
    await other.finish(b, ABORT)
    await calls.finish(a, ABORT)
    fetched = await calls.reads.fetch()
    assert fetched.records == {0: b"a", 1: b"b", 2: "abort", 3: b"a", 4: "abort", 5: "abort"}
    assert sorted(fetched.aborted or ()) == sorted([(a.id, 0), (b.id, 1), (a.id, 3)])


async def test_offsets_are_listed_up_to_what_is_stable(calls: Calls) -> None:
    producer = await calls.started()
    await calls.add(producer, 0)
    before_ms = now_ms()
    await calls.produce(producer, 0, b"a", b"b")
    for timestamp, committed, uncommitted in (
        (LATEST, 0, 2),
        (EARLIEST, 0, 0),
        (MAX_TIMESTAMP, -1, 0),
        (before_ms, -1, 0),
    ):
        assert await calls.reads.list_offset(timestamp) == committed
        assert await calls.reads.list_offset(timestamp, committed=False) == uncommitted
    await calls.finish(producer, COMMIT)
    for timestamp, offset in ((LATEST, 3), (EARLIEST, 0), (before_ms, 0)):
        assert await calls.reads.list_offset(timestamp) == offset


async def test_deleted_records_of_an_open_transaction_leave_the_rest_of_it_open(calls: Calls) -> None:
    producer = await calls.started()
    await calls.add(producer, 0)
    await calls.produce(producer, 0, b"a")
    await calls.produce(producer, 1, b"b")
    assert await calls.reads.delete_before(1) == 1
    assert await calls.reads.fetch(1) == ({}, 2, 1, [])
    assert await calls.reads.delete_before(-1) == 2
    assert await calls.reads.last_stable_offset() == 2
    await calls.finish(producer, ABORT)
    assert await calls.reads.fetch(2) == ({2: "abort"}, 3, 3, [(producer.id, 0)])


@pytest.mark.parametrize("committed", [COMMIT, ABORT])
async def test_a_waiting_fetch_is_answered_when_the_transaction_ends(
    calls: Calls, cluster: Cluster, committed: bool
) -> None:
    producer = await calls.started()
    await calls.add(producer, 0)
    await calls.produce(producer, 0, b"x")
    host, _, port = cluster.bootstrap_servers.rpartition(":")
    async with WireClient(host, int(port)) as consumer:
        reads = Calls(consumer, calls.transactional_id, calls.topic, calls.group_id).reads
        started_s = time.monotonic()
        waiting = asyncio.create_task(reads.fetch(max_wait_ms=LONG_MS))
        assert await calls.produce(producer, 1, b"y") == (NONE, 1)
        assert await calls.end(producer, committed) == NONE
        fetched = await waiting
    assert fetched.records == {0: b"x", 1: b"y", 2: "commit" if committed else "abort"}
    assert time.monotonic() - started_s < LONG_MS / 1000 / 2


async def test_a_fetch_that_waits_for_what_is_committed_does_not_get_less(calls: Calls) -> None:
    producer = await calls.started()
    await calls.add(producer, 0)
    await calls.produce(producer, 0, b"x")
    started_s = time.monotonic()
    assert (await calls.reads.fetch(max_wait_ms=300)).records == {}
    assert time.monotonic() - started_s >= 0.29


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@pytest.mark.parametrize("version", [9, 10])
async def test_what_is_stored_elsewhere_begins_nowhere(calls: Calls, version: int) -> None:
    await calls.wire.produce(calls.topic, 0, record_batch(b"a", b"b", timestamps=[now_ms(), now_ms()]))
    assert await calls.reads.list_offset(LATEST_TIERED, version=version) == -1
    assert await calls.reads.list_offset(EARLIEST_LOCAL, version=version) == 0
    assert await calls.reads.list_offset(LATEST, version=version) == 2
