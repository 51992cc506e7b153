"""IncrementalAlterConfigs (44): sets, removes and edits single configurations of a topic (KIP-339)."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

from kafka.protocol.admin import IncrementalAlterConfigsResponse

from tui.broker.api import Api, RequestContext
from tui.broker.configs import TOPIC_CONFIGS, ConfigType, listed
from tui.broker.errors import ErrorCode, KafkaError
from tui.broker.resources import BROKER_RESOURCE, alterable_topic, configure, each_once
from tui.broker.topics import Topic

if TYPE_CHECKING:
    from tui.broker.broker import Broker


class Operation(IntEnum):
    """What an alteration does with its configuration; the last two are for lists."""

    SET = 0
    DELETE = 1
    APPEND = 2
    SUBTRACT = 3


async def handle(broker: Broker, request: Any, context: RequestContext) -> Any:
    return IncrementalAlterConfigsResponse(
        throttle_time_ms=0,
        responses=[_answer(broker, resource, request.validate_only) for resource in each_once(request.resources)],
    )


def _answer(broker: Broker, resource: Any, validate_only: bool) -> Any:
    code, message = ErrorCode.NONE, None
    try:
        if not _changes_nothing(resource):
            topic = alterable_topic(broker, resource)
            configure(topic, _altered(topic, resource.configs), validate_only)
    except KafkaError as error:
        code, message = error.code, error.message
    return IncrementalAlterConfigsResponse.AlterConfigsResourceResponse(
        error_code=code,
        error_message=message,
        resource_type=resource.resource_type,
        resource_name=resource.resource_name,
    )


def _changes_nothing(resource: Any) -> bool:
    """A broker has nothing that could be removed; kafka-reassign-partitions does so when it has verified."""
    removals = all(alteration.config_operation == Operation.DELETE for alteration in resource.configs)
    return resource.resource_type == BROKER_RESOURCE and removals


def _altered(topic: Topic, alterations: list[Any]) -> dict[str, str | None]:
    names = [alteration.name for alteration in alterations]
    if len(set(names)) < len(names):
        raise KafkaError(ErrorCode.INVALID_REQUEST, "the request names a configuration more than once")
    overrides: dict[str, str | None] = dict(topic.overrides)
    for alteration in alterations:
        name, value = alteration.name, alteration.value
        match alteration.config_operation:
            case Operation.SET:
                overrides[name] = value
            case Operation.DELETE:
                overrides.pop(name, None)
            case Operation.APPEND | Operation.SUBTRACT as operation:
                overrides[name] = _edited(topic, name, value or "", adding=operation == Operation.APPEND)
            case operation:
                raise KafkaError(ErrorCode.INVALID_REQUEST, f"unknown operation {operation}")
    return overrides


def _edited(topic: Topic, name: str, value: str, adding: bool) -> str:
    """A list with the words of `value` added or taken out."""
    if name not in TOPIC_CONFIGS or TOPIC_CONFIGS[name].type is not ConfigType.LIST:
        raise KafkaError(ErrorCode.INVALID_CONFIG, f"{name} is no list")
    words, given = listed(topic.configs[name]), listed(value)
    if adding:
        return ",".join(words + [word for word in given if word not in words])
    return ",".join(word for word in words if word not in given)


API = Api(key=44, min_version=0, max_version=1, handle=handle)
