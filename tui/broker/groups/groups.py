"""All groups of the broker: it is the coordinator of every one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tui.broker.errors import ErrorCode
from tui.broker.groups.calls import Identity, Join, JoinAnswer, Joined, Sync, SyncAnswer, Synced
from tui.broker.groups.group import Group
from tui.broker.groups.joining import join
from tui.broker.groups.member import MEMBER_BYTES
from tui.broker.groups.offsets import CommittedOffset, TopicPartition
from tui.broker.groups.rebalance import GroupState
from tui.broker.groups.settings import GroupSettings
from tui.broker.groups.timing import CallLater, Clock


class Groups:
    """Finds or makes the group a request is about. Nothing here waits or raises: errors are answers."""

    def __init__(self, settings: GroupSettings, clock: Clock, call_later: CallLater) -> None:
        self.settings = settings
        self._clock = clock
        self._call_later = call_later
        self._groups: dict[str, Group] = {}
        self._closed = False

    def __iter__(self) -> Iterator[Group]:
        return iter(tuple(self._groups.values()))

    def get(self, group_id: str) -> Group | None:
        return self._groups.get(group_id)

    def join(self, group_id: str, call: Join, answer: JoinAnswer) -> None:
        """JoinGroup; `answer` is called exactly once, at the latest by `close`."""
        member_id = call.identity.member_id
        error = self._join_error(group_id, call)
        if error is not ErrorCode.NONE:
            answer(Joined(error, member_id))
            return
        group = self._groups.get(group_id)
        if group is None and member_id:
            answer(Joined(ErrorCode.UNKNOWN_MEMBER_ID, member_id))
            return
        group = group or self._create(group_id)
        if group is None:
            answer(Joined(ErrorCode.COORDINATOR_NOT_AVAILABLE, member_id))
        else:
            join(group, call, answer)

    def sync(self, group_id: str, call: Sync, answer: SyncAnswer) -> None:
        """SyncGroup; `answer` is called exactly once, at the latest by `close`."""
        limit = self.settings.max_assignment_bytes
        given_bytes = sum(map(len, call.assignments.values()))
        is_too_long = any(len(assignment) > limit for assignment in call.assignments.values())
        if is_too_long or (given_bytes and not self._has_room(given_bytes)):
            answer(Synced(ErrorCode.INVALID_REQUEST))
            return
        group = self._member_group(group_id)
        if isinstance(group, Group):
            group.sync(call, answer)
        else:
            answer(Synced(group))

    def heartbeat(self, group_id: str, identity: Identity, generation: int) -> ErrorCode:
        group = self._member_group(group_id)
        return group.heartbeat(identity, generation) if isinstance(group, Group) else group

    def leave(self, group_id: str, identity: Identity) -> ErrorCode:
        group = self._member_group(group_id)
        return group.leave(identity) if isinstance(group, Group) else group

    def commit(
        self,
        group_id: str,
        identity: Identity,
        generation: int,
        offsets: Mapping[TopicPartition, CommittedOffset],
    ) -> ErrorCode:
        """Commit offsets of known partitions, all or none; a simple commit makes the group it names."""
        if len(group_id) > self.settings.max_id_chars:
            return ErrorCode.INVALID_GROUP_ID
        group = self._groups.get(group_id)
        if group is None:
            if generation >= 0:
                return ErrorCode.GROUP_ID_NOT_FOUND
            group = self._create(group_id)
            if group is None:
                return ErrorCode.COORDINATOR_NOT_AVAILABLE
        error = group.commit_error(identity, generation)
        if error is ErrorCode.NONE and not group.offsets.commit(offsets):
            return ErrorCode.INVALID_COMMIT_OFFSET_SIZE
        return error

    def stage(
        self,
        group_id: str,
        identity: Identity,
        generation: int,
        producer_id: int,
        offsets: Mapping[TopicPartition, CommittedOffset],
    ) -> ErrorCode:
        """As commit, but the offsets count only when the producer's transaction is committed, see `settle`."""
        if len(group_id) > self.settings.max_id_chars:
            return ErrorCode.INVALID_GROUP_ID
        group = self._groups.get(group_id)
        if group is None:
            if generation >= 0:
                return ErrorCode.ILLEGAL_GENERATION
            group = self._create(group_id)
            if group is None:
                return ErrorCode.COORDINATOR_NOT_AVAILABLE
        error = group.transactional_commit_error(identity, generation)
        if error is ErrorCode.NONE and not group.offsets.stage(producer_id, offsets):
            return ErrorCode.INVALID_COMMIT_OFFSET_SIZE
        return error

    def settle(self, group_id: str, producer_id: int, committed: bool) -> None:
        """End a producer's transaction: what it staged for the group is committed, or forgotten."""
        group = self._groups.get(group_id)
        if group is not None:
            group.offsets.settle(producer_id, committed)

    def delete(self, group_id: str) -> ErrorCode:
        """Delete a group without members, with its offsets."""
        group = self._groups.get(group_id)
        if group is None:
            return ErrorCode.GROUP_ID_NOT_FOUND
        if group.state is not GroupState.EMPTY:
            return ErrorCode.NON_EMPTY_GROUP
        self._dispose(group)
        return ErrorCode.NONE

    def topic_deleted(self, name: str) -> None:
        """Forget what was committed for a topic that is gone."""
        for group in self._groups.values():
            group.offsets.forget_topic(name)

    def close(self) -> None:
        """Answer everything that is parked with COORDINATOR_NOT_AVAILABLE, and everything later, too."""
        self._closed = True
        for group in self:
            self._dispose(group)

    def _join_error(self, group_id: str, call: Join) -> ErrorCode:
        settings = self.settings
        if not 0 < len(group_id) <= settings.max_id_chars:
            return ErrorCode.INVALID_GROUP_ID
        names = (call.identity.group_instance_id or "", call.protocol_type, *call.protocols)
        if len(call.protocols) > settings.max_protocols or max(map(len, names)) > settings.max_id_chars:
            return ErrorCode.INVALID_REQUEST
        if not settings.min_session_timeout_s <= call.session_timeout_s <= settings.max_session_timeout_s:
            return ErrorCode.INVALID_SESSION_TIMEOUT
        metadata_bytes = sum(len(metadata) for metadata in call.protocols.values())
        if metadata_bytes > settings.max_member_metadata_bytes:
            return ErrorCode.INVALID_REQUEST
        group = self._groups.get(group_id)
        member = None if group is None else group.members.get(call.identity.member_id)
        more_bytes = MEMBER_BYTES + metadata_bytes - (0 if member is None else member.held_bytes)
        # Who joins again with what it has must not suffer from others who came and took the rest.
        has_room = more_bytes <= 0 or self._has_room(more_bytes)
        return ErrorCode.NONE if has_room else ErrorCode.GROUP_MAX_SIZE_REACHED

    def _has_room(self, more_bytes: int) -> bool:
        """Whether so many bytes may be added to what the members of all groups have."""
        held_bytes = sum(group.members.held_bytes for group in self._groups.values())
        return held_bytes + more_bytes <= self.settings.max_state_bytes

    def _member_group(self, group_id: str) -> Group | ErrorCode:
        if not group_id:
            return ErrorCode.INVALID_GROUP_ID
        return self._groups.get(group_id, ErrorCode.UNKNOWN_MEMBER_ID)

    def _create(self, group_id: str) -> Group | None:
        if self._closed:
            return None
        if len(self._groups) >= self.settings.max_groups:
            disposable = next((group for group in self._groups.values() if group.is_disposable), None)
            if disposable is None:
                return None
            self._dispose(disposable)
        group = self._groups[group_id] = Group(group_id, self.settings, self._clock, self._call_later)
        return group

    def _dispose(self, group: Group) -> None:
        group.close()
        del self._groups[group.group_id]
