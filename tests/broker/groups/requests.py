"""The group requests the tests send, and what is in their answers."""

from __future__ import annotations

from typing import Any

from kafka.protocol.consumer import (
    JoinGroupRequest,
    OffsetCommitRequest,
    OffsetFetchRequest,
    SyncGroupRequest,
)

from tests.broker.groups.wire import Wire

GROUP = "g"
MEMBER_ID_REQUIRED = 79


def join_request(member_id: str = "", group_id: str = GROUP, metadata: bytes = b"m", session_ms: int = 1000) -> Any:
    return JoinGroupRequest(
        group_id=group_id,
        session_timeout_ms=session_ms,
        rebalance_timeout_ms=5000,
        member_id=member_id,
        group_instance_id=None,
        protocol_type="consumer",
        protocols=[JoinGroupRequest.JoinGroupRequestProtocol(name="range", metadata=metadata)],
    )


def sync_request(member_id: str, generation: int, assignments: dict[str, bytes]) -> Any:
    return SyncGroupRequest(
        group_id=GROUP,
        generation_id=generation,
        member_id=member_id,
        group_instance_id=None,
        protocol_type="consumer",
        protocol_name="range",
        assignments=[
            SyncGroupRequest.SyncGroupRequestAssignment(member_id=each, assignment=assignment)
            for each, assignment in assignments.items()
        ],
    )


def commit_request(
    offsets: dict[tuple[str, int], int], member_id: str = "", generation: int = -1, note: str | None = "n"
) -> Any:
    topic_class = OffsetCommitRequest.OffsetCommitRequestTopic
    return OffsetCommitRequest(
        group_id=GROUP,
        generation_id_or_member_epoch=generation,
        member_id=member_id,
        group_instance_id=None,
        topics=[
            topic_class(
                name=name,
                partitions=[
                    topic_class.OffsetCommitRequestPartition(
                        partition_index=index,
                        committed_offset=offset,
                        committed_leader_epoch=-1,
                        committed_metadata=note,
                    )
                ],
            )
            for (name, index), offset in offsets.items()
        ],
    )


def fetch_request(version: int, topics: dict[str, list[int]] | None, group_id: str = GROUP) -> Any:
    if version < 8:
        topic_class: Any = OffsetFetchRequest.OffsetFetchRequestTopic
    else:
        topic_class = OffsetFetchRequest.OffsetFetchRequestGroup.OffsetFetchRequestTopics
    wanted: Any = topics and [topic_class(name=name, partition_indexes=each) for name, each in topics.items()]
    if version < 8:
        return OffsetFetchRequest(group_id=group_id, topics=wanted, require_stable=True)
    group = OffsetFetchRequest.OffsetFetchRequestGroup(group_id=group_id, topics=wanted)
    return OffsetFetchRequest(groups=[group], require_stable=True)


def fetched(response: Any, version: int) -> dict[tuple[str, int], int]:
    topics = response.topics if version < 8 else response.groups[0].topics
    return {
        (topic.name, partition.partition_index): partition.committed_offset
        for topic in topics
        for partition in topic.partitions
    }


async def joined(wire: Wire, version: int = 9, metadata: bytes = b"m", session_ms: int = 1000) -> Any:
    response = await wire.ask(join_request(metadata=metadata, session_ms=session_ms), version)
    if response.error_code == MEMBER_ID_REQUIRED:
        request = join_request(response.member_id, metadata=metadata, session_ms=session_ms)
        response = await wire.ask(request, version)
    assert response.error_code == 0
    return response
