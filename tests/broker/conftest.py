"""Brokers to test against, each on a port of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from tests.broker.wire import WireClient
from tui.broker import BrokerSettings, EmbeddedBroker

StartBroker = Callable[[BrokerSettings], Awaitable[EmbeddedBroker]]
Connect = Callable[[EmbeddedBroker], Awaitable[WireClient]]


@pytest.fixture
async def broker() -> AsyncIterator[EmbeddedBroker]:
    """A running broker with default settings, but that topics have two partitions."""
    async with EmbeddedBroker(BrokerSettings(default_partitions=2)) as broker:
        yield broker


@pytest.fixture
async def start_broker() -> AsyncIterator[StartBroker]:
    """Starts brokers with settings of the test's choice."""
    async with AsyncExitStack() as running:

        async def start(settings: BrokerSettings) -> EmbeddedBroker:
            return await running.enter_async_context(EmbeddedBroker(settings))

        yield start


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """Opens connections that speak one protocol message at a time."""
    async with AsyncExitStack() as open_clients:

        async def connect(broker: EmbeddedBroker) -> WireClient:
            return await open_clients.enter_async_context(WireClient("127.0.0.1", broker.port))

        yield connect
