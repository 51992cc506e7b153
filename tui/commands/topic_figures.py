"""What `kcalc topics` and `kcalc doctor` show of topics: looked up once, as data."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from tui.commands.cluster import admin_of, reader_of
from tui.commands.edge import CommandError

if TYPE_CHECKING:
    from tui.clients.connection import Connection
    from tui.clients.offsets import Span
    from tui.clients.topics import TopicDescription
    from tui.settings import TopicSettings

HOUR_MS = 3_600_000
MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class PartitionRow:
    """One partition. What only its leader knows is None if it has none."""

    partition: int
    leader: int | None
    begin: int | None
    end: int | None
    messages: int | None


@dataclass(frozen=True, slots=True)
class TopicRow:
    """One topic. `messages` counts the partitions that have a leader; a retention of -1 is for ever."""

    name: str
    partitions: int
    replication: int
    messages: int
    retention_ms: int | None
    retention_bytes: int | None
    used_for: str | None

    @property
    def retention(self) -> str:
        """How long and how much is kept, in words."""
        if self.retention_ms is None or self.retention_bytes is None:
            return "?"
        kept = "for ever" if self.retention_ms < 0 else f"{self.retention_ms / HOUR_MS:g} h"
        size = self.retention_bytes
        return kept if size < 0 else f"{kept}, {size / MEBIBYTE:g} MiB a partition"


@dataclass(frozen=True, slots=True)
class TopicDetails(TopicRow):
    """One topic with its configs that matter here, and its partitions."""

    configs: dict[str, str]
    partition_details: list[PartitionRow]

    @property
    def row(self) -> TopicRow:
        """The topic without its details."""
        return TopicRow(*(getattr(self, name) for name in TopicRow.__dataclass_fields__))


async def looked_up(
    connection: "Connection", settings: "TopicSettings", names: Sequence[str] | None = None
) -> list[TopicDetails]:
    """The named topics in that order, or all but Kafka's internal ones. CommandError if one is not there."""
    from tui.clients.offsets import spans
    from tui.clients.permissions import Denied
    from tui.clients.topics import configs, describe

    async with admin_of(connection) as admin:
        present = await describe(admin)
        if names is None:
            names = sorted(name for name, topic in present.items() if not topic.internal)
        for name in names:
            _check_present(name, list(present))
        try:
            by_topic = await configs(admin, names) if names else {}
        except Denied:
            by_topic = {}  # retention is then unknown, and nothing else
    async with reader_of(connection) as reader:
        led = {name: [p for p, leader in present[name].leaders.items() if leader is not None] for name in names}
        found = await spans(reader, led)
    return [_details(present[name], by_topic.get(name, {}), found[name], settings) for name in names]


def _check_present(name: str, present: list[str]) -> None:
    if name not in present:
        near = get_close_matches(name, present, n=1)
        raise CommandError(f"there is no topic {name!r:.260}" + (f" (did you mean {near[0]}?)" if near else ""))


def _details(
    topic: "TopicDescription", configs: dict[str, str], ends: "dict[int, Span]", settings: "TopicSettings"
) -> TopicDetails:
    rows = [
        PartitionRow(partition, leader, span.begin, span.end, span.messages)
        if (span := ends.get(partition))
        else PartitionRow(partition, leader, None, None, None)
        for partition, leader in topic.leaders.items()
    ]
    return TopicDetails(
        name=topic.name,
        partitions=topic.partitions,
        replication=topic.replication,
        messages=sum(span.messages for span in ends.values()),
        retention_ms=_whole(configs.get("retention.ms")),
        retention_bytes=_whole(configs.get("retention.bytes")),
        used_for=settings.uses.get(topic.name),
        configs=configs,
        partition_details=rows,
    )


def _whole(text: str | None) -> int | None:
    return None if text is None else int(text)
