"""What tools are told of transactions and their producers (KIP-664). The same calls to both brokers."""

from typing import Any

from kafka.protocol.admin import DescribeProducersRequest, DescribeTransactionsRequest, ListTransactionsRequest

from tests.broker.transactions.answers import (
    INVALID_REQUEST,
    NONE,
    TRANSACTIONAL_ID_NOT_FOUND,
    UNKNOWN_TOPIC_OR_PARTITION,
    Producer,
)
from tests.broker.transactions.calls import ABORT, COMMIT, Calls


async def test_a_transaction_is_described_from_its_beginning_to_its_end(calls: Calls) -> None:
    producer = await calls.started(timeout_ms=45_000)
    described = await calls.described()
    assert (described.transaction_state, described.transaction_start_time_ms) == ("Empty", -1)
    assert Producer(described.producer_id, described.producer_epoch) == producer
    assert described.transaction_timeout_ms == 45_000
    await calls.add(producer, 2, 0)
    described = await calls.described()
    assert (described.transaction_state, described.topics[0].topic) == ("Ongoing", calls.topic)
    assert sorted(described.topics[0].partitions) == [0, 2]
    started_ms = described.transaction_start_time_ms
    await calls.finish(producer, COMMIT)
    described = await calls.described()
    assert (described.transaction_state, described.topics) == ("CompleteCommit", [])
    assert described.transaction_start_time_ms == started_ms > 0
    await calls.add(producer, 0)
    await calls.finish(producer, ABORT)
    assert (await calls.described()).transaction_state == "CompleteAbort"


async def test_groups_in_a_transaction_are_described_by_the_topic_of_their_offsets(calls: Calls) -> None:
    producer = await calls.started()
    await calls.add_offsets(producer)
    described = await calls.described()
    assert [topic.topic for topic in described.topics] == ["__consumer_offsets"]


async def test_unknown_transactional_ids_are_errors(calls: Calls) -> None:
    request = DescribeTransactionsRequest(transactional_ids=["no such id", ""])
    answer = await calls.wire.ask(request, 0)
    assert [(each.transactional_id, each.error_code) for each in answer.transaction_states] == [
        ("no such id", TRANSACTIONAL_ID_NOT_FOUND),
        ("", INVALID_REQUEST),
    ]


async def test_transactions_are_listed_by_state_producer_and_duration(calls: Calls) -> None:
    other = calls.other()
    producer, idle = await calls.started(), await other.started()
    await calls.add(producer, 0)
    mine, both = {calls.transactional_id}, {calls.transactional_id, other.transactional_id}
    assert await listed(calls, producer_ids=[producer.id, idle.id]) == both
    assert await listed(calls, producer_ids=[producer.id]) == mine
    assert await listed(calls, producer_ids=[producer.id, idle.id], states=["Ongoing"]) == mine
    assert await listed(calls, producer_ids=[producer.id], states=["Empty", "PrepareCommit"]) == set()
    assert await listed(calls, producer_ids=[producer.id], duration_ms=60_000) == set()


async def test_states_that_kafka_does_not_have_are_named(calls: Calls) -> None:
    request = ListTransactionsRequest(state_filters=["Ongoing", "Dead", "PrepareAbort", "Undecided"])
    answer = await calls.wire.ask(request, 0)
    assert (answer.error_code, answer.unknown_state_filters) == (NONE, ["Undecided"])


async def test_producers_are_described_with_the_start_of_their_transaction(calls: Calls) -> None:
    producer = await calls.started()
    await calls.add(producer, 0)
    await calls.produce(producer, 0, b"a", b"b")
    await calls.produce(producer, 2, b"c")
    assert await calls.reads.producers() == {producer.id: (producer.epoch, -1, 2, 0)}
    await calls.finish(producer, COMMIT)
    assert await calls.reads.producers() == {producer.id: (producer.epoch, 0, 2, -1)}
    again = await calls.started()
    await calls.add(again, 0)
    await calls.produce(again, 0, b"d")
    assert await calls.reads.producers() == {producer.id: (again.epoch, 0, 0, 4)}


async def test_unknown_partitions_have_no_producers(calls: Calls) -> None:
    topic = DescribeProducersRequest.TopicRequest(name=calls.topic, partition_indexes=[0, 99])
    answer = await calls.wire.ask(DescribeProducersRequest(topics=[topic]), 0)
    assert [(each.partition_index, each.error_code) for each in answer.topics[0].partitions] == [
        (0, NONE),
        (99, UNKNOWN_TOPIC_OR_PARTITION),
    ]


async def listed(
    calls: Calls, producer_ids: list[int], states: list[str] | None = None, duration_ms: int = -1
) -> set[str]:
    request: Any = ListTransactionsRequest(
        state_filters=states or [], producer_id_filters=producer_ids, duration_filter=duration_ms
    )
    answer = await calls.wire.ask(request, 1)
    assert answer.error_code == NONE
    return {each.transactional_id for each in answer.transaction_states}
