"""What the embedded broker is made to answer wrongly."""

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any

import pytest
from kafka.protocol.consumer import HeartbeatRequest, JoinGroupRequest, OffsetCommitRequest, SyncGroupRequest
from kafka.protocol.producer import (
    AddOffsetsToTxnRequest,
    AddPartitionsToTxnRequest,
    EndTxnRequest,
    InitProducerIdRequest,
    TxnOffsetCommitRequest,
)

from tests.broker.wire import WireClient, produce_request, record_batch
from tests.faults.injected import COORDINATOR, hook
from tests.faults.schedule import OF_ANSWERS, Fault
from tui.broker import BrokerSettings, EmbeddedBroker
from tui.broker.api import RequestContext
from tui.broker.apis import APIS

OffsetTopic = OffsetCommitRequest.OffsetCommitRequestTopic
TxnTopic = TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic
ADDED = AddPartitionsToTxnRequest.AddPartitionsToTxnTopic(name="t", partitions=[0, 1])
REQUESTS: list[Any] = [
    HeartbeatRequest(),
    JoinGroupRequest(),
    SyncGroupRequest(),
    InitProducerIdRequest(),
    AddOffsetsToTxnRequest(),
    EndTxnRequest(),
    AddPartitionsToTxnRequest(v3_and_below_topics=[ADDED]),
    OffsetCommitRequest(
        topics=[OffsetTopic(name="t", partitions=[OffsetTopic.OffsetCommitRequestPartition(partition_index=1)])]
    ),
    TxnOffsetCommitRequest(
        topics=[TxnTopic(name="t", partitions=[TxnTopic.TxnOffsetCommitRequestPartition(partition_index=1)])]
    ),
]


class Always(random.Random):
    """A chance that always comes."""

    def random(self) -> float:
        return 0.0


@pytest.fixture
async def broker() -> AsyncIterator[EmbeddedBroker]:
    async with EmbeddedBroker(BrokerSettings()) as broker:
        broker.broker.topics.create("t", 2, {})
        yield broker


def context(client_id: str, version: int) -> RequestContext:
    return RequestContext(client_id, "127.0.0.1", version, 1, asyncio.Event())


def stored(broker: EmbeddedBroker) -> int:
    """How many records partition 0 of the topic has."""
    topic = broker.broker.topics.get("t")
    partition = topic.partition(0) if topic else None
    assert partition is not None
    return partition.log.end_offset


def plain(response: Any) -> str:
    """The response as text, after it was encoded, which fails for what is not whole."""
    response.with_header(correlation_id=1)
    assert response.encode(header=True, framed=True)
    return str(response)


@pytest.mark.parametrize(
    ("fault", "error", "kept"), [(Fault.DISK_FULL, 56, 0), (Fault.TOO_FEW_REPLICAS, 19, 0), (Fault.TIMED_OUT, 7, 1)]
)
async def test_a_refused_batch_is_stored_only_if_it_timed_out(
    broker: EmbeddedBroker, fault: Fault, error: int, kept: int
) -> None:
    broker.hooks.append(hook(fault, broker.broker, Always()))
    async with WireClient("127.0.0.1", broker.port) as client:
        answer = await client.produce("t", 0, record_batch(b"value"))
    assert (answer.error_code, answer.base_offset) == (error, -1)
    assert stored(broker) == kept


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda request: type(request).__name__)
@pytest.mark.parametrize(("fault", "error"), [(Fault.LOADING, 14), (Fault.MOVED, 16)])
async def test_the_coordinator_refuses_workers_in_every_version(
    broker: EmbeddedBroker, request_: Any, fault: Fault, error: int
) -> None:
    meet = hook(fault, broker.broker, Always())
    key = request_.API_KEY
    for version in range(APIS[key].min_version, APIS[key].max_version + 1):
        response = await meet(context("client-3", version), key, request_)
        response.API_VERSION = version
        assert f"error_code={error}" in plain(response)
        assert await meet(context("faults-watch", version), key, request_) is None


def test_there_is_a_request_of_each_api_of_the_coordinator() -> None:
    assert {request.API_KEY for request in REQUESTS} == COORDINATOR


async def test_what_is_not_answered_is_done_all_the_same(broker: EmbeddedBroker) -> None:
    broker.hooks.append(hook(Fault.NO_ANSWER, broker.broker, Always()))
    async with WireClient("127.0.0.1", broker.port) as client:
        await client.send(produce_request("t", 0, record_batch(b"value")), 7)
        assert await client.is_closed_by_broker()
    assert stored(broker) == 1


async def test_a_quota_holds_answers_back_and_says_so(broker: EmbeddedBroker) -> None:
    broker.hooks.append(hook(Fault.THROTTLE, broker.broker, Always()))
    async with WireClient("127.0.0.1", broker.port) as client:
        response = await client.ask(produce_request("t", 0, record_batch(b"value")), 7)
    assert response.throttle_time_ms == 300
    assert response.responses[0].partition_responses[0].error_code == 0
    assert stored(broker) == 1


async def test_every_fault_of_answers_spares_what_it_is_not_about(broker: EmbeddedBroker) -> None:
    metadata = 3
    for fault in OF_ANSWERS:
        meet = hook(fault, broker.broker, Always())
        assert await meet(context("client-0", 1), metadata, object()) is None
