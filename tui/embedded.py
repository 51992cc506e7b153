"""Where the cluster is: given, or the embedded broker, of this process or of another kcalc that listens already."""

import errno
import re
from typing import TYPE_CHECKING

from tui.settings import Settings

if TYPE_CHECKING:
    from tui.broker import BrokerSettings, EmbeddedBroker

_LOOK_AT_NEIGHBOUR_S = 3.0
_EMBEDDED_CLUSTER_ID = re.compile(r"[0-9a-f]{22}")  # Apache Kafka's are base64


class NoEmbeddedBroker(Exception):
    """It cannot be had at its address; the message says why and what to change."""


def broker_settings(settings: Settings) -> "BrokerSettings":
    """The embedded broker as the configuration wants it."""
    from tui.broker import BrokerSettings

    kafka, topics = settings.kafka, settings.topics
    return BrokerSettings(
        host=kafka.embedded_host,
        port=kafka.embedded_port,
        default_partitions=topics.partitions,
        retention_bytes=topics.retention_mb << 20,
        retention_ms=round(topics.retention_hours * 3_600_000),
    )


async def cluster_address(settings: Settings, starts_broker: bool) -> "tuple[str, EmbeddedBroker | None]":
    """HOST:PORT of the cluster, and the broker if it was started here; `starts_broker`: it is if there is none yet.

    Raises NoEmbeddedBroker.
    """
    kafka = settings.kafka
    if not kafka.embedded:
        return kafka.bootstrap_servers, None
    address = f"{kafka.embedded_host}:{kafka.embedded_port}"
    if not starts_broker:
        return address, None
    from tui.broker import EmbeddedBroker

    broker = EmbeddedBroker(broker_settings(settings))
    try:
        await broker.start()
    except OSError as error:
        await _check_neighbour(settings, address, error)
        return address, None
    return broker.bootstrap_servers, broker


async def _check_neighbour(settings: Settings, address: str, error: OSError) -> None:
    """Return if the embedded broker of another kcalc listens there. Raises NoEmbeddedBroker otherwise."""
    advice = "set kafka.embedded_port (or KCALC_KAFKA__EMBEDDED_PORT) to another port"
    if error.errno != errno.EADDRINUSE:
        raise NoEmbeddedBroker(f"the embedded broker cannot listen on {address}: {error.strerror}; {advice}") from error
    from tui.clients.connection import Connection
    from tui.clients.neighbour import cluster_id

    found = await cluster_id(Connection(settings.kafka, address), _LOOK_AT_NEIGHBOUR_S)
    if found is None or not _EMBEDDED_CLUSTER_ID.fullmatch(found):
        raise NoEmbeddedBroker(f"{address} is in use by something that is no kcalc broker: {advice}") from error
