"""The broker's state and its one owner: topics, groups, producers, transactions. All on one event loop."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

from tui.broker.groups import Groups
from tui.broker.groups.settings import GroupSettings
from tui.broker.groups.timing import CallLater
from tui.broker.hooks import Hook
from tui.broker.producers import ProducerIds
from tui.broker.settings import BrokerSettings
from tui.broker.storage import Storage
from tui.broker.topics import Topic, Topics
from tui.broker.transactions import EndedTransaction, TransactionCoordinator, TransactionSettings
from tui.broker.transactions.markers import write_marker


def unix_ms() -> int:
    """The wall clock in Unix milliseconds, as record timestamps have it."""
    return time.time_ns() // 1_000_000


class Broker:
    """What the API handlers read and change.

    `host` and `port` are what clients are told to connect to; `port` is 0 until the broker listens. `clock`
    and `call_later` count seconds for the groups, `now_ms` is Unix time for the logs.
    """

    def __init__(
        self,
        settings: BrokerSettings,
        clock: Callable[[], float],
        call_later: CallLater,
        now_ms: Callable[[], int] = unix_ms,
    ) -> None:
        self.settings = settings
        self.now_ms = now_ms
        self.node_id = settings.node_id
        self.host = settings.advertised_host or settings.host
        self.port = 0
        self.cluster_id = uuid.uuid4().hex[:22]
        self.storage = Storage(settings.max_log_memory_bytes)
        self.topics = Topics(settings, self.storage)
        self.producers = ProducerIds()
        self.groups = Groups(
            GroupSettings(
                initial_rebalance_delay_s=settings.initial_rebalance_delay_s,
                min_session_timeout_s=settings.min_session_timeout_s,
            ),
            clock=clock,
            call_later=call_later,
        )
        self.transactions = TransactionCoordinator(TransactionSettings(), self.producers.take, self._end_transaction)
        self.hooks: list[Hook] = []

    def topic_for_client(self, name: str, allow_creation: bool) -> Topic | None:
        """The topic, created first if it is unknown and both the client and the settings want that.

        KafkaError if it could not be created.
        """
        topic = self.topics.get(name)
        if topic is None and allow_creation and self.settings.auto_create_topics:
            topic = self.topics.create(name, self.settings.default_partitions, {})
        return topic

    def delete_topic(self, topic: Topic) -> None:
        """Forget a topic with all its records and all offsets committed for it."""
        self.topics.delete(topic)
        self.groups.topic_deleted(topic.name)

    def _end_transaction(self, ended: EndedTransaction) -> None:
        """Write what a transaction's end means into every partition that is still there, and every group."""
        now_ms = self.now_ms()
        for name, index in sorted(ended.partitions):
            partition = self.topics.partition(name, index)
            if partition is not None:
                write_marker(partition, ended.producer, ended.committed, now_ms)
        for group_id in ended.groups:
            self.groups.settle(group_id, ended.producer.producer_id, ended.committed)

    def close(self) -> None:
        """End for good: the groups answer who waits, and what the logs have on disk is deleted."""
        self.groups.close()
        self.storage.close()
