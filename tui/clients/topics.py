"""Topics: created as configured if they are missing, respected as they are if they exist, described, deleted."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from aiokafka.admin import NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.admin.new_partitions import NewPartitions
from aiokafka.errors import TopicAlreadyExistsError, TopicAuthorizationFailedError, for_code

from tui.clients.aiokafka_types import Admin
from tui.clients.authorized import topic_operations
from tui.clients.permissions import Denied, Permission, refusal
from tui.settings import TopicSettings

LEADERS_WITHIN_S = 10.0
_LEADER_POLL_S = 0.02
MAX_REQUEST_MESSAGE_BYTES = 4 << 20
MAX_ANSWER_BYTES = MAX_REQUEST_MESSAGE_BYTES + (512 << 10)  # the largest request, and what an answer adds to it
_CONFIGS_READ = ("retention.ms", "retention.bytes", "max.message.bytes", "cleanup.policy")


@dataclass(frozen=True, slots=True)
class NewTopicPlan:
    """A topic to be created. `configs` are Kafka's own names and values."""

    name: str
    partitions: int
    replication: int
    configs: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TopicDescription:
    """A topic as the cluster describes it; `leaders` by partition, None where there is none."""

    name: str
    internal: bool
    replication: int
    leaders: dict[int, int | None]
    configs: dict[str, str] = field(default_factory=dict)

    @property
    def partitions(self) -> int:
        """How many partitions it has."""
        return len(self.leaders)


def plans(settings: TopicSettings) -> tuple[NewTopicPlan, ...]:
    """The three topics as the settings want them."""
    configs = {
        "retention.ms": str(int(settings.retention_hours * 3_600_000)),
        "retention.bytes": str(settings.retention_mb << 20),
        "max.message.bytes": str(MAX_REQUEST_MESSAGE_BYTES),
    }
    # Whatever a requests topic of ours accepts, the others must accept with our headers, or with the result.
    answers = configs | {"max.message.bytes": str(MAX_ANSWER_BYTES)}
    return (
        NewTopicPlan(settings.requests, settings.partitions, settings.replication, configs),
        NewTopicPlan(settings.results, settings.partitions, settings.replication, answers),
        NewTopicPlan(settings.dead_letters, settings.partitions, settings.replication, answers),
    )


def plan_for(settings: TopicSettings, name: str) -> NewTopicPlan:
    """How a topic of that name is created: one of kcalc's as the settings want it, any other like its requests."""
    own = plans(settings)
    return next((plan for plan in own if plan.name == name), replace(own[0], name=name))


async def ensure(admin: Admin, wanted: Sequence[NewTopicPlan]) -> tuple[str, ...]:
    """Create those of `wanted` that are missing and wait until every partition of all has a leader.

    Returns the names of those created. Raises KafkaError of the broker (its message names the topic), TimeoutError
    if a leader is missing for `LEADERS_WITHIN_S`.
    """
    present = await describe(admin)
    created = [plan for plan in wanted if plan.name not in present]
    await _check_visible(admin, [plan.name for plan in created])
    await create(admin, created)
    async with asyncio.timeout(LEADERS_WITHIN_S):
        while True:
            if _led(await describe(admin), wanted):
                return tuple(plan.name for plan in created)
            await asyncio.sleep(_LEADER_POLL_S)


async def _check_visible(admin: Admin, absent: Sequence[str]) -> None:
    """Raise Denied if one of them may exist, and only may not be seen."""
    if absent:
        for name, operations in (await topic_operations(admin, absent)).items():
            if operations is not None and "Describe" not in operations:
                raise Denied(Permission("Describe", "topic", name))


def _led(present: dict[str, TopicDescription], wanted: Sequence[NewTopicPlan]) -> bool:
    found = [present.get(plan.name) for plan in wanted]
    return all(topic is not None and topic.leaders and None not in topic.leaders.values() for topic in found)


async def create(admin: Admin, wanted: Sequence[NewTopicPlan]) -> None:
    """Create topics; one that appeared meanwhile is respected. Raises KafkaError of the broker."""
    if not wanted:
        return
    new = []
    for plan in wanted:
        topic = NewTopic(plan.name, plan.partitions, 1, topic_configs=plan.configs)
        topic.replication_factor = plan.replication  # its constructor refuses -1, the broker's default
        new.append(topic)
    response = await admin.create_topics(new)
    for name, code, *message in response.topic_errors:
        error = for_code(code)
        if code and error is not TopicAlreadyExistsError:
            what = message[0] if message and message[0] else error.__name__
            raise refusal(code, Permission("Create", "topic", name), f"topic {name}: {what}")


async def grow(admin: Admin, name: str, total: int) -> None:
    """Let a topic have `total` partitions, and wait until all have a leader. Raises KafkaError, TimeoutError."""
    try:
        await admin.create_partitions({name: NewPartitions(total_count=total)})
    except TopicAuthorizationFailedError:
        raise Denied(Permission("Alter", "topic", name)) from None
    async with asyncio.timeout(LEADERS_WITHIN_S):
        while True:
            topic = (await describe(admin)).get(name)
            if topic is not None and topic.partitions >= total and None not in topic.leaders.values():
                return
            await asyncio.sleep(_LEADER_POLL_S)


async def delete(admin: Admin, names: Sequence[str]) -> None:
    """Delete topics. Raises KafkaError of the broker, UnknownTopicOrPartitionError for one that is not there."""
    response = await admin.delete_topics(names)
    for name, code in response.topic_error_codes:
        if code:
            raise refusal(code, Permission("Delete", "topic", name), f"topic {name}")


async def restore(admin: Admin, plan: NewTopicPlan, present: TopicDescription) -> None:
    """Bring a topic that somebody else created back to `plan`: more partitions if it has fewer, and its configs.

    Raises KafkaError of the broker.
    """
    if present.partitions < plan.partitions:
        wanted = NewPartitions(total_count=plan.partitions)
        await admin.create_partitions({plan.name: wanted})
    for response in await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, plan.name, plan.configs)]):
        for code, message, *_ in response.resources:
            if code:
                raise refusal(code, Permission("Alter", "topic", plan.name), f"topic {plan.name}: {message or ''}")


async def describe(admin: Admin) -> dict[str, TopicDescription]:
    """All topics by name, without their configs.

    All of them are asked for, as asking by name makes brokers create what is missing (aiokafka cannot refuse that).
    """
    found = {}
    for topic in await admin.describe_topics(None):
        if topic["error_code"] == 0:
            found[topic["topic"]] = _description(topic)
    return found


def _description(topic: dict[str, object]) -> TopicDescription:
    partitions = topic["partitions"]
    assert isinstance(partitions, list)
    leaders = {part["partition"]: part["leader"] if part["leader"] >= 0 else None for part in partitions}
    replication = min((len(part["replicas"]) for part in partitions), default=0)
    return TopicDescription(str(topic["topic"]), bool(topic["is_internal"]), replication, dict(sorted(leaders.items())))


async def configs(admin: Admin, names: Sequence[str]) -> dict[str, dict[str, str]]:
    """The configs that matter to kcalc, by topic. Raises KafkaError of the broker."""
    found: dict[str, dict[str, str]] = {}
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    for response in await admin.describe_configs(resources):
        for code, message, _, name, entries in response.resources:
            if code:
                raise refusal(code, Permission("DescribeConfigs", "topic", name), f"topic {name}: {message or ''}")
            found[name] = {key: value for key, value, *_ in entries if key in _CONFIGS_READ}
    return found
