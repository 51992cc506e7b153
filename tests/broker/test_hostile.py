"""Clients that are no clients: they are closed, the others do not notice."""

import asyncio
import random
import struct

import pytest
from kafka.protocol.metadata import ApiVersionsRequest

from tests.broker.conftest import Connect, StartBroker
from tests.broker.hostile import framed, header, undisturbed
from tests.broker.wire import WireClient, produce_request, record_batch, until
from tui.broker import BrokerSettings, EmbeddedBroker
from tui.broker.apis import APIS

MEBIBYTE = 1 << 20
IMPATIENT = BrokerSettings(
    first_request_timeout_s=0.3, frame_stall_s=0.3, frame_deadline_s=1.0, max_idle_s=0.6, write_deadline_s=0.3
)


IDS = (
    "2GiB minus-one most-negative http tls empty one-byte ones client-id-too-long client-id-not-text unknown-api "
    "negative-api version-too-new version-negative array-of-2G endless-varint produce-of-noise cut-body"
)


@pytest.mark.parametrize(
    "data",
    [
        struct.pack(">i", 2**31 - 1),
        struct.pack(">i", -1),
        struct.pack(">i", -(2**31)),
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
        framed(b""),
        framed(b"\x00"),
        framed(b"\xff" * 100),
        framed(struct.pack(">hhih", 3, 1, 1, 500)),
        framed(struct.pack(">hhih", 3, 1, 1, 4) + b"\xff\xfe\xff\xfe"),
        framed(header(999, 0)),
        framed(header(-1, 0)),
        framed(header(3, 99)),
        framed(header(3, -1)),
        framed(header(3, 1) + b"\x7f\xff\xff\xff"),
        framed(header(3, 12) + b"\x00" + b"\xff" * 100_000),
        framed(header(0, 7) + b"\xff\xff\x00\x01\x00\x00\x03\xe8" + b"\x7f" * 1000),
        framed(header(3, 1)) + b"\x80",
    ],
    ids=[
        "2GiB",
        "minus-one",
        "most-negative",
        "http",
        "tls",
        "empty",
        "one-byte",
        "ones",
        "client-id-too-long",
        "client-id-not-text",
        "unknown-api",
        "negative-api",
        "version-too-new",
        "version-negative",
        "array-of-2G",
        "endless-varint",
        "produce-of-noise",
        "cut-body",
    ],
)
async def test_what_is_no_request_closes_its_connection_only(
    broker: EmbeddedBroker, connect: Connect, data: bytes
) -> None:
    async with undisturbed(broker):
        client = await connect(broker)
        await client.send_bytes(data)
        assert await client.is_closed_by_broker(5)


async def test_noise_never_disturbs_the_others(broker: EmbeddedBroker) -> None:
    noise = random.Random(4711)
    async with undisturbed(broker) as worker:
        for _ in range(300):
            api = noise.choice(list(APIS.values()))
            version = noise.randint(api.min_version, api.max_version)
            body = header(api.key, version) + noise.randbytes(noise.randint(0, 300))
            async with WireClient("127.0.0.1", broker.port) as client:
                await client.send_bytes(framed(body))
                await asyncio.sleep(0)
        assert (await worker.fetch("work", 0, 0)).error_code == 0
        await until(lambda: broker.server.connections == 1)


async def test_an_unknown_api_versions_version_is_answered_in_version_0(
    broker: EmbeddedBroker, connect: Connect
) -> None:
    client = await connect(broker)
    client._correlation_id = 1
    await client.send_bytes(framed(header(18, 77) + b"\x00\x07unknown\x021"))
    answer = await client.response(ApiVersionsRequest, 0)
    assert answer.error_code == 35
    assert [(api.api_key, api.min_version, api.max_version) for api in answer.api_keys] == [(18, 0, 4)]
    assert (await client.ask(ApiVersionsRequest(), 0)).error_code == 0


@pytest.mark.parametrize(
    "beginning",
    [b"\x00", struct.pack(">i", 200), framed(header(3, 1) + b"\x00\x00\x00\x00")[:-2], struct.pack(">i", 30 << 20)],
    ids=["one-byte", "length-only", "almost-all", "beginning-of-30-MiB"],
)
async def test_half_a_request_then_silence_is_closed(
    start_broker: StartBroker, connect: Connect, beginning: bytes
) -> None:
    broker = await start_broker(IMPATIENT)
    client = await connect(broker)
    await client.send_bytes(beginning)
    assert await client.is_closed_by_broker(5)


async def test_a_request_that_drips_in_is_closed(start_broker: StartBroker, connect: Connect) -> None:
    broker = await start_broker(IMPATIENT)
    client = await connect(broker)

    async def drip() -> None:
        await client.send_bytes(struct.pack(">i", 10_000))
        while True:
            await client.send_bytes(b"\x00")
            await asyncio.sleep(0.05)

    dripping = asyncio.create_task(drip())
    assert await client.is_closed_by_broker(5)
    dripping.cancel()


async def test_a_connection_that_says_nothing_is_closed_sooner_than_an_idle_one(
    start_broker: StartBroker, connect: Connect
) -> None:
    broker = await start_broker(IMPATIENT)
    silent, idle = await connect(broker), await connect(broker)
    loop = asyncio.get_running_loop()
    await idle.ask(ApiVersionsRequest(), 0)
    started = loop.time()
    assert await silent.is_closed_by_broker(5)
    silent_s = loop.time() - started
    assert await idle.is_closed_by_broker(5)
    assert silent_s < IMPATIENT.max_idle_s <= loop.time() - started


async def test_a_waiting_fetch_is_not_idle(start_broker: StartBroker, connect: Connect) -> None:
    broker = await start_broker(BrokerSettings(max_idle_s=0.6))
    broker.broker.topics.create("work", 1, {})
    client = await connect(broker)
    answer = await client.fetch("work", 0, 0, max_wait_ms=1500)
    assert answer.error_code == 0


async def test_requests_may_arrive_in_any_pieces(broker: EmbeddedBroker, connect: Connect) -> None:
    broker.broker.topics.create("work", 1, {})
    client = await connect(broker)
    request = produce_request("work", 0, record_batch(b"x"))
    request.API_VERSION = 7
    request.with_header(correlation_id=1, client_id="slow")
    data = bytes(request.encode(header=True, framed=True)) * 3
    pieces = random.Random(7)
    while data:
        size = pieces.randint(1, 40)
        await client.send_bytes(data[:size])
        await asyncio.sleep(0)
        data = data[size:]
    client._correlation_id = 1
    for offset in range(3):
        answer = await client.response(type(request), 7)
        assert answer.responses[0].partition_responses[0].base_offset == offset


@pytest.mark.parametrize(
    "data",
    [
        header(2, 1) + b"\xff\xff\xff\xff" + b"\xff\xff\xff\xff",
        header(19, 2) + b"\xff\xff\xff\xff" + bytes(5),
        header(20, 1) + struct.pack(">ih", 1, -1) + bytes(4),
        header(3, 4) + struct.pack(">ih", 1, -1) + bytes(1),
    ],
    ids=["list", "list-of-topics", "element", "name"],
)
async def test_null_where_the_protocol_has_none_closes_the_connection(
    broker: EmbeddedBroker, connect: Connect, data: bytes
) -> None:
    async with undisturbed(broker):
        client = await connect(broker)
        await client.send_bytes(framed(data))
        assert await client.is_closed_by_broker(5)
