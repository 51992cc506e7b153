"""Wrong answers of the embedded broker, by its hooks: errors, answers that never come, and quotas."""

import asyncio
import random
from collections.abc import Callable
from typing import Any

from kafka.protocol.api_header import ResponseClassRegistry

from tests.faults.schedule import Fault
from tui.broker.api import RequestContext
from tui.broker.apis import APIS
from tui.broker.broker import Broker
from tui.broker.hooks import Close, Hook

PRODUCE, OFFSET_COMMIT, OFFSET_FETCH = 0, 8, 9
FIND_COORDINATOR, JOIN_GROUP, HEARTBEAT, LEAVE_GROUP, SYNC_GROUP = 10, 11, 12, 13, 14
INIT_PRODUCER_ID, ADD_PARTITIONS, ADD_OFFSETS, END_TXN, TXN_OFFSET_COMMIT = 22, 24, 25, 26, 28
COORDINATOR = frozenset(
    {
        OFFSET_COMMIT,
        JOIN_GROUP,
        HEARTBEAT,
        SYNC_GROUP,
        INIT_PRODUCER_ID,
        ADD_PARTITIONS,
        ADD_OFFSETS,
        END_TXN,
        TXN_OFFSET_COMMIT,
    }
)
WRITING = COORDINATOR | {PRODUCE}

REQUEST_TIMED_OUT = 7
COORDINATOR_LOAD_IN_PROGRESS = 14
NOT_COORDINATOR = 16
NOT_ENOUGH_REPLICAS = 19
KAFKA_STORAGE_ERROR = 56
THROTTLE_S = 0.3
ODDS = 0.5
WORKERS = "client-"
"""What the client ids of workers begin with: the coordinator errs for them only, not for those who watch the run."""


def hook(fault: Fault, broker: Broker, chance: random.Random) -> Hook:
    """A hook that lets every other request meet `fault`, one of schedule.OF_ANSWERS."""
    wrong = _wrong_answers(broker)[fault]

    async def meet(context: RequestContext, api_key: int, request: Any) -> Any:
        return await wrong(context, api_key, request) if chance.random() < ODDS else None

    return meet


def _wrong_answers(broker: Broker) -> dict[Fault, Hook]:
    return {
        Fault.DISK_FULL: _refusing({PRODUCE}, KAFKA_STORAGE_ERROR),
        Fault.TOO_FEW_REPLICAS: _refusing({PRODUCE}, NOT_ENOUGH_REPLICAS),
        Fault.TIMED_OUT: _timed_out(broker),
        Fault.LOADING: _refusing(COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS),
        Fault.MOVED: _refusing(COORDINATOR, NOT_COORDINATOR),
        Fault.NO_ANSWER: _unanswered(broker),
        Fault.THROTTLE: _throttled(broker),
    }


def _refusing(apis: "frozenset[int] | set[int]", error: int) -> Hook:
    """Answers these APIs with the error; nothing is stored."""

    async def refuse(context: RequestContext, api_key: int, request: Any) -> Any:
        of_worker = (context.client_id or "").startswith(WORKERS)
        if api_key not in apis or not (of_worker or api_key == PRODUCE):
            return None
        return refusal(api_key, request, error)

    return refuse


def _timed_out(broker: Broker) -> Hook:
    async def store_and_time_out(context: RequestContext, api_key: int, request: Any) -> Any:
        if api_key != PRODUCE or request.acks == 0:
            return None
        await APIS[api_key].handle(broker, request, context)
        return refusal(api_key, request, REQUEST_TIMED_OUT)

    return store_and_time_out


def _unanswered(broker: Broker) -> Hook:
    async def handle_and_close(context: RequestContext, api_key: int, request: Any) -> Any:
        if api_key not in WRITING:
            return None
        await APIS[api_key].handle(broker, request, context)
        return Close()

    return handle_and_close


def _throttled(broker: Broker) -> Hook:
    async def hold_back(context: RequestContext, api_key: int, request: Any) -> Any:
        if api_key not in WRITING:
            return None
        response = await APIS[api_key].handle(broker, request, context)
        if response is not None:
            response.throttle_time_ms = round(THROTTLE_S * 1_000)
            await asyncio.sleep(THROTTLE_S)
        return response

    return hold_back


def refusal(api_key: int, request: Any, error: int) -> Any:
    """The response of that API which refuses everything in the request with one error code."""
    registry: Any = ResponseClassRegistry
    response = registry._response_class_registry[api_key]
    if (build := _BY_PARTITION.get(api_key)) is not None:
        return build(response, request, error)
    return response(error_code=error)


def _produce(response: Any, request: Any, error: int) -> Any:
    topic_class = response.TopicProduceResponse
    partition_class = topic_class.PartitionProduceResponse

    def partition(data: Any) -> Any:
        return partition_class(
            index=data.index, error_code=error, base_offset=-1, log_append_time_ms=-1, log_start_offset=-1
        )

    return response(
        responses=[
            topic_class(name=topic.name, partition_responses=[partition(data) for data in topic.partition_data])
            for topic in request.topic_data
        ]
    )


def _commit(topic_name: str, partition_name: str) -> Callable[[Any, Any, int], Any]:
    """For OffsetCommit and TxnOffsetCommit, whose responses differ only in the names of their classes."""

    def build(response: Any, request: Any, error: int) -> Any:
        topic_class = getattr(response, topic_name)
        partition_class = getattr(topic_class, partition_name)
        return response(
            topics=[
                topic_class(
                    name=topic.name,
                    partitions=[
                        partition_class(partition_index=partition.partition_index, error_code=error)
                        for partition in topic.partitions
                    ],
                )
                for topic in request.topics
            ]
        )

    return build


def _add_partitions(response: Any, request: Any, error: int) -> Any:
    topic_class = response.AddPartitionsToTxnTopicResult
    partition_class = topic_class.AddPartitionsToTxnPartitionResult
    return response(
        results_by_topic_v3_and_below=[
            topic_class(
                name=topic.name,
                results_by_partition=[
                    partition_class(partition_index=index, partition_error_code=error) for index in topic.partitions
                ],
            )
            for topic in request.v3_and_below_topics
        ]
    )


_BY_PARTITION = {
    PRODUCE: _produce,
    OFFSET_COMMIT: _commit("OffsetCommitResponseTopic", "OffsetCommitResponsePartition"),
    TXN_OFFSET_COMMIT: _commit("TxnOffsetCommitResponseTopic", "TxnOffsetCommitResponsePartition"),
    ADD_PARTITIONS: _add_partitions,
}
