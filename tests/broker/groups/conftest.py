"""A broker with short sessions, and a topic of six partitions in it."""

from collections.abc import AsyncIterator

import pytest

from tui.broker import BrokerSettings, EmbeddedBroker

TOPIC = "requests"
PARTITIONS = 6


@pytest.fixture
async def broker() -> AsyncIterator[EmbeddedBroker]:
    settings = BrokerSettings(initial_rebalance_delay_s=0.05, min_session_timeout_s=0.5)
    async with EmbeddedBroker(settings) as started:
        started.broker.topics.create(TOPIC, PARTITIONS, {})
        yield started
