"""Creating, growing, finding and deleting topics, message by message."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from kafka.protocol.admin import (
    CreatePartitionsRequest,
    CreateTopicsRequest,
    DeleteTopicsRequest,
)
from kafka.protocol.metadata import MetadataRequest

from tests.broker.conftest import Connect, StartBroker
from tests.broker.wire import WireClient
from tui.broker import BrokerSettings, EmbeddedBroker
from tui.broker.errors import ErrorCode

TOPIC, BROKER = 2, 4
NO_ID = UUID(int=0)
SET, DELETE, APPEND, SUBTRACT = range(4)


@pytest.fixture
async def client(broker: EmbeddedBroker, connect: Connect) -> WireClient:
    return await connect(broker)


async def create(client: WireClient, name: str, validate_only: bool = False, **wanted: Any) -> Any:
    """CreateTopics for one topic; the answer for it."""
    topic = CreateTopicsRequest.CreatableTopic
    asked = topic(
        name=name,
        num_partitions=wanted.get("partitions", -1),
        replication_factor=wanted.get("replication", -1),
        assignments=[
            topic.CreatableReplicaAssignment(partition_index=index, broker_ids=nodes)
            for index, nodes in wanted.get("assignments", ())
        ],
        configs=[
            topic.CreatableTopicConfig(name=name, value=value) for name, value in wanted.get("configs", {}).items()
        ],
    )
    request = CreateTopicsRequest(topics=[asked], timeout_ms=1000, validate_only=validate_only)
    return (await client.ask(request, wanted.get("version", 7))).topics[0]


async def test_a_created_topic_has_what_was_asked_for(broker: EmbeddedBroker, client: WireClient) -> None:
    answer = await create(client, "orders", partitions=3, replication=1, configs={"retention.ms": "5000"})
    assert (answer.error_code, answer.num_partitions, answer.replication_factor) == (0, 3, 1)
    topic = broker.broker.topics.get("orders")
    assert topic is not None
    assert topic.id == answer.topic_id
    assert [partition.log.retention.max_age_ms for partition in topic.partitions] == [5000] * 3


@pytest.mark.parametrize("version", range(2, 8))
async def test_topics_are_created_in_every_version(client: WireClient, version: int) -> None:
    assert (await create(client, f"v{version}", partitions=1, replication=1, version=version)).error_code == 0


@pytest.mark.parametrize(
    ("name", "wanted", "code"),
    [
        ("taken", {}, ErrorCode.TOPIC_ALREADY_EXISTS),
        ("", {}, ErrorCode.INVALID_TOPIC_EXCEPTION),
        ("..", {}, ErrorCode.INVALID_TOPIC_EXCEPTION),
        ("a b", {}, ErrorCode.INVALID_TOPIC_EXCEPTION),
        ("x" * 250, {}, ErrorCode.INVALID_TOPIC_EXCEPTION),
        ("[bold]", {}, ErrorCode.INVALID_TOPIC_EXCEPTION),
        ("new", {"partitions": 0}, ErrorCode.INVALID_PARTITIONS),
        ("new", {"partitions": 1 << 30}, ErrorCode.POLICY_VIOLATION),
        ("new", {"replication": 3}, ErrorCode.INVALID_REPLICATION_FACTOR),
        ("new", {"configs": {"no.such": "1"}}, ErrorCode.INVALID_CONFIG),
        ("new", {"configs": {"retention.ms": "soon"}}, ErrorCode.INVALID_CONFIG),
        ("new", {"configs": {"retention.ms": None}}, ErrorCode.INVALID_CONFIG),
        ("new", {"configs": {"retention.bytes": "-2"}}, ErrorCode.INVALID_CONFIG),
        ("new", {"configs": {"cleanup.policy": "burn"}}, ErrorCode.INVALID_CONFIG),
        ("new", {"assignments": [(0, [99])]}, ErrorCode.INVALID_REPLICA_ASSIGNMENT),
        ("new", {"assignments": [(1, [1])]}, ErrorCode.INVALID_REPLICA_ASSIGNMENT),
        ("new", {"assignments": [(0, [1])], "partitions": 1}, ErrorCode.INVALID_REQUEST),
    ],
)
async def test_what_cannot_be_created_is_refused_with_a_reason(
    broker: EmbeddedBroker, client: WireClient, name: str, wanted: dict[str, Any], code: ErrorCode
) -> None:
    broker.broker.topics.create("taken", 1, {})
    answer = await create(client, name, **wanted)
    assert answer.error_code == code
    assert answer.error_message
    assert [topic.name for topic in broker.broker.topics] == ["taken"]


async def test_a_topic_can_be_laid_out_by_hand(client: WireClient) -> None:
    assert (await create(client, "laid", assignments=[(0, [1]), (1, [1])])).num_partitions == 2


async def test_validating_creates_nothing(broker: EmbeddedBroker, client: WireClient) -> None:
    assert (await create(client, "perhaps", validate_only=True)).error_code == 0
    assert broker.broker.topics.get("perhaps") is None


async def test_topics_are_deleted_by_name_and_by_id(broker: EmbeddedBroker, client: WireClient) -> None:
    named, known = (broker.broker.topics.create(name, 1, {}) for name in ("named", "known"))
    await client.ask(DeleteTopicsRequest(topic_names=[named.name], timeout_ms=1000), 5)
    state = DeleteTopicsRequest.DeleteTopicState
    topics = [state(name=None, topic_id=known.id), state(name=None, topic_id=uuid4()), state(name="no", topic_id=NO_ID)]
    answers = (await client.ask(DeleteTopicsRequest(topics=topics, timeout_ms=1000), 6)).responses
    assert [answer.error_code for answer in answers] == [
        ErrorCode.NONE,
        ErrorCode.UNKNOWN_TOPIC_ID,
        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
    ]
    assert answers[0].name == "known"
    assert not list(broker.broker.topics)


async def test_partitions_can_be_added_but_not_taken_away(broker: EmbeddedBroker, client: WireClient) -> None:
    topic = broker.broker.topics.create("orders", 2, {})

    async def grow(name: str, count: int) -> int:
        wanted = CreatePartitionsRequest.CreatePartitionsTopic(name=name, count=count, assignments=None)
        request = CreatePartitionsRequest(topics=[wanted], timeout_ms=1000, validate_only=False)
        code: int = (await client.ask(request, 3)).results[0].error_code
        return code

    assert await grow("orders", 4) == ErrorCode.NONE
    assert await grow("orders", 3) == ErrorCode.INVALID_PARTITIONS
    assert await grow("orders", 1 << 30) == ErrorCode.POLICY_VIOLATION
    assert await grow("nowhere", 3) == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
    assert len(topic.partitions) == 4


@pytest.mark.parametrize("version", range(13))
async def test_metadata_creates_unknown_topics_in_every_version(client: WireClient, version: int) -> None:
    wanted = MetadataRequest.MetadataRequestTopic(name="fresh", topic_id=NO_ID)
    request = MetadataRequest(topics=[wanted], allow_auto_topic_creation=True)
    answer = await client.ask(request, version)
    assert [(topic.error_code, topic.name, len(topic.partitions)) for topic in answer.topics] == [(0, "fresh", 2)]
    everything = MetadataRequest(topics=[] if version == 0 else None, allow_auto_topic_creation=False)
    assert [topic.name for topic in (await client.ask(everything, version)).topics] == ["fresh"]


async def test_metadata_finds_topics_by_id(broker: EmbeddedBroker, client: WireClient) -> None:
    topic = broker.broker.topics.create("orders", 1, {})
    wanted = [MetadataRequest.MetadataRequestTopic(name=None, topic_id=each) for each in (topic.id, uuid4())]
    answer = await client.ask(MetadataRequest(topics=wanted, allow_auto_topic_creation=False), 12)
    assert [(each.error_code, each.name) for each in answer.topics] == [
        (ErrorCode.NONE, "orders"),
        (ErrorCode.UNKNOWN_TOPIC_ID, None),
    ]


async def test_topics_are_not_created_when_the_client_or_the_broker_does_not_want_it(
    start_broker: StartBroker, connect: Connect
) -> None:
    broker = await start_broker(BrokerSettings(auto_create_topics=False))
    client = await connect(broker)
    wanted = MetadataRequest.MetadataRequestTopic(name="fresh", topic_id=NO_ID)
    for allowed in (True, False):
        answer = await client.ask(MetadataRequest(topics=[wanted], allow_auto_topic_creation=allowed), 9)
        assert answer.topics[0].error_code == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
