"""The offsets a group has committed."""

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


class CommittedOffsets:
    """Committed offsets by topic and partition, at most `limit` of them."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._offsets: dict[TopicPartition, CommittedOffset] = {}

    def __len__(self) -> int:
        return len(self._offsets)

    def __iter__(self) -> Iterator[TopicPartition]:
        return iter(self._offsets)

    def get(self, topic: str, partition: int) -> CommittedOffset | None:
        return self._offsets.get((topic, partition))

    def commit(self, offsets: Mapping[TopicPartition, CommittedOffset]) -> bool:
        """Replace or add offsets; False, and nothing changed, if there would be too many."""
        if len(self._offsets) + len(offsets) > self._limit:
            added = sum(1 for key in offsets if key not in self._offsets)
            if len(self._offsets) + added > self._limit:
                return False
        self._offsets.update(offsets)
        return True

    def by_topic(self) -> dict[str, list[int]]:
        """The partitions with an offset, by topic, both in order."""
        partitions: dict[str, list[int]] = {}
        for topic, partition in sorted(self._offsets):
            partitions.setdefault(topic, []).append(partition)
        return partitions

    def forget(self, topic: str, partition: int) -> None:
        self._offsets.pop((topic, partition), None)

    def forget_topic(self, topic: str) -> None:
        for key in [key for key in self._offsets if key[0] == topic]:
            del self._offsets[key]
