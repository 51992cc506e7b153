"""Connections that break in the middle of a transaction, and requests that arrive when nobody waits for them."""

from collections.abc import Awaitable, Callable, Collection
from typing import Any

import pytest
from aiokafka.client import AIOKafkaClient, ConnectionGroup
from aiokafka.errors import KafkaConnectionError
from aiokafka.protocol.transaction import EndTxnRequest

from tests.clients.committed import committed_offsets, committed_records
from tests.kafka_cluster import Cluster, EventLog, connection_to, fresh_settings, joined, running, settled, until
from tui.calc.messages import decode_result
from tui.clients.connection import closed, started
from tui.events import LaneFailed
from tui.session import Session
from tui.settings import Settings

REQUESTS = 1_000
PARTS = ("AddPartitionsToTxn", "Produce", "AddOffsetsToTxn", "TxnOffsetCommit", "EndTxn")

Send = Callable[[], Awaitable[Any]]
Faulty = Callable[[Send, int, Any], Awaitable[Any]]


def intercepted(monkeypatch: pytest.MonkeyPatch, names: Collection[str], faulty: Faulty) -> None:
    """Let all requests of these names by transactional producers go through `faulty(send, node_id, request)`."""
    original: Callable[..., Awaitable[Any]] = AIOKafkaClient.send

    async def send(
        self: AIOKafkaClient, node_id: int, request: object, *, group: object = ConnectionGroup.DEFAULT
    ) -> Any:
        async def really() -> Any:
            return await original(self, node_id, request, group=group)

        name = type(request).__name__.removesuffix("Request")
        if name in names and getattr(request, "_transactional_id", None) is not None:
            return await faulty(really, node_id, request)
        return await really()

    monkeypatch.setattr(AIOKafkaClient, "send", send)


async def work_through(session: Session) -> None:
    """Send requests in portions, so that there are many transactions, and wait for all answers."""
    await until(lambda: joined(session, 2))
    for count in range(50, REQUESTS + 1, 50):
        session.send("1", "sum", "2", times=50)
        await until(lambda least=count: session.ledger.accounting().done + 25 >= least)  # type: ignore[misc]
    await until(lambda: settled(session))


async def assert_each_is_answered_once(cluster: Cluster, settings: Settings) -> None:
    """Read the topics back, and the offsets."""
    stored = await committed_records(cluster, [settings.topics.results])
    answered = [decode_result(row.value) for row in stored]
    assert len(answered) == len({result.id for result in answered}) == REQUESTS
    assert len({(result.partition, result.offset) for result in answered}) == REQUESTS
    offsets = await committed_offsets(cluster, settings.workers.group, settings.topics.requests)
    assert sum(offsets.values()) == REQUESTS


@pytest.mark.parametrize("arrives", [True, False], ids=["answer-lost", "request-lost"])
@pytest.mark.parametrize("name", PARTS)
async def test_whatever_is_lost_in_a_transaction_each_request_is_answered_once(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch, name: str, arrives: bool
) -> None:
    seen = 0

    async def faulty(send: Send, node_id: int, request: object) -> Any:
        nonlocal seen
        seen += 1
        if seen % 9:
            return await send()
        if arrives:
            await send()
        raise KafkaConnectionError("the connection was cut")

    intercepted(monkeypatch, {name}, faulty)
    settings = fresh_settings(cluster, count=2, delivery="exactly_once")
    events = EventLog()
    async with running(settings, on_event=events) as session:
        await work_through(session)
    assert any(f"the broker's answer to {name} was lost" in failed.reason for failed in events.of(LaneFailed))
    await assert_each_is_answered_once(cluster, settings)


async def test_the_end_of_a_transaction_that_arrives_late_ends_no_other(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Jepsen found in Bufstream: a commit whose connection broke arrives while the next transaction is open."""
    elsewhere = connection_to(cluster).producer("late")
    await started(elsewhere)
    late: dict[str, object] = {}
    codes: list[int] = []
    seen = 0

    async def faulty(send: Send, node_id: int, request: Any) -> Any:
        nonlocal seen
        transactional_id = request._transactional_id
        if isinstance(request, EndTxnRequest):
            seen += 1
            if seen % 9 == 0:
                late[transactional_id] = request
                raise KafkaConnectionError("the connection was cut")
            return await send()
        answer = await send()
        if transactional_id in late:
            codes.append((await elsewhere.client.send(node_id, late.pop(transactional_id))).error_code)
        return answer

    intercepted(monkeypatch, {"EndTxn", "AddPartitionsToTxn"}, faulty)
    settings = fresh_settings(cluster, count=2, delivery="exactly_once")
    async with running(settings) as session:
        await work_through(session)
    await closed(elsewhere, 1.0)
    assert codes
    assert all(codes)
    await assert_each_is_answered_once(cluster, settings)
