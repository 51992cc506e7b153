"""A client that behaves, and knows what the broker has to answer: nothing that others send may change that."""

from __future__ import annotations

import time
import uuid
from collections import deque
from typing import Any

from kafka.protocol.admin import (
    CreateTopicsRequest,
    DeleteGroupsRequest,
    DeleteTopicsRequest,
    DescribeGroupsRequest,
    ListGroupsRequest,
)
from kafka.protocol.consumer import (
    HeartbeatRequest,
    JoinGroupRequest,
    ListOffsetsRequest,
    OffsetCommitRequest,
    OffsetFetchRequest,
    SyncGroupRequest,
)
from kafka.protocol.metadata import ApiVersionsRequest, FindCoordinatorRequest, MetadataRequest

from tests.broker.wire import WireClient, record_batch
from tests.fuzz.stream import WrongAnswerError
from tui.broker.batch import PLACE, place

REMEMBERED_LATENCIES = 100_000
VALUES = (b"first", b"second", b"third")
TIMES = (1000, 2000, 3000)
METADATA, ASSIGNMENT = b"metadata of the member", b"assignment of the member"
COMMITTED, NOTE = 2, "as agreed"
PRODUCER_ID = 1 << 40  # beyond every id that the broker gives out here


class Undisturbed:
    """Two topics and a group that nobody else can name, and questions about them whose answers are known."""

    def __init__(self, client: WireClient) -> None:
        self.latencies_s: deque[float] = deque(maxlen=REMEMBERED_LATENCIES)
        self.rounds = 0
        self._client = client
        own = uuid.uuid4().hex
        self._known, self._growing, self._group = f"known-{own}", f"growing-{own}", f"group-{own}"
        batch = record_batch(*VALUES, timestamps=TIMES)
        self._batch = place(batch, 0) + batch[PLACE.size :]
        self._answers: dict[str, Any] = {}
        self._member_id = ""
        self._generation = 0

    async def prepare(self) -> None:
        """Make what is asked for later, and note what is answered now."""
        topic = CreateTopicsRequest.CreatableTopic
        names = (self._known, self._growing)
        topics = [
            topic(name=name, num_partitions=1, replication_factor=1, assignments=[], configs=[]) for name in names
        ]
        await self._ask(CreateTopicsRequest(topics=topics, timeout_ms=1000, validate_only=False), 5)
        await self._client.produce(self._known, 0, self._batch)
        await self._become_member()
        await self._commit()
        self._answers = await self._all_answers()

    async def check(self) -> None:
        """Ask everything once; WrongAnswerError if an answer is not as it has to be."""
        for name, answer in (await self._all_answers()).items():
            if answer != self._answers[name]:
                raise WrongAnswerError(f"{name} is answered with {answer!r}, not {self._answers[name]!r}")
        produced = await self._produce_and_repeat(self.rounds)
        if produced != [(0, self.rounds), (0, self.rounds)]:
            raise WrongAnswerError(f"batch {self.rounds} and its repetition are answered with {produced}")
        self.rounds += 1

    async def tidy(self) -> None:
        """Delete everybody else's topics and empty groups: there is room for more of them."""
        topics = [topic.name for topic in (await self._ask(MetadataRequest(topics=None), 1)).topics]
        others = [name for name in topics if name not in (self._known, self._growing)]
        await self._ask(DeleteTopicsRequest(topic_names=others, timeout_ms=1000), 3)
        listed = (await self._ask(ListGroupsRequest(), 2)).groups
        groups = [group.group_id for group in listed if group.group_id != self._group]
        await self._ask(DeleteGroupsRequest(groups_names=groups), 1)

    async def _all_answers(self) -> dict[str, Any]:
        """Every answer that stays the same, and must be what was put in."""
        fetched = await self._client.fetch(self._known, 0, 0)
        heartbeat = await self._ask(
            HeartbeatRequest(
                group_id=self._group, generation_id=self._generation, member_id=self._member_id, group_instance_id=None
            ),
            3,
        )
        topic = MetadataRequest.MetadataRequestTopic
        named = [topic(name=name) for name in (self._known, self._growing)]
        metadata = await self._ask(MetadataRequest(topics=named, allow_auto_topic_creation=False), 12)
        answers = {
            "ApiVersions": await self._ask(ApiVersionsRequest(), 2),
            "Metadata": metadata,
            "FindCoordinator": await self._ask(FindCoordinatorRequest(key=self._group, key_type=0), 2),
            "DescribeGroups": await self._ask(DescribeGroupsRequest(groups=[self._group]), 3),
            "OffsetFetch": await self._ask(self._offset_fetch(), 7),
            "Heartbeat": heartbeat,
            **{f"ListOffsets {at}": await self._ask(self._list_offsets(at), 7) for at in (-1, -2, -3, 1500)},
        }
        if fetched.error_code or fetched.high_watermark != len(VALUES) or bytes(fetched.records) != self._batch:
            raise WrongAnswerError(f"the known records are fetched as {fetched}")
        return {name: answer.to_dict() for name, answer in answers.items()}

    async def _ask(self, request: Any, version: int) -> Any:
        started_s = time.perf_counter()
        answer = await self._client.ask(request, version)
        self.latencies_s.append(time.perf_counter() - started_s)
        return answer

    async def _produce_and_repeat(self, number: int) -> list[tuple[int, int]]:
        batch = record_batch(b"%d" % number, producer_id=PRODUCER_ID, epoch=0, sequence=number)
        answers = [await self._client.produce(self._growing, 0, batch) for _ in range(2)]
        return [(answer.error_code, answer.base_offset) for answer in answers]

    async def _become_member(self) -> None:
        protocol = JoinGroupRequest.JoinGroupRequestProtocol
        for _ in range(2):  # the first answer only gives the member id
            joined = await self._ask(
                JoinGroupRequest(
                    group_id=self._group,
                    session_timeout_ms=600_000,
                    rebalance_timeout_ms=1000,
                    member_id=self._member_id,
                    group_instance_id=None,
                    protocol_type="consumer",
                    protocols=[protocol(name="range", metadata=METADATA)],
                ),
                5,
            )
            self._member_id, self._generation = joined.member_id, joined.generation_id
        assignment = SyncGroupRequest.SyncGroupRequestAssignment
        synced = await self._ask(
            SyncGroupRequest(
                group_id=self._group,
                generation_id=self._generation,
                member_id=self._member_id,
                group_instance_id=None,
                assignments=[assignment(member_id=self._member_id, assignment=ASSIGNMENT)],
            ),
            3,
        )
        if synced.error_code or synced.assignment != ASSIGNMENT:
            raise WrongAnswerError(f"the only member is assigned {synced}")

    async def _commit(self) -> None:
        topic = OffsetCommitRequest.OffsetCommitRequestTopic
        partition = topic.OffsetCommitRequestPartition(
            partition_index=0, committed_offset=COMMITTED, committed_leader_epoch=0, committed_metadata=NOTE
        )
        request = OffsetCommitRequest(
            group_id=self._group,
            generation_id_or_member_epoch=self._generation,
            member_id=self._member_id,
            group_instance_id=None,
            topics=[topic(name=self._known, partitions=[partition])],
        )
        answer = await self._ask(request, 7)
        if answer.topics[0].partitions[0].error_code:
            raise WrongAnswerError(f"the offset of the only member is not committed: {answer}")

    def _offset_fetch(self) -> Any:
        return OffsetFetchRequest(group_id=self._group, topics=None, require_stable=True)

    def _list_offsets(self, timestamp_ms: int) -> Any:
        topic = ListOffsetsRequest.ListOffsetsTopic
        partition = topic.ListOffsetsPartition(partition_index=0, current_leader_epoch=-1, timestamp=timestamp_ms)
        return ListOffsetsRequest(
            replica_id=-1, isolation_level=0, topics=[topic(name=self._known, partitions=[partition])]
        )
