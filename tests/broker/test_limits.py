"""Many connections, large requests, unread answers: bounded, and the others do not notice."""

import os
import resource
import struct
from contextlib import AsyncExitStack

import psutil
from kafka.protocol.metadata import ApiVersionsRequest

from tests.broker.conftest import Connect, StartBroker
from tests.broker.hostile import header, undisturbed
from tests.broker.wire import WireClient, fetch_request, record_batch, until
from tui.broker import BrokerSettings, EmbeddedBroker

MEBIBYTE = 1 << 20
IMPATIENT = BrokerSettings(write_deadline_s=0.3)


async def test_a_thousand_silent_connections_do_not_keep_another_client_from_working(
    broker: EmbeddedBroker,
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    before_bytes = psutil.Process().memory_info().rss
    try:
        async with undisturbed(broker) as worker, AsyncExitStack() as silent:
            for _ in range(1000):
                await silent.enter_async_context(WireClient("127.0.0.1", broker.port))
            for _ in range(50):
                assert (await worker.produce("work", 0, record_batch(b"x"))).error_code == 0
            async with undisturbed(broker):
                assert broker.server.connections <= broker.settings.max_connections
        assert psutil.Process().memory_info().rss - before_bytes < 100 * MEBIBYTE
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_without_room_the_oldest_silent_connection_gives_way(start_broker: StartBroker, connect: Connect) -> None:
    broker = await start_broker(BrokerSettings(max_connections=3))
    speaking, first, second = [await connect(broker) for _ in range(3)]
    await speaking.ask(ApiVersionsRequest(), 0)
    newcomer = await connect(broker)
    assert (await newcomer.ask(ApiVersionsRequest(), 0)).error_code == 0
    assert await first.is_closed_by_broker(5)
    await second.ask(ApiVersionsRequest(), 0)
    refused = await connect(broker)
    assert await refused.is_closed_by_broker(5)
    assert (await speaking.ask(ApiVersionsRequest(), 0)).error_code == 0


async def test_what_all_clients_together_leave_in_memory_is_bounded(
    start_broker: StartBroker, connect: Connect
) -> None:
    settings = BrokerSettings(max_held_bytes=8 * MEBIBYTE)
    broker = await start_broker(settings)
    async with undisturbed(broker):
        greedy = [await connect(broker) for _ in range(6)]
        for client in greedy:
            client.writer.write(struct.pack(">i", 30 * MEBIBYTE) + header(0, 7) + bytes(3 * MEBIBYTE))
        await until(lambda: broker.server.connections <= 4)
        assert broker.server.held_bytes <= settings.max_held_bytes


async def test_a_client_that_does_not_read_is_closed_and_holds_one_answer_at_most(
    start_broker: StartBroker, connect: Connect
) -> None:
    broker = await start_broker(IMPATIENT)
    async with undisturbed(broker) as worker:
        for _ in range(20):
            await worker.produce("work", 0, record_batch(os.urandom(900_000)))
        client = await connect(broker)
        for _ in range(200):
            await client.send(fetch_request([("work", 0, index % 20) for index in range(16)]), 11)
        await until(lambda: broker.server.held_bytes > MEBIBYTE)
        assert broker.server.held_bytes < 20 * MEBIBYTE
        await until(lambda: broker.server.connections == 1)
        assert broker.server.held_bytes == 0


async def test_a_large_request_is_for_producing_only(broker: EmbeddedBroker, connect: Connect) -> None:
    async with undisturbed(broker):
        client = await connect(broker)
        await client.send_bytes(struct.pack(">i", 2 * MEBIBYTE) + header(3, 1))
        assert await client.is_closed_by_broker(5)
    broker.broker.topics.create("large", 1, {"max.message.bytes": str(20 * MEBIBYTE)})
    producer = await connect(broker)
    assert (await producer.produce("large", 0, record_batch(bytes(10 * MEBIBYTE)))).error_code == 0
