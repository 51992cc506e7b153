"""The offsets a group has committed, and those that wait for the end of a transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

TopicPartition = tuple[str, int]


@dataclass(frozen=True, slots=True)
class CommittedOffset:
    """Where a group goes on in a partition, with the leader epoch (-1: unknown) and the client's own note."""

    offset: int
    leader_epoch: int = -1
    metadata: str = ""


@dataclass(frozen=True, slots=True)
class _Written:
    """An offset and which of the group's commits it came with."""

    commit: int
    offset: CommittedOffset


class CommittedOffsets:
    """Committed offsets by topic and partition, and staged ones by producer; at most `limit` together.

    Of two commits the later one counts, even if it is staged and its transaction ends first.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._commits = 0
        self._offsets: dict[TopicPartition, _Written] = {}
        self._staged: dict[int, dict[TopicPartition, _Written]] = {}

    def __len__(self) -> int:
        return len(self._offsets)

    def __iter__(self) -> Iterator[TopicPartition]:
        return iter(self._offsets)

    @property
    def are_none(self) -> bool:
        """Whether nothing is committed and nothing staged."""
        return not self._offsets and not self._staged

    def get(self, topic: str, partition: int) -> CommittedOffset | None:
        written = self._offsets.get((topic, partition))
        return None if written is None else written.offset

    def is_unstable(self, topic: str, partition: int) -> bool:
        """Whether a transaction that is still open has staged an offset for the partition (KIP-447)."""
        return any((topic, partition) in staged for staged in self._staged.values())

    def commit(self, offsets: Mapping[TopicPartition, CommittedOffset]) -> bool:
        """Replace or add offsets; False, and nothing changed, if there would be too many."""
        return self._write(self._offsets, offsets)

    def stage(self, producer_id: int, offsets: Mapping[TopicPartition, CommittedOffset]) -> bool:
        """Note offsets for the end of the producer's transaction; False, and nothing changed, if too many."""
        staged = self._staged.get(producer_id, {})
        if not self._write(staged, offsets):
            return False
        self._staged[producer_id] = staged
        return True

    def settle(self, producer_id: int, committed: bool) -> None:
        """Commit what the producer staged, where nothing was committed later; or forget it."""
        staged = self._staged.pop(producer_id, {})
        if not committed:
            return
        for key, written in staged.items():
            current = self._offsets.get(key)
            if current is None or current.commit < written.commit:
                self._offsets[key] = written

    def by_topic(self) -> dict[str, list[int]]:
        """The partitions with an offset, by topic, both in order."""
        partitions: dict[str, list[int]] = {}
        for topic, partition in sorted(self._offsets):
            partitions.setdefault(topic, []).append(partition)
        return partitions

    def forget(self, topic: str, partition: int) -> None:
        for offsets in (self._offsets, *self._staged.values()):
            offsets.pop((topic, partition), None)

    def forget_topic(self, topic: str) -> None:
        for offsets in (self._offsets, *self._staged.values()):
            for key in [key for key in offsets if key[0] == topic]:
                del offsets[key]

    def _write(self, target: dict[TopicPartition, _Written], offsets: Mapping[TopicPartition, CommittedOffset]) -> bool:
        held = len(self._offsets) + sum(map(len, self._staged.values()))
        if held + len(offsets) > self._limit and held + len(offsets.keys() - target.keys()) > self._limit:
            return False
        self._commits += 1
        target.update((key, _Written(self._commits, offset)) for key, offset in offsets.items())
        return True
