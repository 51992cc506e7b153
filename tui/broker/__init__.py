"""The embedded broker: the Kafka protocol, server side, one node, nothing that outlives it."""

from tui.broker.embedded import EmbeddedBroker
from tui.broker.settings import BrokerSettings

__all__ = ["BrokerSettings", "EmbeddedBroker"]
