"""A Kafka cluster as the tests see it, whichever it is, and what they need around it."""

import asyncio
import os
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Protocol, TypeVar

import pytest
from aiokafka.errors import KafkaError
from aiokafka.structs import TopicPartition
from msgspec.structs import replace

from tests.real_kafka import RealKafka, missing
from tests.three_nodes import ThreeNodes
from tui.broker import BrokerSettings, EmbeddedBroker
from tui.clients.aiokafka_types import Admin, Consumer, Record
from tui.clients.connection import Connection, closed
from tui.clients.group import Look, Observer
from tui.events import Event
from tui.session import Session
from tui.settings import KafkaSettings, Settings, TopicSettings, WorkerSettings

E = TypeVar("E")

WITHIN_S = 20.0


class Cluster(Protocol):
    """One broker that can be taken away and brought back with all it holds."""

    name: str
    bootstrap_servers: str

    async def stop(self) -> None: ...
    async def start(self) -> None: ...


class EmbeddedCluster:
    """The embedded broker in the test's own event loop."""

    name = "embedded"

    def __init__(self) -> None:
        self.broker = EmbeddedBroker(BrokerSettings())
        self.bootstrap_servers = ""

    async def start(self) -> None:
        await self.broker.start()
        self.bootstrap_servers = self.broker.bootstrap_servers

    async def stop(self) -> None:
        await self.broker.stop()


class ApacheCluster:
    """The node of real Apache Kafka that all tests of a run share."""

    name = "apache"

    def __init__(self, kafka: RealKafka) -> None:
        self._kafka = kafka
        self.bootstrap_servers = kafka.bootstrap_servers

    async def start(self) -> None:
        await asyncio.to_thread(self._kafka.start)

    async def stop(self) -> None:
        await asyncio.to_thread(self._kafka.stop)


class ReplicatedCluster:
    """Three nodes of real Apache Kafka; `nodes` takes away one of them."""

    name = "apache-3"

    def __init__(self, nodes: ThreeNodes) -> None:
        self.nodes = nodes
        self.bootstrap_servers = nodes.bootstrap_servers

    async def start(self) -> None:
        await asyncio.to_thread(self.nodes.heal)

    async def stop(self) -> None:
        await asyncio.to_thread(self.nodes.stop)


def require_real_kafka() -> None:
    """Skip the test if Java or Maven is missing; with CI=true, fail it."""
    if programs := missing():
        why = f"real Apache Kafka needs {programs} (Debian: apt install default-jre-headless maven)"
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)


def fresh_settings(cluster: Cluster, **workers: Any) -> Settings:
    """Settings for that cluster with topics and a group that no other test has."""
    token = uuid.uuid4().hex[:8]
    return Settings(
        kafka=KafkaSettings(bootstrap_servers=cluster.bootstrap_servers),
        topics=TopicSettings(requests=f"t{token}.requests", results=f"t{token}.results", dead_letters=f"t{token}.dlq"),
        workers=WorkerSettings(group=f"t{token}", **workers),
    )


def with_workers(settings: Settings, **changes: Any) -> Settings:
    """The same settings with other workers."""
    return replace(settings, workers=replace(settings.workers, **changes))


async def until(condition: Callable[[], object], within_s: float = WITHIN_S) -> None:
    """Wait until `condition` holds; fails after `within_s` seconds."""
    deadline = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"it did not become true within {within_s:.0f} s")
        await asyncio.sleep(0.01)


def settled(session: Session) -> bool:
    """True if every request of this session is answered."""
    books = session.ledger.accounting()
    assert not books.wrong
    return books.in_flight == 0


def joined(session: Session, workers: int) -> bool:
    """True if that many workers of the session own partitions, and all partitions are owned."""
    figures = session.ledger.figures(time.time())
    owners = {row.owner for row in figures.partitions if row.owner}
    return len(owners) == workers and all(row.owner for row in figures.partitions)


@asynccontextmanager
async def running(settings: Settings, **arguments: Any) -> AsyncIterator[Session]:
    """A session, stopped at the end."""
    session = Session(settings, **arguments)
    try:
        await session.start()
        yield session
    finally:
        await session.stop()


class EventLog(list[Event]):
    """All events of a session, to be given to it as `on_event`."""

    def __call__(self, event: Event) -> None:
        self.append(event)

    def of(self, kind: type[E]) -> list[E]:
        """Those of one kind."""
        return [event for event in self if isinstance(event, kind)]


@asynccontextmanager
async def admin_of(cluster: Cluster) -> AsyncIterator[Admin]:
    """A started admin client."""
    admin = connection_to(cluster).admin()
    await admin.start()
    try:
        yield admin
    finally:
        await closed(admin, 1.0)


def connection_to(cluster: Cluster) -> Connection:
    """A connection to the cluster."""
    return Connection(KafkaSettings(bootstrap_servers=cluster.bootstrap_servers), cluster.bootstrap_servers)


async def first_look(observer: Observer) -> Look:
    """The first look that succeeds: a broker that has just started may not know its groups yet."""
    async with asyncio.timeout(WITHIN_S):
        while True:
            with suppress(KafkaError):
                return await observer.look(WITHIN_S)


async def read_topic(cluster: Cluster, topic: str, count: int, within_s: float = WITHIN_S) -> list[Record]:
    """The first `count` records of a topic, or as many as there are after `within_s` seconds."""
    reader: Consumer = connection_to(cluster).reader("test-reader")
    found: list[Record] = []
    try:
        await reader.start()
        async with admin_of(cluster) as admin:
            (topic_of,) = [each for each in await admin.describe_topics(None) if each["topic"] == topic]
        places = [TopicPartition(topic, part["partition"]) for part in topic_of["partitions"]]
        reader.assign(places)
        for place in places:
            reader.seek(place, 0)
        deadline = time.monotonic() + within_s
        while len(found) < count and time.monotonic() < deadline:
            for records in (await reader.getmany(timeout_ms=100)).values():
                found.extend(records)
    finally:
        await closed(reader, 1.0)
    return found
