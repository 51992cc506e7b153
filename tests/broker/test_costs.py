"""Small requests that would cost much, and strings that would not fit into answers: both are bounded."""

import struct
from typing import Any

import pytest
from kafka.protocol.admin import (
    CreateTopicsRequest,
    DescribeConfigsRequest,
    DescribeGroupsRequest,
    IncrementalAlterConfigsRequest,
    ListGroupsRequest,
)
from kafka.protocol.consumer import ListOffsetsRequest, OffsetCommitRequest
from kafka.protocol.metadata import MetadataRequest

from tests.broker.conftest import Connect
from tests.broker.groups.harness import Coordinator
from tests.broker.hostile import undisturbed
from tests.broker.wire import WireClient, record_batch
from tests.fuzz.batches import checked
from tui.broker import EmbeddedBroker
from tui.broker.dispatch import MAX_ELEMENTS
from tui.broker.errors import ErrorCode
from tui.broker.groups.member import MEMBER_BYTES
from tui.broker.groups.settings import GroupSettings
from tui.broker.records import MAX_RECORDS, record_times

TOPIC = 2
APPEND = 2
MAX_TIMESTAMP = -3
LAST_OFFSET_DELTA_AT, FIRST_TIMESTAMP_AT, RECORD_COUNT_AT = 23, 27, 57


@pytest.fixture
async def client(broker: EmbeddedBroker, connect: Connect) -> WireClient:
    return await connect(broker)


def metadata(names: list[str]) -> Any:
    topic = MetadataRequest.MetadataRequestTopic
    return MetadataRequest(topics=[topic(name=name) for name in names], allow_auto_topic_creation=False)


async def test_a_request_with_too_many_elements_closes_the_connection(broker: EmbeddedBroker, connect: Connect) -> None:
    client = await connect(broker)
    async with undisturbed(broker):
        names = [str(index) for index in range(MAX_ELEMENTS)]
        assert len((await client.ask(metadata(names), 4)).topics) == MAX_ELEMENTS
        await client.send(metadata([*names, "one more"]), 4)
        assert await client.is_closed_by_broker(5)


async def test_what_is_named_repeatedly_is_described_once(broker: EmbeddedBroker, client: WireClient) -> None:
    broker.broker.topics.create("large", 1000, {})
    assert len((await client.ask(metadata(["large"] * 1000), 4)).topics) == 1
    resource = DescribeConfigsRequest.DescribeConfigsResource
    resources = [resource(resource_type=TOPIC, resource_name="large", configuration_keys=None) for _ in range(1000)]
    request = DescribeConfigsRequest(resources=resources, include_synonyms=False)
    assert len((await client.ask(request, 1)).results) == 1
    assert len((await client.ask(DescribeGroupsRequest(groups=["group"] * 1000), 0)).groups) == 1


async def test_topics_that_are_only_validated_are_told_of_their_partitions_without_having_any(
    broker: EmbeddedBroker, client: WireClient
) -> None:
    topic = CreateTopicsRequest.CreatableTopic
    topics = [
        topic(name=f"large-{index}", num_partitions=10_000, replication_factor=1, assignments=[], configs=[])
        for index in range(100)
    ]
    answer = await client.ask(CreateTopicsRequest(topics=topics, timeout_ms=1000, validate_only=True), 7)
    assert {each.num_partitions for each in answer.topics} == {10_000}


async def test_partitions_are_counted_through_creation_growth_and_deletion(broker: EmbeddedBroker) -> None:
    topics = broker.broker.topics
    limit = broker.settings.max_partitions
    grown = topics.create("grown", 1, {})
    topics.grow(grown, limit - 1)
    topics.check_room(1)
    topics.create("last", 1, {})
    with pytest.raises(Exception, match="0 more fit in"):
        topics.check_room(1)
    topics.delete(grown)
    topics.check_room(limit - 1)


async def test_what_a_client_sent_is_quoted_as_far_as_it_fits(broker: EmbeddedBroker, client: WireClient) -> None:
    topic = CreateTopicsRequest.CreatableTopic
    config = topic.CreatableTopicConfig(name="\x01" * 30_000, value="1")
    asked = topic(name="new", num_partitions=1, replication_factor=1, assignments=[], configs=[config])
    answer = await client.ask(CreateTopicsRequest(topics=[asked], timeout_ms=1000, validate_only=False), 2)
    assert answer.topics[0].error_code == ErrorCode.INVALID_CONFIG


async def test_a_configuration_cannot_be_added_to_for_ever(broker: EmbeddedBroker, client: WireClient) -> None:
    broker.broker.topics.create("orders", 1, {})
    resource = IncrementalAlterConfigsRequest.AlterConfigsResource
    codes = []
    for step in range(5):
        words = ",".join(" " * (index + 10 * step) + "compact" for index in range(10))
        config = resource.AlterableConfig(name="cleanup.policy", config_operation=APPEND, value=words)
        asked = resource(resource_type=TOPIC, resource_name="orders", configs=[config])
        request = IncrementalAlterConfigsRequest(resources=[asked], validate_only=False)
        codes.append((await client.ask(request, 1)).responses[0].error_code)
    assert codes[0] == ErrorCode.NONE
    assert codes[-1] == ErrorCode.INVALID_CONFIG


async def test_a_group_whose_name_older_clients_could_not_read_is_refused(
    broker: EmbeddedBroker, client: WireClient
) -> None:
    broker.broker.topics.create("orders", 1, {})
    topic = OffsetCommitRequest.OffsetCommitRequestTopic
    partition = topic.OffsetCommitRequestPartition(
        partition_index=0, committed_offset=1, committed_leader_epoch=-1, committed_metadata=""
    )
    request = OffsetCommitRequest(
        group_id="g" * 40_000,
        generation_id_or_member_epoch=-1,
        member_id="",
        group_instance_id=None,
        topics=[topic(name="orders", partitions=[partition])],
    )
    answer = await client.ask(request, 8)
    assert answer.topics[0].partitions[0].error_code == ErrorCode.INVALID_GROUP_ID
    assert (await client.ask(ListGroupsRequest(), 0)).groups == []


@pytest.mark.parametrize("names", [{"instance": "i" * 2000}, {"protocol_type": "t" * 2000}])
def test_names_of_members_are_bounded(names: dict[str, str]) -> None:
    assert Coordinator().join(**names).value.error is ErrorCode.INVALID_REQUEST  # type: ignore[arg-type]


def test_names_and_number_of_protocols_are_bounded() -> None:
    kafka = Coordinator()
    assert kafka.join(protocols={"p" * 2000: b""}).value.error is ErrorCode.INVALID_REQUEST
    many = {f"protocol-{index}": b"" for index in range(101)}
    assert kafka.join(protocols=many).value.error is ErrorCode.INVALID_REQUEST
    assert kafka.join(group_id="g" * 2000).value.error is ErrorCode.INVALID_GROUP_ID


def test_what_the_members_of_all_groups_have_is_bounded() -> None:
    kafka = Coordinator(GroupSettings(max_state_bytes=3 * MEMBER_BYTES, initial_rebalance_delay_s=0.1))
    metadata = {"range": bytes(MEMBER_BYTES // 2)}
    first = kafka.join(version=3, protocols=metadata)
    assert kafka.join(version=3, protocols=metadata, group_id="another").is_parked
    assert kafka.join(version=3, protocols=metadata, group_id="third").value.error is ErrorCode.GROUP_MAX_SIZE_REACHED
    kafka.time.run(1)
    assert kafka.join(first.value.member_id, protocols=metadata).value.error is ErrorCode.NONE


def test_an_assignment_beyond_what_all_members_may_have_is_refused() -> None:
    kafka = Coordinator(GroupSettings(max_state_bytes=3 * MEMBER_BYTES, initial_rebalance_delay_s=0.1))
    member_id, _ = kafka.enter()
    kafka.time.run(1)
    assert kafka.sync(member_id, 1, {member_id: bytes(3 * MEMBER_BYTES)}).value.error is ErrorCode.INVALID_REQUEST
    assert kafka.sync(member_id, 1, {member_id: b"little"}).value.assignment == b"little"


async def test_a_time_that_no_record_can_have_is_answered_by_the_header(
    broker: EmbeddedBroker, client: WireClient
) -> None:
    broker.broker.topics.create("orders", 1, {})
    latest = (1 << 63) - 1
    batch = bytearray(record_batch(b"a", b"b"))
    struct.pack_into(">qq", batch, FIRST_TIMESTAMP_AT, latest, latest)
    assert (await client.produce("orders", 0, checked(batch))).error_code == 0
    topic = ListOffsetsRequest.ListOffsetsTopic
    partition = topic.ListOffsetsPartition(partition_index=0, current_leader_epoch=-1, timestamp=MAX_TIMESTAMP)
    asked = topic(name="orders", partitions=[partition])
    answer = await client.ask(ListOffsetsRequest(replica_id=-1, isolation_level=0, topics=[asked]), 7)
    found = answer.topics[0].partitions[0]
    assert (found.error_code, found.offset, found.timestamp) == (0, 1, latest)


def test_a_batch_of_too_many_records_is_not_read() -> None:
    batch = bytearray(record_batch(*[b""] * 10, codec=4))
    assert len(list(record_times(bytes(batch)))) == 10
    struct.pack_into(">i", batch, LAST_OFFSET_DELTA_AT, MAX_RECORDS)
    struct.pack_into(">i", batch, RECORD_COUNT_AT, MAX_RECORDS + 1)
    assert [record.offset for record in record_times(bytes(batch))] == [MAX_RECORDS]


async def test_batches_whose_headers_claim_a_time_are_not_all_looked_into(
    broker: EmbeddedBroker, client: WireClient
) -> None:
    log = broker.broker.topics.create("orders", 1, {}).partitions[0].log
    batch = bytearray(record_batch(b"x", timestamps=[5]))
    struct.pack_into(">q", batch, FIRST_TIMESTAMP_AT + 8, 1 << 40)
    for _ in range(3):
        assert (await client.produce("orders", 0, checked(batch))).error_code == 0
    assert log.first_at_or_after(1 << 30) == (0, 1 << 40)
