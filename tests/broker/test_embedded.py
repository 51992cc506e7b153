"""Starting, stopping and starting again; hooks."""

import asyncio
import socket
import subprocess
import sys
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from kafka.protocol.metadata import ApiVersionsRequest, ApiVersionsResponse

from tests.broker.conftest import Connect, StartBroker
from tests.broker.wire import WireClient, fetch_request, record_batch
from tui.broker import BrokerSettings, EmbeddedBroker
from tui.broker.api import RequestContext
from tui.broker.hooks import Close

API_VERSIONS = 18


async def test_the_address_is_loopback_and_the_port_the_one_that_listens(broker: EmbeddedBroker) -> None:
    assert broker.bootstrap_servers == f"127.0.0.1:{broker.port}"
    with socket.create_connection(("127.0.0.1", broker.port), timeout=5):
        pass


@pytest.mark.parametrize(
    ("host", "advertised_host", "told"),
    [("0.0.0.0", None, socket.gethostname()), ("0.0.0.0", "kafka.example", "kafka.example"), ("127.0.0.1", None, None)],
)
async def test_clients_are_told_a_host_they_can_connect_to(
    start_broker: StartBroker, host: str, advertised_host: str | None, told: str | None
) -> None:
    broker = await start_broker(BrokerSettings(host=host, advertised_host=advertised_host))
    assert broker.broker.host == (told or host)


async def test_a_port_in_use_is_an_error_and_leaves_nothing_behind(broker: EmbeddedBroker) -> None:
    other = EmbeddedBroker(BrokerSettings(port=broker.port))
    with pytest.raises(OSError, match="address already in use"):
        await other.start()
    await other.stop()


async def test_starting_and_stopping_twice_is_harmless() -> None:
    broker = EmbeddedBroker()
    await broker.stop()
    await broker.start()
    port = broker.port
    await broker.start()
    assert broker.port == port
    await broker.stop()
    await broker.stop()


async def test_before_the_first_start_there_is_no_address() -> None:
    with pytest.raises(RuntimeError, match="never started"):
        _ = EmbeddedBroker().bootstrap_servers


async def test_stopping_closes_every_connection_within_a_second(broker: EmbeddedBroker, connect: Connect) -> None:
    broker.broker.topics.create("t", 1, {})
    waiting, idle = await connect(broker), await connect(broker)
    await waiting.send(fetch_request([("t", 0, 0)], max_wait_ms=50_000), 11)
    await idle.ask(ApiVersionsRequest(), 0)
    async with asyncio.timeout(1):
        await broker.stop()
    assert await waiting.is_closed_by_broker(1)
    assert await idle.is_closed_by_broker(1)
    with pytest.raises(ConnectionRefusedError):
        await connect(broker)


async def test_started_again_it_has_its_port_and_its_records(broker: EmbeddedBroker, connect: Connect) -> None:
    broker.broker.topics.create("t", 1, {})
    await (await connect(broker)).produce("t", 0, record_batch(b"kept"))
    port = broker.port
    await broker.stop()
    await broker.start()
    assert broker.port == port
    assert (await (await connect(broker)).fetch("t", 0, 0)).high_watermark == 1


async def test_a_producer_survives_that_the_broker_goes_away(broker: EmbeddedBroker) -> None:
    producer = AIOKafkaProducer(
        bootstrap_servers=broker.bootstrap_servers, enable_idempotence=True, retry_backoff_ms=20
    )
    await producer.start()
    await producer.send_and_wait("t", b"before", partition=0)
    await broker.stop()
    pending = [await producer.send("t", b"%d" % index, partition=0) for index in range(10)]
    await asyncio.sleep(0.2)
    await broker.start()
    async with asyncio.timeout(20):
        offsets = [(await each).offset for each in pending]
    await producer.stop()
    assert offsets == list(range(1, 11))


async def test_a_hook_may_observe_answer_and_close(broker: EmbeddedBroker, connect: Connect) -> None:
    client = await connect(broker)
    seen: list[tuple[int, str | None]] = []
    verdicts: list[Any] = [None, ApiVersionsResponse(error_code=42, api_keys=[]), Close()]

    async def hook(context: RequestContext, api_key: int, request: Any) -> Any:
        seen.append((api_key, context.client_id))
        return verdicts.pop(0)

    broker.hooks.append(hook)
    assert (await client.ask(ApiVersionsRequest(), 0)).error_code == 0
    assert (await client.ask(ApiVersionsRequest(), 0)).error_code == 42
    await client.send(ApiVersionsRequest(), 0)
    assert await client.is_closed_by_broker(5)
    assert seen == [(API_VERSIONS, "wire")] * 3


async def test_a_delayed_request_delays_only_its_own_connection(broker: EmbeddedBroker, connect: Connect) -> None:
    delayed, other = await connect(broker), await connect(broker)
    released = asyncio.Event()

    async def hook(context: RequestContext, api_key: int, request: Any) -> Any:
        if context.connection_id == 1:
            await released.wait()

    broker.hooks.append(hook)
    waiting = asyncio.create_task(delayed.ask(ApiVersionsRequest(), 0))
    await other.ask(ApiVersionsRequest(), 0)
    assert not waiting.done()
    released.set()
    assert (await waiting).error_code == 0


async def test_a_handler_that_fails_closes_its_connection_only(
    broker: EmbeddedBroker, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    async def hook(context: RequestContext, api_key: int, request: Any) -> Any:
        if context.connection_id == 1:
            raise ZeroDivisionError

    broker.hooks.append(hook)
    failing, other = await connect(broker), await connect(broker)
    await failing.send(ApiVersionsRequest(), 0)
    assert await failing.is_closed_by_broker(5)
    assert (await other.ask(ApiVersionsRequest(), 0)).error_code == 0
    assert "ZeroDivisionError" in caplog.text


def test_the_broker_imports_nothing_of_the_other_rooms() -> None:
    program = "import sys, tui.broker; print(*(name for name in sys.modules if name.startswith(('tui', 'aiokafka'))))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    assert [name for name in done.stdout.split() if not name.startswith("tui.broker")] == ["tui"]


async def test_a_wire_client_that_leaves_at_once_is_forgotten(broker: EmbeddedBroker) -> None:
    for _ in range(20):
        async with WireClient("127.0.0.1", broker.port):
            pass
    async with asyncio.timeout(5), WireClient("127.0.0.1", broker.port) as client:
        await client.ask(ApiVersionsRequest(), 0)
        assert broker.server.connections == 1
