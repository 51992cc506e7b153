"""Produce (0): checks record batches and appends them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka.protocol.producer import ProduceResponse

from tui.broker import batch as batches
from tui.broker.api import Api, RequestContext
from tui.broker.errors import CloseConnection, ErrorCode, KafkaError
from tui.broker.topics import Topic
from tui.broker.transactions import ProducerIdAndEpoch, TransactionCoordinator
from tui.broker.transactions.transaction import TopicPartition

if TYPE_CHECKING:
    from tui.broker.broker import Broker

NO_OFFSET = -1
NO_TIMESTAMP = -1
ACKS = (0, 1, -1)  # one replica: -1 (all) is the same as 1


async def handle(broker: Broker, request: Any, context: RequestContext) -> Any:
    """One batch per partition is appended or refused.

    With acks 0 there is no answer; a refusal then closes the connection, as in Kafka, so that the client
    notices.
    """
    responses = [
        ProduceResponse.TopicProduceResponse(
            name=topic.name,
            partition_responses=[_append(broker, request, topic.name, data) for data in topic.partition_data],
        )
        for topic in request.topic_data
    ]
    if request.acks != 0:
        return ProduceResponse(responses=responses, throttle_time_ms=0)
    if any(partition.error_code for topic in responses for partition in topic.partition_responses):
        raise CloseConnection("a batch sent with acks=0 was refused")
    return None


def _append(broker: Broker, request: Any, topic_name: str, data: Any) -> Any:
    try:
        if request.acks not in ACKS:
            raise KafkaError(ErrorCode.INVALID_REQUIRED_ACKS, f"acks {request.acks}; allowed: 0, 1, all")
        topic = broker.topics.get(topic_name)
        if topic is None:
            raise KafkaError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "unknown topic")
        return append(broker, request.transactional_id, topic, data.index, data.records)
    except KafkaError as error:
        return _answer(data.index, NO_OFFSET, NO_TIMESTAMP, NO_OFFSET, error)


def append(broker: Broker, transactional_id: str | None, topic: Topic, index: int, records: bytes | None) -> Any:
    """Append one batch and wake who waits for it; a repeated one gets the answer of its first time."""
    now_ms = broker.now_ms()
    partition = topic.partition(index)
    if partition is None:
        raise KafkaError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "unknown partition")
    header = batches.check(records, topic.max_message_bytes)
    is_transactional = bool(header.attributes & batches.TRANSACTIONAL_BIT)
    if is_transactional:
        _check_transaction(broker.transactions, transactional_id, header, (topic.name, index))
    log = partition.log
    duplicate = partition.producers.duplicate_of(header)
    append_time_ms = now_ms if topic.log_append_time else NO_TIMESTAMP
    if duplicate is not None:
        return _answer(index, duplicate.base_offset, duplicate.append_time_ms, log.start_offset)
    if not is_transactional and partition.transactions.first_offset_of(header.producer_id) is not None:
        raise KafkaError(ErrorCode.INVALID_TXN_STATE, "the producer has an open transaction in the partition")
    assert records is not None
    batch: bytes | bytearray = records
    if topic.log_append_time:
        batch = batches.stamped(records, header, now_ms)
        header = batches.read_header(batch)
    base_offset = log.append(batch, header, now_ms)
    partition.producers.remember(header, base_offset, append_time_ms)
    if is_transactional and header.producer_id != batches.NO_PRODUCER_ID:
        partition.transactions.appended(header.producer_id, base_offset)
    partition.wake()
    return _answer(index, base_offset, append_time_ms, log.start_offset)


def _check_transaction(
    transactions: TransactionCoordinator,
    transactional_id: str | None,
    header: batches.BatchHeader,
    partition: TopicPartition,
) -> None:
    """KafkaError unless the batch belongs to the open transaction of its producer."""
    if transactional_id is None:
        message = "the request names no transactional id"
        raise KafkaError(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, message)
    if header.producer_id != batches.NO_PRODUCER_ID:
        producer = ProducerIdAndEpoch(header.producer_id, header.producer_epoch)
        transactions.check_partition(transactional_id, producer, partition)


def _answer(
    index: int, base_offset: int, append_time_ms: int, start_offset: int, error: KafkaError | None = None
) -> Any:
    return ProduceResponse.TopicProduceResponse.PartitionProduceResponse(
        index=index,
        error_code=error.code if error else ErrorCode.NONE,
        base_offset=base_offset,
        log_append_time_ms=append_time_ms,
        log_start_offset=start_offset,
        record_errors=[],
        error_message=error.message if error else None,
    )


#: Not the flexible versions (9+): they bring nothing that one broker without leader changes could use, cost
#: more to decode, and let record data stand where kafka.protocol looks for varints. Versions 0 to 2 are named
#: for librdkafka, which without them believes that compression is not supported (KAFKA-18659); the magic they
#: carry is refused.
API = Api(key=0, min_version=0, max_version=8, handle=handle)
