"""Describing and changing configurations, message by message."""

import uuid
from typing import Any

import pytest
from kafka.protocol.admin import (
    AlterConfigsRequest,
    DescribeConfigsRequest,
    IncrementalAlterConfigsRequest,
)

from tests.broker.conftest import Connect
from tests.broker.transactions.conftest import create_topic
from tests.broker.wire import WireClient
from tests.kafka_cluster import Cluster
from tui.broker import EmbeddedBroker
from tui.broker.errors import ErrorCode

TOPIC, BROKER = 2, 4
SET, DELETE, APPEND, SUBTRACT = range(4)


@pytest.fixture
async def client(broker: EmbeddedBroker, connect: Connect) -> WireClient:
    return await connect(broker)


async def describe(client: WireClient, kind: int, name: str, *keys: str) -> Any:
    """DescribeConfigs for one resource; the answer for it."""
    resource = DescribeConfigsRequest.DescribeConfigsResource(
        resource_type=kind, resource_name=name, configuration_keys=list(keys) or None
    )
    request = DescribeConfigsRequest(resources=[resource], include_synonyms=True, include_documentation=False)
    return (await client.ask(request, 4)).results[0]


async def alter(client: WireClient, name: str, *changes: tuple[str, int, str | None], kind: int = TOPIC) -> Any:
    """IncrementalAlterConfigs for one resource; the answer for it."""
    resource = IncrementalAlterConfigsRequest.AlterConfigsResource
    configs = [
        resource.AlterableConfig(name=key, config_operation=operation, value=value) for key, operation, value in changes
    ]
    asked = resource(resource_type=kind, resource_name=name, configs=configs)
    return (await client.ask(IncrementalAlterConfigsRequest(resources=[asked], validate_only=False), 1)).responses[0]


async def test_a_topics_configurations_are_described_with_their_source(
    broker: EmbeddedBroker, client: WireClient
) -> None:
    broker.broker.topics.create("orders", 1, {"retention.ms": "5000"})
    described = await describe(client, TOPIC, "orders")
    found = {config.name: config for config in described.configs}
    assert (found["retention.ms"].value, found["retention.ms"].config_source) == ("5000", 1)
    assert (found["cleanup.policy"].value, found["cleanup.policy"].config_source) == ("delete", 5)
    default = str(broker.settings.retention_ms)
    assert [(each.value, each.source) for each in found["retention.ms"].synonyms] == [("5000", 1), (default, 5)]
    assert [(each.value, each.source) for each in found["cleanup.policy"].synonyms] == [("delete", 5)]
    assert [config.name for config in (await describe(client, TOPIC, "orders", "retention.ms")).configs] == [
        "retention.ms"
    ]
    assert (await describe(client, TOPIC, "nowhere")).error_code == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION


async def test_the_broker_describes_what_it_was_started_with(broker: EmbeddedBroker, client: WireClient) -> None:
    found = {config.name: config.value for config in (await describe(client, BROKER, "1")).configs}
    assert (found["num.partitions"], found["auto.create.topics.enable"]) == ("2", "true")
    assert found["advertised.listeners"] == f"PLAINTEXT://{broker.bootstrap_servers}"
    assert (await describe(client, BROKER, "9")).error_code == ErrorCode.INVALID_REQUEST


async def test_single_configurations_are_set_removed_and_edited(broker: EmbeddedBroker, client: WireClient) -> None:
    topic = broker.broker.topics.create("orders", 1, {"retention.ms": "5000"})
    changes = ("retention.bytes", SET, "1000"), ("retention.ms", DELETE, None), ("cleanup.policy", APPEND, "compact")
    assert (await alter(client, "orders", *changes)).error_code == ErrorCode.NONE
    assert topic.overrides == {"retention.bytes": "1000", "cleanup.policy": "delete,compact"}
    assert topic.partitions[0].log.retention.max_bytes == 1000
    await alter(client, "orders", ("cleanup.policy", SUBTRACT, "delete"))
    assert topic.configs["cleanup.policy"] == "compact"


async def test_a_list_may_lose_its_last_word(cluster: Cluster) -> None:
    host, _, port = cluster.bootstrap_servers.rpartition(":")
    name = f"topic-{uuid.uuid4().hex[:8]}"
    async with WireClient(host, int(port)) as wire:
        await create_topic(wire, name)
        for changes, value in (((SUBTRACT, "delete"), ""), ((APPEND, "compact"), "compact"), ((SET, ""), "")):
            assert (await alter(wire, name, ("cleanup.policy", *changes))).error_code == ErrorCode.NONE
            assert [config.value for config in (await describe(wire, TOPIC, name, "cleanup.policy")).configs] == [value]


async def test_removing_what_a_broker_was_not_given_is_no_error(cluster: Cluster) -> None:
    host, _, port = cluster.bootstrap_servers.rpartition(":")
    async with WireClient(host, int(port)) as wire:
        answer = await alter(wire, "1", ("leader.replication.throttled.rate", DELETE, None), kind=BROKER)
        assert answer.error_code == ErrorCode.NONE


async def test_a_wrong_configuration_changes_nothing(broker: EmbeddedBroker, client: WireClient) -> None:
    topic = broker.broker.topics.create("orders", 1, {"retention.ms": "5000"})
    answers = [
        await alter(client, "orders", ("retention.ms", SET, "9"), ("no.such", SET, "1")),
        await alter(client, "orders", ("retention.ms", APPEND, "9")),
        await alter(client, "orders", ("retention.ms", SET, "8"), ("retention.ms", SET, "9")),
        await alter(client, "orders", ("retention.ms", 9, "8")),
        await alter(client, "1", ("num.partitions", SET, "8"), kind=BROKER),
    ]
    assert ErrorCode.NONE not in [answer.error_code for answer in answers]
    assert topic.overrides == {"retention.ms": "5000"}


async def test_legacy_alter_configs_replaces_all_of_them(broker: EmbeddedBroker, client: WireClient) -> None:
    topic = broker.broker.topics.create("orders", 1, {"retention.ms": "5000"})
    resource = AlterConfigsRequest.AlterConfigsResource
    asked = resource(
        resource_type=TOPIC,
        resource_name="orders",
        configs=[resource.AlterableConfig(name="retention.bytes", value="1000")],
    )
    for validate_only, overrides in ((True, {"retention.ms": "5000"}), (False, {"retention.bytes": "1000"})):
        request = AlterConfigsRequest(resources=[asked], validate_only=validate_only)
        assert (await client.ask(request, 2)).responses[0].error_code == ErrorCode.NONE
        assert topic.overrides == overrides
