"""The requests of a transactional producer, one call each, against whichever broker."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kafka.protocol.admin import DescribeTransactionsRequest
from kafka.protocol.producer import (
    AddOffsetsToTxnRequest,
    AddPartitionsToTxnRequest,
    EndTxnRequest,
    InitProducerIdRequest,
    TxnOffsetCommitRequest,
)

from tests.broker.transactions.answers import NOBODY, NONE, Producer, eventually, settled
from tests.broker.transactions.reads import Reads
from tests.broker.wire import WireClient, record_batch

COMMIT, ABORT = True, False


@dataclass(frozen=True)
class Calls:
    """A transactional id, a topic and a group that no other test has, and a connection to use them on.

    The versions are the first ones with all of today's error codes.
    """

    wire: WireClient
    transactional_id: str
    topic: str
    group_id: str

    @property
    def reads(self) -> Reads:
        return Reads(self.wire, self.topic, self.group_id)

    def other(self) -> Calls:
        """The same topic and group under another transactional id."""
        return Calls(self.wire, f"{self.transactional_id}-{uuid.uuid4().hex[:4]}", self.topic, self.group_id)

    async def init(self, timeout_ms: int = 60_000, known: Producer = NOBODY, version: int = 4) -> tuple[int, Producer]:
        """InitProducerId, asked once; `known` is what a producer that goes on names as its own (KIP-360)."""
        request = InitProducerIdRequest(
            transactional_id=self.transactional_id,
            transaction_timeout_ms=timeout_ms,
            producer_id=known.id,
            producer_epoch=known.epoch,
        )
        answer = await self.wire.ask(request, version)
        return answer.error_code, Producer(answer.producer_id, answer.producer_epoch)

    async def init_settled(self, timeout_ms: int = 60_000, known: Producer = NOBODY) -> tuple[int, Producer]:
        """InitProducerId, as often as it takes."""
        return await settled(lambda: self.init(timeout_ms, known), lambda answer: answer[0])

    async def started(self, timeout_ms: int = 60_000) -> Producer:
        """A new incarnation of the producer."""
        error, producer = await self.init_settled(timeout_ms)
        assert error == NONE
        return producer

    async def add(self, producer: Producer, *partitions: int, version: int = 3) -> int:
        """AddPartitionsToTxn; the one error code of all partitions."""
        errors = set((await self.add_each(producer, {self.topic: list(partitions)}, version)).values())
        assert len(errors) == 1
        return errors.pop()

    async def add_each(
        self, producer: Producer, partitions: Mapping[str, list[int]], version: int = 3
    ) -> dict[tuple[str, int], int]:
        """AddPartitionsToTxn; the error code of each partition."""
        request = AddPartitionsToTxnRequest(
            v3_and_below_transactional_id=self.transactional_id,
            v3_and_below_producer_id=producer.id,
            v3_and_below_producer_epoch=producer.epoch,
            v3_and_below_topics=[
                AddPartitionsToTxnRequest.AddPartitionsToTxnTopic(name=name, partitions=indexes)
                for name, indexes in partitions.items()
            ],
        )

        async def ask() -> dict[tuple[str, int], int]:
            answer = await self.wire.ask(request, version)
            return {
                (topic.name, partition.partition_index): partition.partition_error_code
                for topic in answer.results_by_topic_v3_and_below
                for partition in topic.results_by_partition
            }

        return await settled(ask, lambda answer: next(iter(answer.values())))

    async def produce(
        self,
        producer: Producer,
        sequence: int,
        *values: bytes,
        partition: int = 0,
        transactional: bool = True,
        named: bool = True,
    ) -> tuple[int, int]:
        """One batch; error code and base offset. Its time is now, or a marker behind it would begin a segment."""
        now_ms = time.time_ns() // 1_000_000
        batch = record_batch(
            *values,
            timestamps=[now_ms] * len(values),
            producer_id=producer.id,
            epoch=producer.epoch,
            sequence=sequence,
            transactional=transactional,
        )
        transactional_id = self.transactional_id if transactional and named else None
        answer = await self.wire.produce(self.topic, partition, batch, transactional_id=transactional_id)
        return answer.error_code, answer.base_offset

    async def add_offsets(self, producer: Producer, version: int = 3) -> int:
        """AddOffsetsToTxn."""
        request = AddOffsetsToTxnRequest(
            transactional_id=self.transactional_id,
            producer_id=producer.id,
            producer_epoch=producer.epoch,
            group_id=self.group_id,
        )
        return await self._error_code(request, version)

    async def commit_offsets(
        self,
        producer: Producer,
        offsets: Mapping[int, int],
        version: int = 3,
        generation: int = -1,
        member_id: str = "",
        group_instance_id: str | None = None,
    ) -> dict[int, int]:
        """TxnOffsetCommit of partitions of the topic; the error code of each."""
        topic_class = TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic
        partitions = [
            topic_class.TxnOffsetCommitRequestPartition(
                partition_index=index, committed_offset=offset, committed_metadata=""
            )
            for index, offset in offsets.items()
        ]
        request = TxnOffsetCommitRequest(
            transactional_id=self.transactional_id,
            group_id=self.group_id,
            producer_id=producer.id,
            producer_epoch=producer.epoch,
            generation_id=generation,
            member_id=member_id,
            group_instance_id=group_instance_id,
            topics=[topic_class(name=self.topic, partitions=partitions)],
        )

        async def ask() -> dict[int, int]:
            answer = await self.wire.ask(request, version)
            return {each.partition_index: each.error_code for topic in answer.topics for each in topic.partitions}

        return await settled(ask, lambda errors: next(iter(errors.values())))

    async def end(self, producer: Producer, committed: bool, version: int = 3) -> int:
        """EndTxn; the markers may follow later."""
        request = EndTxnRequest(
            transactional_id=self.transactional_id,
            producer_id=producer.id,
            producer_epoch=producer.epoch,
            committed=committed,
        )
        return await self._error_code(request, version)

    async def finish(self, producer: Producer, committed: bool) -> None:
        """EndTxn, and wait until every marker is written."""
        assert await self.end(producer, committed) == NONE
        await self.completed()

    async def completed(self) -> None:
        """Wait until the transaction has ended with every marker."""
        await eventually(self.described, lambda described: str(described.transaction_state).startswith("Complete"))

    async def described(self) -> Any:
        """DescribeTransactions."""
        request = DescribeTransactionsRequest(transactional_ids=[self.transactional_id])
        return (await self.wire.ask(request, 0)).transaction_states[0]

    async def _error_code(self, request: Any, version: int) -> int:
        async def ask() -> int:
            return int((await self.wire.ask(request, version)).error_code)

        return await settled(ask, lambda error: error)
