"""Where partitions begin and end."""

import time

from tests.kafka_cluster import Cluster, admin_of, connection_to, fresh_settings
from tui.clients import topics
from tui.clients.connection import RETRY_BACKOFF_MS, closed, started
from tui.clients.offsets import Span, spans

TOPICS = 50


async def test_many_topics_are_looked_at_together(cluster: Cluster) -> None:
    """aiokafka would learn of one topic after the other, and wait before each."""
    prefix = fresh_settings(cluster).topics.requests
    names = [f"{prefix}-{number}" for number in range(TOPICS)]
    async with admin_of(cluster) as admin:
        await topics.ensure(admin, [topics.NewTopicPlan(name, 1, 1) for name in names])
        reader = connection_to(cluster).reader("test-reader")
        try:
            await started(reader)
            began = time.monotonic()
            found = await spans(reader, {name: [0] for name in names})
            took_s = time.monotonic() - began
        finally:
            await closed(reader, 1.0)
            await topics.delete(admin, names)
    assert found == {name: {0: Span(0, 0)} for name in names}
    assert took_s < TOPICS * RETRY_BACKOFF_MS / 1_000
