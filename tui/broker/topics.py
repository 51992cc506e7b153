"""The topics, their partitions and their configurations."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from tui.broker import configs
from tui.broker.errors import ErrorCode, KafkaError
from tui.broker.log import PartitionLog
from tui.broker.producers import ProducerStates
from tui.broker.settings import BrokerSettings
from tui.broker.storage import Storage
from tui.broker.transactions.partition import PartitionTransactions

LEGAL_NAME = re.compile(r"[a-zA-Z0-9._-]{1,249}")


@dataclass(slots=True, eq=False)
class Partition:
    """A log, its producers and their transactions, and whom to wake when it grows (or goes)."""

    index: int
    log: PartitionLog
    producers: ProducerStates = field(default_factory=ProducerStates)
    transactions: PartitionTransactions = field(default_factory=PartitionTransactions)
    waiters: set[Callable[[], None]] = field(default_factory=set)
    is_deleted: bool = False

    @property
    def last_stable_offset(self) -> int:
        """Where read_committed ends: the first offset of an open transaction, else the high watermark."""
        first_open = self.transactions.first_open_offset
        return self.log.end_offset if first_open is None else max(first_open, self.log.start_offset)

    def wake(self) -> None:
        """Tell every parked fetch to look again."""
        for waiter in tuple(self.waiters):
            waiter()


class Topic:
    """A named list of partitions; `overrides` are the configurations it was given, `configs` all of them."""

    def __init__(
        self, name: str, partitions: int, overrides: dict[str, str], settings: BrokerSettings, storage: Storage
    ) -> None:
        self.name = name
        self.id = uuid.uuid4()
        self.partitions: list[Partition] = []
        self._settings = settings
        self._storage = storage
        self.configure(overrides)
        self.grow(partitions)

    def configure(self, overrides: dict[str, str]) -> None:
        """Replace the topic's own configurations; retention takes effect with the next check or append."""
        self.overrides = overrides
        self.configs = configs.defaults(self._settings) | overrides
        self.max_message_bytes = int(self.configs["max.message.bytes"])
        self.log_append_time = self.configs["message.timestamp.type"] == "LogAppendTime"
        self._retention = configs.retention(self.configs, self._settings)
        for partition in self.partitions:
            partition.log.retention = self._retention

    def grow(self, partitions: int) -> None:
        """Have as many partitions; never fewer than now."""
        for index in range(len(self.partitions), partitions):
            self.partitions.append(Partition(index, PartitionLog(self._retention, self._storage)))

    def partition(self, index: int) -> Partition | None:
        return self.partitions[index] if 0 <= index < len(self.partitions) else None


class Topics:
    """Every topic of the broker, by name and by id."""

    def __init__(self, settings: BrokerSettings, storage: Storage) -> None:
        self._settings = settings
        self._storage = storage
        self._by_name: dict[str, Topic] = {}
        self._by_id: dict[uuid.UUID, Topic] = {}
        self._partitions = 0

    def __iter__(self) -> Iterator[Topic]:
        return iter(tuple(self._by_name.values()))

    def get(self, name: str | None) -> Topic | None:
        return self._by_name.get(name) if name is not None else None

    def by_id(self, topic_id: uuid.UUID) -> Topic | None:
        return self._by_id.get(topic_id)

    def partition(self, name: str, index: int) -> Partition | None:
        topic = self._by_name.get(name)
        return topic.partition(index) if topic is not None else None

    def check_new(self, name: str, partitions: int, overrides: Mapping[str, str | None]) -> dict[str, str]:
        """The checked configurations of a topic that may be created, else KafkaError saying why not."""
        if not LEGAL_NAME.fullmatch(name) or name in (".", ".."):
            raise KafkaError(
                ErrorCode.INVALID_TOPIC_EXCEPTION,
                f"topic name {name[:260]!r}; allowed: 1 to 249 of a-z, A-Z, 0-9, dot, underscore, hyphen",
            )
        if name in self._by_name:
            raise KafkaError(ErrorCode.TOPIC_ALREADY_EXISTS, f"topic {name!r} already exists")
        self.check_room(partitions)
        return configs.checked(overrides)

    def check_room(self, more: int) -> None:
        """KafkaError unless `more` partitions are a positive number and fit in."""
        if more < 1:
            raise KafkaError(ErrorCode.INVALID_PARTITIONS, "the number of partitions must be larger than 0")
        room = self._settings.max_partitions - self._partitions
        if more > room:
            raise KafkaError(
                ErrorCode.POLICY_VIOLATION,
                f"this broker holds {self._settings.max_partitions} partitions, {room} more fit in",
            )

    def create(self, name: str, partitions: int, overrides: Mapping[str, str | None]) -> Topic:
        """Create a topic, or KafkaError as check_new has it."""
        checked = self.check_new(name, partitions, overrides)
        topic = Topic(name, partitions, checked, self._settings, self._storage)
        self._by_name[name] = topic
        self._by_id[topic.id] = topic
        self._partitions += partitions
        return topic

    def grow(self, topic: Topic, partitions: int) -> None:
        """Give a topic as many partitions, which are more than now and fit in."""
        self._partitions += partitions - len(topic.partitions)
        topic.grow(partitions)

    def delete(self, topic: Topic) -> None:
        """Forget a topic with its records; fetches parked on it wake up and learn of it."""
        del self._by_name[topic.name]
        del self._by_id[topic.id]
        self._partitions -= len(topic.partitions)
        for partition in topic.partitions:
            partition.is_deleted = True
            partition.log.delete_before(partition.log.end_offset)
            partition.wake()

    def expire(self, now_ms: int) -> None:
        """Apply retention by time to partitions that get no appends."""
        for topic in self._by_name.values():
            for partition in topic.partitions:
                partition.log.expire(now_ms)
