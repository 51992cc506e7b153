"""The resources that have configurations (KIP-133), and changing those of a topic."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from tui.broker import configs
from tui.broker.errors import ErrorCode, KafkaError
from tui.broker.topics import Topic

if TYPE_CHECKING:
    from tui.broker.broker import Broker

TOPIC_RESOURCE = 2
BROKER_RESOURCE = 4


def each_once(resources: Iterable[Any]) -> Collection[Any]:
    """Of the resources that are the same, however many, the last one: what one costs is not multiplied."""
    return {(resource.resource_type, resource.resource_name): resource for resource in resources}.values()


def find_topic(broker: Broker, resource: Any) -> Topic:
    """The topic that a resource names, else KafkaError."""
    topic = broker.topics.get(resource.resource_name)
    if topic is None:
        raise KafkaError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, f"unknown topic {resource.resource_name!r}")
    return topic


def alterable_topic(broker: Broker, resource: Any) -> Topic:
    """As find_topic; KafkaError for a broker, whose configurations stand when it starts."""
    if resource.resource_type != TOPIC_RESOURCE:
        raise KafkaError(ErrorCode.INVALID_REQUEST, "only the configurations of topics can be changed here")
    return find_topic(broker, resource)


def configure(topic: Topic, overrides: Mapping[str, str | None], validate_only: bool) -> None:
    """Give a topic these configurations and no others, or KafkaError INVALID_CONFIG."""
    checked = configs.checked(overrides)
    if not validate_only:
        topic.configure(checked)
