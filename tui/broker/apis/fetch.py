"""Fetch (1): record batches from given offsets on, waiting for them when there are too few."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kafka.protocol.consumer import FetchResponse

from tui.broker.api import Api, RequestContext
from tui.broker.batch import LEADER_EPOCH, next_offset
from tui.broker.errors import ErrorCode, KafkaError
from tui.broker.topics import Partition

if TYPE_CHECKING:
    from tui.broker.broker import Broker

READ_COMMITTED = 1
NO_OFFSET = -1


@dataclass(frozen=True, slots=True)
class Wanted:
    """One partition of a fetch and what stands against it; `partition` is None if it does not exist."""

    topic: str
    index: int
    offset: int
    max_bytes: int
    leader_epoch: int
    committed: bool
    partition: Partition | None

    @property
    def error(self) -> ErrorCode:
        if self.partition is None or self.partition.is_deleted:
            return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
        if self.leader_epoch > LEADER_EPOCH:
            return ErrorCode.UNKNOWN_LEADER_EPOCH
        log = self.partition.log
        if not log.start_offset <= self.offset <= log.end_offset:
            return ErrorCode.OFFSET_OUT_OF_RANGE
        return ErrorCode.NONE

    @property
    def available_bytes(self) -> int:
        """How many bytes may be read now; with read_committed, those before the last stable offset."""
        if self.partition is None or self.error:
            return 0
        log = self.partition.log
        available = log.available_bytes(self.offset)
        if self.committed:
            available -= log.available_bytes(self.partition.last_stable_offset)
        return max(available, 0)


async def handle(broker: Broker, request: Any, context: RequestContext) -> Any:
    """Answers at once if min_bytes are there or a partition has an error, else after max_wait at the latest.

    Every fetch is a full one: the session id 0 in the answer says that there are no sessions here (KIP-227).
    """
    if request.session_id != 0:
        return FetchResponse(throttle_time_ms=0, error_code=ErrorCode.FETCH_SESSION_ID_NOT_FOUND, responses=[])
    wanted = _wanted(broker, request)
    wait_s = min(max(request.max_wait_ms, 0) / 1000, broker.settings.max_fetch_wait_s)
    if wait_s > 0 and not _is_ready(wanted, request.min_bytes):
        await _wait(wanted, request.min_bytes, wait_s, context.closed)
        wanted = _wanted(broker, request)
    if context.closed.is_set():
        return None
    return _answer(wanted, min(request.max_bytes, broker.settings.max_response_bytes))


def _wanted(broker: Broker, request: Any) -> list[Wanted]:
    return [
        Wanted(
            topic=topic.topic,
            index=partition.partition,
            offset=partition.fetch_offset,
            max_bytes=partition.partition_max_bytes,
            leader_epoch=partition.current_leader_epoch,
            committed=request.isolation_level == READ_COMMITTED,
            partition=broker.topics.partition(topic.topic, partition.partition),
        )
        for topic in request.topics
        for partition in topic.partitions
    ]


def _is_ready(wanted: list[Wanted], min_bytes: int) -> bool:
    available = 0
    for item in wanted:
        if item.error:
            return True
        try:
            available += item.available_bytes
        except KafkaError:
            return True  # the answer, which needs the same bytes, says why
    return available >= min_bytes


async def _wait(wanted: list[Wanted], min_bytes: int, wait_s: float, closed: asyncio.Event) -> None:
    """Until the fetch is ready, a partition goes, the time is over or the client is gone."""
    ready = asyncio.Event()

    def look_again() -> None:
        if _is_ready(wanted, min_bytes):
            ready.set()

    partitions = [item.partition for item in wanted if item.partition is not None]
    for partition in partitions:
        partition.waiters.add(look_again)
    waits = [asyncio.ensure_future(ready.wait()), asyncio.ensure_future(closed.wait())]
    try:
        await asyncio.wait(waits, timeout=wait_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        for partition in partitions:
            partition.waiters.discard(look_again)


def _answer(wanted: list[Wanted], max_bytes: int) -> Any:
    left = max_bytes
    by_topic: dict[str, list[Any]] = {}
    for item in wanted:
        records, error = b"", item.error
        if item.partition is not None and not error and (left > 0 or left == max_bytes):
            try:
                records = _read(item.partition, item, left)
            except KafkaError as refusal:
                error = refusal.code
            left -= len(records)
        by_topic.setdefault(item.topic, []).append(_partition_answer(item, error, records))
    return FetchResponse(
        throttle_time_ms=0,
        error_code=ErrorCode.NONE,
        session_id=0,
        responses=[
            FetchResponse.FetchableTopicResponse(topic=topic, partitions=partitions)
            for topic, partitions in by_topic.items()
        ],
    )


def _read(partition: Partition, item: Wanted, max_bytes: int) -> bytes:
    available = item.available_bytes
    return partition.log.read(item.offset, min(item.max_bytes, max_bytes, available)) if available else b""


def _partition_answer(item: Wanted, error: ErrorCode, records: bytes) -> Any:
    partition = item.partition
    log = partition.log if partition is not None else None
    return FetchResponse.FetchableTopicResponse.PartitionData(
        partition_index=item.index,
        error_code=error,
        high_watermark=log.end_offset if log else NO_OFFSET,
        last_stable_offset=partition.last_stable_offset if partition else NO_OFFSET,
        log_start_offset=log.start_offset if log else NO_OFFSET,
        aborted_transactions=_aborted(item, records) if item.committed else None,
        preferred_read_replica=-1,
        records=records,
    )


def _aborted(item: Wanted, records: bytes) -> list[Any]:
    """The aborted transactions that reach into `records`, whose data the consumer has to leave out."""
    if item.partition is None or not records:
        return []
    transactions = item.partition.transactions
    if not transactions.any_aborted_since(item.offset):
        return []
    return [
        FetchResponse.FetchableTopicResponse.PartitionData.AbortedTransaction(
            producer_id=aborted.producer_id, first_offset=aborted.first_offset
        )
        for aborted in transactions.aborted(item.offset, next_offset(records))
    ]


API = Api(key=1, min_version=4, max_version=11, handle=handle)
