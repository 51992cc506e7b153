"""What a node that is a cluster by itself, without security, tells admin tools. The same calls to both brokers."""

import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
from kafka.protocol.admin import (
    AlterPartitionReassignmentsRequest,
    CreateAclsRequest,
    DeleteAclsRequest,
    DescribeAclsRequest,
    DescribeClientQuotasRequest,
    DescribeTopicPartitionsRequest,
    DescribeUserScramCredentialsRequest,
    ElectLeadersRequest,
    ListConfigResourcesRequest,
    ListPartitionReassignmentsRequest,
)
from kafka.protocol.consumer import ListOffsetsRequest

from tests.broker.transactions.conftest import PARTITIONS, create_topic
from tests.broker.wire import WireClient
from tests.kafka_cluster import Cluster
from tui.broker.errors import ErrorCode

TOPIC, BROKER, CLIENT_METRICS = 2, 4, 16
ANY, READ, ALLOW = 1, 3, 3
LITERAL = 3
PREFERRED = 0


@pytest.fixture
async def wire(cluster: Cluster) -> AsyncIterator[WireClient]:
    host, _, port = cluster.bootstrap_servers.rpartition(":")
    async with WireClient(host, int(port)) as wire:
        yield wire


@pytest.fixture
async def topic(wire: WireClient) -> str:
    """A topic of three partitions."""
    name = f"topic-{uuid.uuid4().hex[:8]}"
    await create_topic(wire, name)
    return name


async def test_without_an_authorizer_every_call_about_acls_is_refused(wire: WireClient) -> None:
    creation = CreateAclsRequest.AclCreation(
        resource_type=TOPIC,
        resource_name="t",
        resource_pattern_type=LITERAL,
        principal="User:a",
        host="*",
        operation=READ,
        permission_type=ALLOW,
    )
    removal = DeleteAclsRequest.DeleteAclsFilter(
        resource_type_filter=ANY,
        resource_name_filter=None,
        pattern_type_filter=ANY,
        principal_filter=None,
        host_filter=None,
        operation=ANY,
        permission_type=ANY,
    )
    created = await wire.ask(CreateAclsRequest(creations=[creation, creation]), 3)
    assert [each.error_code for each in created.results] == [ErrorCode.SECURITY_DISABLED] * 2
    deleted = await wire.ask(DeleteAclsRequest(filters=[removal]), 3)
    assert [each.error_code for each in deleted.filter_results] == [ErrorCode.SECURITY_DISABLED]
    described = await wire.ask(
        DescribeAclsRequest(
            resource_type_filter=ANY,
            resource_name_filter=None,
            pattern_type_filter=ANY,
            principal_filter=None,
            host_filter=None,
            operation=ANY,
            permission_type=ANY,
        ),
        3,
    )
    assert (described.error_code, described.resources) == (ErrorCode.SECURITY_DISABLED, [])
    assert "No Authorizer is configured" in described.error_message


async def test_no_partition_needs_another_leader(wire: WireClient, topic: str) -> None:
    partitions = [ElectLeadersRequest.TopicPartitions(topic=topic, partitions=[0, 2, PARTITIONS])]
    request = ElectLeadersRequest(election_type=PREFERRED, topic_partitions=partitions, timeout_ms=10_000)
    answer = await wire.ask(request, 2)
    assert answer.error_code == ErrorCode.NONE
    assert {each.partition_id: each.error_code for each in answer.replica_election_results[0].partition_result} == {
        0: ErrorCode.ELECTION_NOT_NEEDED,
        2: ErrorCode.ELECTION_NOT_NEEDED,
        PARTITIONS: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
    }
    everything = ElectLeadersRequest(election_type=PREFERRED, topic_partitions=None, timeout_ms=10_000)
    results = (await wire.ask(everything, 2)).replica_election_results
    assert topic in [each.topic for each in results]
    assert all(each.partition_result == [] for each in results)


@pytest.mark.parametrize(
    ("partition", "replicas", "code"),
    [
        (0, [1], ErrorCode.NONE),
        (0, None, ErrorCode.NO_REASSIGNMENT_IN_PROGRESS),
        (0, [1, 2], ErrorCode.INVALID_REPLICA_ASSIGNMENT),
        (0, [99], ErrorCode.INVALID_REPLICA_ASSIGNMENT),
        (0, [], ErrorCode.INVALID_REPLICA_ASSIGNMENT),
        (PARTITIONS, [1], ErrorCode.UNKNOWN_TOPIC_OR_PARTITION),
    ],
)
async def test_a_partition_can_only_be_put_where_it_is(
    wire: WireClient, topic: str, partition: int, replicas: list[int] | None, code: ErrorCode
) -> None:
    reassignable = AlterPartitionReassignmentsRequest.ReassignableTopic
    wanted = reassignable(
        name=topic,
        partitions=[reassignable.ReassignablePartition(partition_index=partition, replicas=replicas)],
    )
    answer = await wire.ask(AlterPartitionReassignmentsRequest(timeout_ms=10_000, topics=[wanted]), 0)
    assert answer.error_code == ErrorCode.NONE
    assert [each.error_code for each in answer.responses[0].partitions] == [code]


async def test_no_partition_is_being_reassigned(wire: WireClient, topic: str) -> None:
    partitions = ListPartitionReassignmentsRequest.ListPartitionReassignmentsTopics(name=topic, partition_indexes=[0])
    for topics in (None, [partitions]):
        answer = await wire.ask(ListPartitionReassignmentsRequest(timeout_ms=10_000, topics=topics), 0)
        assert (answer.error_code, answer.topics) == (ErrorCode.NONE, [])


async def describe(wire: WireClient, *names: str, limit: int = 2000, cursor: tuple[str, int] | None = None) -> Any:
    """DescribeTopicPartitions."""
    request = DescribeTopicPartitionsRequest(
        topics=[DescribeTopicPartitionsRequest.TopicRequest(name=name) for name in names],
        response_partition_limit=limit,
        cursor=cursor and DescribeTopicPartitionsRequest.Cursor(topic_name=cursor[0], partition_index=cursor[1]),
    )
    return await wire.ask(request, 0)


async def test_the_partitions_of_topics_are_described(wire: WireClient, topic: str) -> None:
    answer = await describe(wire, topic, "no-such-topic", "not legal")
    found = {each.name: each for each in answer.topics}
    assert found["no-such-topic"].error_code == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
    assert found["not legal"].error_code == ErrorCode.INVALID_TOPIC_EXCEPTION
    assert (found[topic].error_code, answer.next_cursor) == (ErrorCode.NONE, None)
    described = [
        (each.partition_index, each.leader_id, each.replica_nodes, each.isr_nodes, each.eligible_leader_replicas)
        for each in found[topic].partitions
    ]
    assert described == [(index, 1, [1], [1], []) for index in range(PARTITIONS)]
    assert topic in [each.name for each in (await describe(wire)).topics]


async def test_partitions_are_described_page_by_page(wire: WireClient, topic: str) -> None:
    other = f"{topic}-other"
    await create_topic(wire, other)
    pages: list[list[tuple[str, int]]] = []
    cursor: tuple[str, int] | None = None
    while len(pages) < 4:
        answer = await describe(wire, topic, other, limit=2, cursor=cursor)
        pages.append([(each.name, part.partition_index) for each in answer.topics for part in each.partitions])
        if answer.next_cursor is None:
            break
        cursor = answer.next_cursor.topic_name, answer.next_cursor.partition_index
    assert pages == [
        [(topic, 0), (topic, 1)],
        [(topic, 2), (other, 0)],
        [(other, 1), (other, 2)],
    ]


async def test_topics_and_the_broker_are_listed_as_what_has_configurations(wire: WireClient, topic: str) -> None:
    async def listed(version: int, *types: int) -> Any:
        return await wire.ask(ListConfigResourcesRequest(resource_types=list(types)), version)

    found = {(each.resource_type, each.resource_name) for each in (await listed(1)).config_resources}
    assert {(TOPIC, topic), (BROKER, "1")} <= found
    assert {each.resource_type for each in (await listed(1, TOPIC)).config_resources} == {TOPIC}
    assert (await listed(1, CLIENT_METRICS)).config_resources == []
    assert (await listed(0)).config_resources == []
    refused = await listed(1, 99)
    assert (refused.error_code, refused.config_resources) == (ErrorCode.UNSUPPORTED_VERSION, [])


async def test_nobody_has_a_quota_or_a_password(wire: WireClient) -> None:
    quotas = await wire.ask(DescribeClientQuotasRequest(components=[], strict=False), 1)
    assert (quotas.error_code, quotas.entries) == (ErrorCode.NONE, [])
    nobody = DescribeUserScramCredentialsRequest.UserName(name="nobody")
    described = await wire.ask(DescribeUserScramCredentialsRequest(users=[nobody]), 0)
    assert described.error_code == ErrorCode.NONE
    assert [(each.user, each.error_code) for each in described.results] == [("nobody", ErrorCode.RESOURCE_NOT_FOUND)]
    assert (await wire.ask(DescribeUserScramCredentialsRequest(users=None), 0)).results == []


async def test_a_partition_that_is_named_twice_is_not_looked_up(wire: WireClient, topic: str) -> None:
    named = ListOffsetsRequest.ListOffsetsTopic
    first, last = (
        [named.ListOffsetsPartition(partition_index=number, current_leader_epoch=-1, timestamp=time) for number in both]
        for both, time in (((0, 1), 0), ((1, 2), -1))
    )
    asked = [named(name=topic, partitions=first), named(name=topic, partitions=last)]
    answer = await wire.ask(ListOffsetsRequest(replica_id=-1, isolation_level=0, topics=asked), 5)
    found = {(each.partition_index, each.error_code) for one in answer.topics for each in one.partitions}
    assert found == {(0, ErrorCode.NONE), (1, ErrorCode.INVALID_REQUEST), (2, ErrorCode.NONE)}
