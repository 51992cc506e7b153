"""DescribeConfigs (32): a topic's configurations, and what this broker was started with."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, NamedTuple

from kafka.protocol.admin import DescribeConfigsResponse

from tui.broker.api import Api, RequestContext
from tui.broker.configs import TOPIC_CONFIGS, ConfigSource, ConfigType, defaults
from tui.broker.errors import ErrorCode, KafkaError
from tui.broker.resources import BROKER_RESOURCE, TOPIC_RESOURCE, each_once, find_topic

if TYPE_CHECKING:
    from tui.broker.broker import Broker


async def handle(broker: Broker, request: Any, context: RequestContext) -> Any:
    """One answer for each resource; between them, because there may be thousands, others are served."""
    results = []
    for resource in each_once(request.resources):
        results.append(_answer(broker, resource, request.include_synonyms))
        await asyncio.sleep(0)
    return DescribeConfigsResponse(throttle_time_ms=0, results=results)


def _answer(broker: Broker, resource: Any, include_synonyms: bool) -> Any:
    code, message, configs = ErrorCode.NONE, None, []
    try:
        wanted = resource.configuration_keys
        found = (
            _topic_configs(broker, resource)
            if resource.resource_type == TOPIC_RESOURCE
            else _broker_configs(broker, resource)
        )
        configs = [
            _config(config, resource.resource_type, include_synonyms)
            for config in found
            if not wanted or config.name in wanted
        ]
    except KafkaError as error:
        code, message = error.code, error.message
    return DescribeConfigsResponse.DescribeConfigsResult(
        error_code=code,
        error_message=message,
        resource_type=resource.resource_type,
        resource_name=resource.resource_name,
        configs=configs,
    )


class Found(NamedTuple):
    """One configuration; `default` is what an override replaces, None where there is no override."""

    name: str
    value: str
    kind: ConfigType
    source: ConfigSource
    default: str | None = None


def _topic_configs(broker: Broker, resource: Any) -> list[Found]:
    topic = find_topic(broker, resource)
    given = defaults(broker.settings)
    return [
        Found(name, topic.overrides[name], key.type, ConfigSource.TOPIC, default=given[name])
        if name in topic.overrides
        else Found(name, given[name], key.type, ConfigSource.DEFAULT)
        for name, key in sorted(TOPIC_CONFIGS.items())
    ]


def _broker_configs(broker: Broker, resource: Any) -> list[Found]:
    if resource.resource_type != BROKER_RESOURCE:
        raise KafkaError(ErrorCode.INVALID_REQUEST, "topics and brokers have configurations here")
    if resource.resource_name not in ("", str(broker.node_id)):
        raise KafkaError(ErrorCode.INVALID_REQUEST, f"the only broker is {broker.node_id}")
    settings = broker.settings
    listener = f"PLAINTEXT://{broker.host}:{broker.port}"
    values: dict[str, tuple[object, ConfigType]] = {
        "advertised.listeners": (listener, ConfigType.STRING),
        "auto.create.topics.enable": (str(settings.auto_create_topics).lower(), ConfigType.BOOLEAN),
        "broker.id": (broker.node_id, ConfigType.INT),
        "connections.max.idle.ms": (int(settings.max_idle_s * 1000), ConfigType.LONG),
        "default.replication.factor": (1, ConfigType.INT),
        "fetch.max.bytes": (settings.max_response_bytes, ConfigType.INT),
        "group.initial.rebalance.delay.ms": (int(settings.initial_rebalance_delay_s * 1000), ConfigType.INT),
        "group.min.session.timeout.ms": (int(settings.min_session_timeout_s * 1000), ConfigType.INT),
        "log.retention.bytes": (settings.retention_bytes, ConfigType.LONG),
        "log.retention.ms": (settings.retention_ms, ConfigType.LONG),
        "max.connections": (settings.max_connections, ConfigType.INT),
        "message.max.bytes": (settings.max_message_bytes, ConfigType.INT),
        "num.partitions": (settings.default_partitions, ConfigType.INT),
        "socket.request.max.bytes": (settings.max_request_bytes, ConfigType.INT),
    }
    return [Found(name, str(value), kind, ConfigSource.STATIC_BROKER) for name, (value, kind) in values.items()]


def _config(config: Found, resource_type: int, include_synonyms: bool) -> Any:
    """Synonyms are the values that the configuration would have, the one that counts first (KIP-226)."""
    result = DescribeConfigsResponse.DescribeConfigsResult.DescribeConfigsResourceResult
    synonyms = [(config.value, config.source)]
    if config.default is not None:
        synonyms.append((config.default, ConfigSource.DEFAULT))
    return result(
        name=config.name,
        value=config.value,
        read_only=resource_type == BROKER_RESOURCE,
        config_source=config.source,
        is_sensitive=False,
        synonyms=[
            result.DescribeConfigsSynonym(name=config.name, value=value, source=source) for value, source in synonyms
        ]
        if include_synonyms
        else [],
        config_type=config.kind,
        documentation=None,
    )


API = Api(key=32, min_version=1, max_version=4, handle=handle)
