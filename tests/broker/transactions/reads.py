"""What a consumer asks a broker for, one call each, and what it gets to see of transactions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kafka.protocol.admin import DeleteRecordsRequest, DescribeProducersRequest
from kafka.protocol.consumer import ListOffsetsRequest, OffsetFetchRequest

from tests.broker.transactions.answers import NONE, Fetched, contents
from tests.broker.wire import WireClient
from tui.broker.batch import CONTROL_BIT, HEADER_BYTES, BatchHeader, read_header

LATEST, EARLIEST, MAX_TIMESTAMP, EARLIEST_LOCAL, LATEST_TIERED = -1, -2, -3, -4, -5


@dataclass(frozen=True)
class Reads:
    """One topic and one group, read over one connection."""

    wire: WireClient
    topic: str
    group_id: str

    async def fetch(self, offset: int = 0, partition: int = 0, committed: bool = True, **limits: int) -> Fetched:
        """What a consumer of that isolation level gets."""
        answer = await self.wire.fetch(self.topic, partition, offset, isolation_level=int(committed), **limits)
        assert answer.error_code == NONE
        aborted = answer.aborted_transactions
        return Fetched(
            contents(answer.records or b""),
            answer.high_watermark,
            answer.last_stable_offset,
            None if aborted is None else [(each.producer_id, each.first_offset) for each in aborted],
        )

    async def list_offset(self, timestamp: int, committed: bool = True, partition: int = 0, version: int = 7) -> int:
        """ListOffsets; the offset, -1 if there is none."""
        topic_class = ListOffsetsRequest.ListOffsetsTopic
        wanted = topic_class.ListOffsetsPartition(
            partition_index=partition, current_leader_epoch=-1, timestamp=timestamp
        )
        topics = [topic_class(name=self.topic, partitions=[wanted])]
        request = ListOffsetsRequest(replica_id=-1, isolation_level=int(committed), topics=topics, timeout_ms=5000)
        answer = (await self.wire.ask(request, version)).topics[0].partitions[0]
        assert answer.error_code == NONE
        return int(answer.offset)

    async def last_stable_offset(self, partition: int = 0) -> int:
        return await self.list_offset(LATEST, partition=partition)

    async def committed_offsets(
        self, partitions: Sequence[int] | None = (0,), stable: bool = True
    ) -> dict[int, tuple[int, int]]:
        """OffsetFetch, of all partitions if None; error code and offset of each."""
        group_class = OffsetFetchRequest.OffsetFetchRequestGroup
        topics: Any = None
        if partitions is not None:
            topics = [group_class.OffsetFetchRequestTopics(name=self.topic, partition_indexes=list(partitions))]
        request = OffsetFetchRequest(groups=[group_class(group_id=self.group_id, topics=topics)], require_stable=stable)
        answer = (await self.wire.ask(request, 8)).groups[0]
        assert answer.error_code == NONE
        return {
            each.partition_index: (each.error_code, each.committed_offset)
            for topic in answer.topics
            for each in topic.partitions
        }

    async def delete_before(self, offset: int) -> int:
        """DeleteRecords in partition 0; the low watermark."""
        topic_class = DeleteRecordsRequest.DeleteRecordsTopic
        wanted = topic_class.DeleteRecordsPartition(partition_index=0, offset=offset)
        request = DeleteRecordsRequest(topics=[topic_class(name=self.topic, partitions=[wanted])], timeout_ms=5000)
        answer = (await self.wire.ask(request, 2)).topics[0].partitions[0]
        assert answer.error_code == NONE
        return int(answer.low_watermark)

    async def last_marker(self, partition: int = 0) -> tuple[BatchHeader, bytes]:
        """The last batch of a partition, which is a control batch: its header and what follows it."""
        end = await self.list_offset(LATEST, committed=False, partition=partition)
        records = (await self.wire.fetch(self.topic, partition, end - 1)).records
        header = read_header(records)
        assert header.attributes & CONTROL_BIT
        return header, bytes(records[HEADER_BYTES:])

    async def producers(self) -> dict[int, tuple[int, int, int, int]]:
        """DescribeProducers of partition 0: by id the epochs of producer and coordinator, sequence, start offset."""
        topic = DescribeProducersRequest.TopicRequest(name=self.topic, partition_indexes=[0])
        answer = (await self.wire.ask(DescribeProducersRequest(topics=[topic]), 0)).topics[0].partitions[0]
        assert answer.error_code == NONE
        return {
            each.producer_id: (
                each.producer_epoch,
                each.coordinator_epoch,
                each.last_sequence,
                each.current_txn_start_offset,
            )
            for each in answer.active_producers
        }
