"""CreateTopics (19)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any
from uuid import UUID

from kafka.protocol.admin import CreateTopicsResponse

from tui.broker.api import Api, RequestContext
from tui.broker.configs import TOPIC_CONFIGS, ConfigSource
from tui.broker.errors import ErrorCode, KafkaError
from tui.broker.topics import Topic

if TYPE_CHECKING:
    from tui.broker.broker import Broker

BY_DEFAULT = -1
REPLICATION_FACTOR = 1
NO_ID = UUID(int=0)


async def handle(broker: Broker, request: Any, context: RequestContext) -> Any:
    times = Counter(topic.name for topic in request.topics)
    return CreateTopicsResponse(
        throttle_time_ms=0,
        topics=[_answer(broker, topic, times[topic.name] > 1, request.validate_only) for topic in request.topics],
    )


def _answer(broker: Broker, wanted: Any, repeated: bool, validate_only: bool) -> Any:
    try:
        if repeated:
            raise KafkaError(ErrorCode.INVALID_REQUEST, "the request names this topic more than once")
        partitions = _partition_count(broker, wanted)
        topic = _create(broker, wanted, partitions, validate_only)
    except KafkaError as error:
        return CreateTopicsResponse.CreatableTopicResult(
            name=wanted.name,
            topic_id=NO_ID,
            error_code=error.code,
            error_message=error.message,
            num_partitions=-1,
            replication_factor=-1,
            configs=None,
        )
    return CreateTopicsResponse.CreatableTopicResult(
        name=topic.name,
        topic_id=NO_ID if validate_only else topic.id,
        error_code=ErrorCode.NONE,
        error_message=None,
        num_partitions=partitions,
        replication_factor=REPLICATION_FACTOR,
        configs=[_config(topic, name) for name in sorted(TOPIC_CONFIGS)],
    )


def _create(broker: Broker, wanted: Any, partitions: int, validate_only: bool) -> Topic:
    """The topic; one that is only validated has no partitions, which would cost as much as those of a real one."""
    overrides = {config.name: config.value for config in wanted.configs}
    if validate_only:
        checked = broker.topics.check_new(wanted.name, partitions, overrides)
        return Topic(wanted.name, 0, checked, broker.settings, broker.storage)
    return broker.topics.create(wanted.name, partitions, overrides)


def _partition_count(broker: Broker, wanted: Any) -> int:
    if wanted.assignments:
        return _assigned_partitions(broker, wanted)
    if wanted.replication_factor not in (REPLICATION_FACTOR, BY_DEFAULT):
        raise KafkaError(
            ErrorCode.INVALID_REPLICATION_FACTOR,
            f"replication factor {wanted.replication_factor}; there is one broker, so it must be 1",
        )
    partitions: int = wanted.num_partitions
    return broker.settings.default_partitions if partitions == BY_DEFAULT else partitions


def _assigned_partitions(broker: Broker, wanted: Any) -> int:
    if wanted.num_partitions != BY_DEFAULT or wanted.replication_factor != BY_DEFAULT:
        raise KafkaError(ErrorCode.INVALID_REQUEST, "assignments exclude partition count and replication factor")
    indexes = sorted(assignment.partition_index for assignment in wanted.assignments)
    if indexes != list(range(len(indexes))):
        raise KafkaError(ErrorCode.INVALID_REPLICA_ASSIGNMENT, "partitions must be numbered from 0 without gaps")
    if any(assignment.broker_ids != [broker.node_id] for assignment in wanted.assignments):
        raise KafkaError(ErrorCode.INVALID_REPLICA_ASSIGNMENT, f"the only broker is {broker.node_id}")
    return len(indexes)


def _config(topic: Topic, name: str) -> Any:
    return CreateTopicsResponse.CreatableTopicResult.CreatableTopicConfigs(
        name=name,
        value=topic.configs[name],
        read_only=False,
        config_source=ConfigSource.TOPIC if name in topic.overrides else ConfigSource.DEFAULT,
        is_sensitive=False,
    )


API = Api(key=19, min_version=2, max_version=7, handle=handle)
