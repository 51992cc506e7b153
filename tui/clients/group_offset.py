"""Where a partition is committed, and the proof that it was the right broker which said so."""

import asyncio
from typing import Any

from aiokafka.client import ConnectionGroup, CoordinationType
from aiokafka.errors import (
    CoordinatorLoadInProgressError,
    CoordinatorNotAvailableError,
    KafkaError,
    NotCoordinatorError,
    RequestTimedOutError,
    for_code,
)
from aiokafka.protocol.commit import OffsetFetchRequest
from aiokafka.protocol.transaction import TxnOffsetCommitRequest
from aiokafka.structs import TopicPartition

from tui.clients.aiokafka_types import Producer

_RETRY_S = 0.1
_NEVER_COMMITTED = -1
_NOT_IN_CHARGE = (
    CoordinatorLoadInProgressError,
    CoordinatorNotAvailableError,
    NotCoordinatorError,
    RequestTimedOutError,
)


class CoordinatorMoved(Exception):
    """The broker that said where the partition is committed is not the one that keeps it: it is to be read again."""


class GroupOffset:
    """Reads the committed offset of a partition for the transactional producer that is to go on from there.

    A coordinator that stood still while another took its place does not know it when it wakes: for about 80 ms it
    answers OffsetFetch from its memory, with offsets of the time before (seen on three nodes of Kafka 4.1.1). But
    nobody replicates from it any more, so that it can store nothing. What was read therefore counts only once the
    same broker has stored a commit, which is to follow at once; if it cannot, the producer's transaction fails.
    """

    def __init__(self, producer: Producer, group: str) -> None:
        self._client = producer.client
        self._group = group
        self._send = producer.client.send
        self._said_by: int | None = None

    async def read(self, partition: TopicPartition) -> int | None:
        """The committed offset, None if there is none; from now on the producer's first commit is watched.

        Asks until there is an answer: to be called with a deadline. Raises KafkaError where asking again is in vain.
        """
        while True:
            try:
                offset = await self._ask(partition)
            except KafkaError as error:
                if not error.retriable:
                    raise
                await asyncio.sleep(_RETRY_S)
            else:
                self._client.send = self._watched
                return offset

    async def _ask(self, partition: TopicPartition) -> int | None:
        node_id = await self._client.coordinator_lookup(CoordinationType.GROUP, self._group)
        request = OffsetFetchRequest(self._group, [(partition.topic, [partition.partition])])
        answer = await self._send(node_id, request, group=ConnectionGroup.COORDINATION)
        _raise_for(getattr(answer, "error_code", 0))
        ((_, ((_, offset, _, error_code),)),) = answer.topics
        _raise_for(error_code)
        self._said_by = node_id
        return None if offset == _NEVER_COMMITTED else int(offset)

    async def _watched(self, node_id: int, request: object, **options: Any) -> Any:
        if not isinstance(request, TxnOffsetCommitRequest):
            return await self._send(node_id, request, **options)
        if node_id != self._said_by:
            raise CoordinatorMoved(f"broker {self._said_by} said where to go on, broker {node_id} keeps the offsets")
        answer = await self._send(node_id, request, **options)
        errors = {for_code(error_code) for _, partitions in answer.errors for _, error_code in partitions}
        if not errors.isdisjoint(_NOT_IN_CHARGE):
            raise CoordinatorMoved(f"broker {node_id} said where to go on, but does not keep the offsets")
        if all(error.errno == 0 for error in errors):
            self._client.send = self._send
        return answer


def _raise_for(error_code: int) -> None:
    if error_code:
        raise for_code(error_code)()
