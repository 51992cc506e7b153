"""Ending what hangs in a partition, as an operator does (KIP-664). The same calls to both brokers."""

import pytest
from kafka.protocol.producer import WriteTxnMarkersRequest

from tests.broker.transactions.answers import INVALID_PRODUCER_EPOCH, NONE, UNKNOWN_TOPIC_OR_PARTITION, Producer
from tests.broker.transactions.calls import ABORT, COMMIT, Calls

TRANSACTION_COORDINATOR_FENCED = 52
COORDINATOR_EPOCH = 5


async def write_marker(
    calls: Calls, producer: Producer, committed: bool, partition: int = 0, coordinator_epoch: int = COORDINATOR_EPOCH
) -> int:
    """WriteTxnMarkers for one partition; the error code."""
    marker_class = WriteTxnMarkersRequest.WritableTxnMarker
    marker = marker_class(
        producer_id=producer.id,
        producer_epoch=producer.epoch,
        transaction_result=committed,
        topics=[marker_class.WritableTxnMarkerTopic(name=calls.topic, partition_indexes=[partition])],
        coordinator_epoch=coordinator_epoch,
    )
    answer = await calls.wire.ask(WriteTxnMarkersRequest(markers=[marker]), 1)
    assert answer.markers[0].producer_id == producer.id
    return int(answer.markers[0].topics[0].partitions[0].error_code)


@pytest.mark.parametrize("committed", [COMMIT, ABORT])
async def test_an_operators_marker_ends_the_transaction_in_its_partition(calls: Calls, committed: bool) -> None:
    producer = await calls.started()
    await calls.add(producer, 0, 1)
    await calls.produce(producer, 0, b"x")
    await calls.produce(producer, 0, b"y", partition=1)
    assert await write_marker(calls, producer, committed) == NONE
    read = await calls.reads.fetch()
    assert read.records == {0: b"x", 1: "commit" if committed else "abort"}
    assert (read.last_stable_offset, read.aborted) == (2, [] if committed else [(producer.id, 0)])
    assert await calls.reads.producers() == {producer.id: (producer.epoch, COORDINATOR_EPOCH, 0, -1)}
    assert await calls.reads.last_stable_offset(partition=1) == 0
    assert (await calls.described()).transaction_state == "Ongoing"


async def test_a_producer_that_wrote_nothing_gets_its_marker_all_the_same(calls: Calls) -> None:
    assert await write_marker(calls, Producer(1 << 40, 3), ABORT) == NONE
    assert (await calls.reads.fetch()).records == {0: "abort"}


async def test_markers_of_the_past_are_refused(calls: Calls) -> None:
    producer = Producer(1 << 41, 3)
    assert await write_marker(calls, producer, ABORT) == NONE
    assert await write_marker(calls, Producer(producer.id, 2), ABORT) == INVALID_PRODUCER_EPOCH
    older = await write_marker(calls, producer, ABORT, coordinator_epoch=COORDINATOR_EPOCH - 1)
    assert older == TRANSACTION_COORDINATOR_FENCED
    assert (await calls.reads.fetch()).records == {0: "abort"}


async def test_an_unknown_partition_gets_no_marker(calls: Calls) -> None:
    assert await write_marker(calls, Producer(1 << 42, 0), ABORT, partition=99) == UNKNOWN_TOPIC_OR_PARTITION
