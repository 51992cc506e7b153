"""The proxy passes everything on, and disturbs as it is told."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from tests.faults.proxy import FAIR, Proxy, Weather
from tests.real_kafka import free_ports

WITHIN_S = 10.0
LONG = bytes(range(256)) * 2_000


class Echo:
    """A server that sends back what it gets, and counts who is there."""

    def __init__(self) -> None:
        self.open = 0
        self.ends = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        try:
            while data := await reader.read(4_096):
                writer.write(data)
                await writer.drain()
            self.ends += 1
        except ConnectionError:
            pass
        finally:
            self.open -= 1
            writer.close()


@pytest.fixture
async def echo() -> Echo:
    return Echo()


@pytest.fixture
async def proxy(echo: Echo) -> AsyncIterator[Proxy]:
    """A proxy in front of `echo`."""
    (port,) = free_ports(1)
    async with await asyncio.start_server(echo, "127.0.0.1", 0) as server:
        with Proxy(port, server.sockets[0].getsockname()) as proxy:
            yield proxy


class Client:
    """A connection through the proxy."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy

    async def __aenter__(self) -> "Client":
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self._proxy.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.transport.abort()

    async def echoed(self, data: bytes) -> float:
        """Send it, get it back unchanged; the seconds that took."""
        started = time.monotonic()
        self.writer.write(data)
        assert await self.read(len(data)) == data
        return time.monotonic() - started

    async def read(self, count: int) -> bytes:
        async with asyncio.timeout(WITHIN_S):
            return await self.reader.readexactly(count)

    async def ended(self) -> bool:
        """Wait until the connection ends; True, or TimeoutError."""
        async with asyncio.timeout(WITHIN_S):
            try:
                return await self.reader.read() == b""
            except ConnectionError:
                return True


async def test_everything_goes_through_unchanged_and_the_end_too(proxy: Proxy, echo: Echo) -> None:
    async with Client(proxy) as client:
        await client.echoed(LONG)
        client.writer.write_eof()
        assert await client.ended()
    assert echo.ends == 1


async def test_what_is_delayed_comes_late_and_in_order(proxy: Proxy) -> None:
    async with Client(proxy) as client:
        proxy.becomes(Weather(delay_s=0.1))
        assert await client.echoed(b"late") >= 0.2
        assert await client.echoed(LONG) >= 0.2


async def test_silence_ends_when_the_weather_becomes_fair(proxy: Proxy) -> None:
    async with Client(proxy) as client:
        await client.echoed(b"before")
        proxy.becomes(Weather(delay_s=3_600.0))
        client.writer.write(b"held")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await client.reader.read(1)
        proxy.becomes(FAIR)
        assert await client.read(4) == b"held"


async def test_a_trickle_changes_nothing_but_the_pace(proxy: Proxy) -> None:
    async with Client(proxy) as client:
        proxy.becomes(Weather(piece_bytes=7, pause_s=0.002))
        assert await client.echoed(bytes(700)) >= 0.2


async def test_a_cut_ends_every_connection_and_refuses_new_ones_until_fair(proxy: Proxy) -> None:
    async with Client(proxy) as client, Client(proxy) as other:
        await client.echoed(b"before")
        await other.echoed(b"before")
        proxy.becomes(Weather(refuses=True))
        assert proxy.cut() == 2
        assert await client.ended()
        assert await other.ended()
        async with Client(proxy) as refused:
            assert await refused.ended()
        proxy.becomes(FAIR)
        async with Client(proxy) as again:
            await again.echoed(b"after")


async def test_half_closed_towards_the_client_the_other_half_stays_open(proxy: Proxy, echo: Echo) -> None:
    async with Client(proxy) as client:
        await client.echoed(b"before")
        proxy.half_close(towards_broker=False)
        assert await client.ended()
        client.writer.write(b"to nobody")
        await client.writer.drain()
        assert echo.open == 1


async def test_half_closed_towards_the_broker_the_broker_sees_the_end(proxy: Proxy, echo: Echo) -> None:
    async with Client(proxy) as client:
        await client.echoed(b"before")
        proxy.half_close(towards_broker=True)
        assert await client.ended()
    assert echo.ends == 1
