"""Offsets, sizes and what the broker says of itself, message by message."""

import pytest
from kafka.protocol.admin import (
    DeleteRecordsRequest,
    DescribeClusterRequest,
    DescribeLogDirsRequest,
)
from kafka.protocol.consumer import ListOffsetsRequest, OffsetForLeaderEpochRequest
from kafka.protocol.metadata import ApiVersionsRequest

from tests.broker.conftest import Connect
from tests.broker.wire import WireClient, record_batch
from tui.broker import EmbeddedBroker
from tui.broker.errors import ErrorCode

TOPIC, BROKER = 2, 4
SET, DELETE, APPEND, SUBTRACT = range(4)


@pytest.fixture
async def client(broker: EmbeddedBroker, connect: Connect) -> WireClient:
    return await connect(broker)


async def test_records_are_deleted_up_to_an_offset(broker: EmbeddedBroker, client: WireClient) -> None:
    broker.broker.topics.create("orders", 1, {})
    await client.produce("orders", 0, record_batch(b"a", b"b", b"c"))

    async def delete(offset: int, partition: int = 0) -> tuple[int, int]:
        topic = DeleteRecordsRequest.DeleteRecordsTopic
        wanted = topic.DeleteRecordsPartition(partition_index=partition, offset=offset)
        request = DeleteRecordsRequest(topics=[topic(name="orders", partitions=[wanted])], timeout_ms=1000)
        answer = (await client.ask(request, 2)).topics[0].partitions[0]
        return answer.error_code, answer.low_watermark

    assert await delete(2) == (ErrorCode.NONE, 2)
    assert await delete(4) == (ErrorCode.OFFSET_OUT_OF_RANGE, -1)
    assert await delete(0, partition=7) == (ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, -1)
    assert await delete(-1) == (ErrorCode.NONE, 3)
    assert (await client.fetch("orders", 0, 2)).error_code == ErrorCode.OFFSET_OUT_OF_RANGE


async def test_offsets_are_listed_by_end_and_by_time(broker: EmbeddedBroker, client: WireClient) -> None:
    broker.broker.topics.create("orders", 1, {})
    await client.produce("orders", 0, record_batch(b"a", b"b", b"c", timestamps=[10, 30, 20], codec=1))

    async def listed(timestamp: int, partition: int = 0) -> tuple[int, int, int]:
        topic = ListOffsetsRequest.ListOffsetsTopic
        wanted = topic.ListOffsetsPartition(partition_index=partition, current_leader_epoch=-1, timestamp=timestamp)
        request = ListOffsetsRequest(
            replica_id=-1, isolation_level=1, topics=[topic(name="orders", partitions=[wanted])]
        )
        answer = (await client.ask(request, 7)).topics[0].partitions[0]
        return answer.error_code, answer.offset, answer.timestamp

    assert await listed(-1) == (0, 3, -1)
    assert await listed(-2) == (0, 0, -1)
    assert await listed(-3) == (0, 1, 30)
    assert await listed(15) == (0, 1, 30)
    assert await listed(31) == (0, -1, -1)
    assert await listed(-1, partition=9) == (ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, -1, -1)


async def test_the_only_leader_epoch_ends_with_the_log(broker: EmbeddedBroker, client: WireClient) -> None:
    broker.broker.topics.create("orders", 1, {})
    await client.produce("orders", 0, record_batch(b"a", b"b"))

    async def end_of(epoch: int) -> tuple[int, int]:
        topic = OffsetForLeaderEpochRequest.OffsetForLeaderTopic
        wanted = topic.OffsetForLeaderPartition(partition=0, current_leader_epoch=-1, leader_epoch=epoch)
        request = OffsetForLeaderEpochRequest(replica_id=-1, topics=[topic(topic="orders", partitions=[wanted])])
        answer = (await client.ask(request, 4)).topics[0].partitions[0]
        return answer.leader_epoch, answer.end_offset

    assert await end_of(0) == (0, 2)
    assert await end_of(5) == (-1, -1)


async def test_the_cluster_is_this_broker(broker: EmbeddedBroker, client: WireClient) -> None:
    request = DescribeClusterRequest(include_cluster_authorized_operations=False, endpoint_type=1)
    answer = await client.ask(request, 1)
    assert [(node.host, node.port) for node in answer.brokers] == [("127.0.0.1", broker.port)]
    assert answer.cluster_id == broker.broker.cluster_id


async def test_log_directories_tell_the_size_of_partitions(broker: EmbeddedBroker, client: WireClient) -> None:
    broker.broker.topics.create("orders", 2, {})
    batch = record_batch(b"x" * 100)
    await client.produce("orders", 1, batch)
    results = (await client.ask(DescribeLogDirsRequest(topics=None), 4)).results
    assert [each.partition_size for each in results[0].topics[0].partitions] == [0, len(batch)]


@pytest.mark.parametrize("version", range(5))
async def test_api_versions_are_answered_in_every_version(client: WireClient, version: int) -> None:
    request = ApiVersionsRequest(client_software_name="wire", client_software_version="1")
    answer = await client.ask(request, version)
    spoken = {api.api_key: (api.min_version, api.max_version) for api in answer.api_keys}
    assert answer.error_code == 0
    assert spoken[18] == (0, 4)
    assert {0, 1, 2, 3, 19, 20, 21, 22, 23, 32, 33, 35, 37, 44, 60} <= spoken.keys()
