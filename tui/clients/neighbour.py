"""Who answers at an address where an embedded broker might be."""

import asyncio
import logging

from aiokafka.errors import KafkaError

from tui.clients.connection import Connection, closed, started
from tui.clients.reasons import reason

log = logging.getLogger(__name__)


async def cluster_id(connection: Connection, within_s: float) -> str | None:
    """The id of the cluster that answers there; None if no Kafka broker does within `within_s` seconds."""
    admin = connection.admin()
    try:
        async with asyncio.timeout(within_s):
            await started(admin)
            found: str | None = (await admin.describe_cluster())["cluster_id"]
            return found
    except (KafkaError, OSError, TimeoutError) as error:
        log.info("no Kafka broker at %s: %s", connection.bootstrap_servers, reason(error))
        return None
    finally:
        await closed(admin, within_s)
