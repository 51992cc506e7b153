"""What hostile clients send, and the client that must not notice."""

import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.broker.wire import WireClient, record_batch
from tui.broker import EmbeddedBroker


def header(api_key: int, version: int, client_id: bytes = b"evil") -> bytes:
    return struct.pack(">hhih", api_key, version, 1, len(client_id)) + client_id


def framed(request: bytes) -> bytes:
    return struct.pack(">i", len(request)) + request


@asynccontextmanager
async def undisturbed(broker: EmbeddedBroker) -> AsyncIterator[WireClient]:
    """A client that works before, during and after what the others do."""
    async with WireClient("127.0.0.1", broker.port) as client:
        if broker.broker.topics.get("work") is None:
            broker.broker.topics.create("work", 1, {})
        assert (await client.produce("work", 0, record_batch(b"before"))).error_code == 0
        yield client
        assert (await client.produce("work", 0, record_batch(b"after"))).error_code == 0
        assert (await client.fetch("work", 0, 0)).error_code == 0
