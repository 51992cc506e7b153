"""Read-only and plain watching, watched on the wire: which requests reach a broker, and which do not."""

import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import partial

import pytest
from aiokafka.structs import TopicPartition

from tests.dashboard.shown import screen_text
from tests.faults.brokers import Apache
from tests.faults.proxy import Proxy
from tests.kafka_cluster import joined, require_real_kafka, running, settled, until
from tests.real_kafka import free_port
from tests.recording import Recording
from tui.broker import BrokerSettings, EmbeddedBroker
from tui.clients import topics
from tui.clients.connection import Connection, closed, started
from tui.clients.read_only import NotSent
from tui.dashboard.app import KcalcApp
from tui.events import Link
from tui.session import ClusterRefused, SendRefused, Session, SessionError
from tui.settings import KafkaSettings, Settings, TopicSettings, WorkerSettings

FETCH, LIST_OFFSETS, METADATA, OFFSET_FETCH, FIND_COORDINATOR, DESCRIBE_GROUPS, API_VERSIONS = 1, 2, 3, 9, 10, 15, 18
DESCRIBE_CLUSTER, DESCRIBE_CONFIGS, DESCRIBE_LOG_DIRS, LIST_GROUPS = 60, 32, 35, 16
DESCRIBE_QUORUM, CONSUMER_GROUP_DESCRIBE = 55, 69
READING = {
    FETCH, LIST_OFFSETS, METADATA, OFFSET_FETCH, FIND_COORDINATOR, DESCRIBE_GROUPS, API_VERSIONS,
    DESCRIBE_CLUSTER, DESCRIBE_CONFIGS, DESCRIBE_LOG_DIRS, LIST_GROUPS, DESCRIBE_QUORUM, CONSUMER_GROUP_DESCRIBE,
}  # fmt: skip
JOIN_GROUP, HEARTBEAT, LEAVE_GROUP, SYNC_GROUP, OFFSET_COMMIT = 11, 12, 13, 14, 8
MEMBERS = {JOIN_GROUP, HEARTBEAT, LEAVE_GROUP, SYNC_GROUP, OFFSET_COMMIT}
REFUSED = {"w": "no worker is started", "r": "no request is sent", "f2": "no request is sent"}

pytestmark = pytest.mark.timeout(180)


@dataclass(frozen=True, slots=True)
class Watched:
    """A broker that is reached directly, and through a proxy that writes down what is sent."""

    directly: str
    through_proxy: str
    recording: Recording

    def settings(self, token: str, servers: str, read_only: bool = False, workers: int = 0) -> Settings:
        """Topics and a group of their own for each test."""
        return Settings(
            kafka=KafkaSettings(bootstrap_servers=servers, read_only=read_only),
            topics=TopicSettings(requests=f"{token}.requests", results=f"{token}.results", dead_letters=f"{token}.dlq"),
            workers=WorkerSettings(group=token, count=workers),
        )

    def reading(self, token: str, workers: int = 0) -> Settings:
        """Read-only, through the proxy."""
        return self.settings(token, self.through_proxy, read_only=True, workers=workers)


@pytest.fixture(scope="module")
def apache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Apache]:
    """A node of Apache Kafka with a proxy in front of one of its listeners."""
    require_real_kafka()
    with Apache(tmp_path_factory.mktemp("kafka")) as node:
        yield node


@pytest.fixture(params=["embedded", "apache"])
async def watched(request: pytest.FixtureRequest) -> AsyncIterator[Watched]:
    """One broker of each kind, whose metadata leads clients back to the proxy."""
    if request.param == "apache":
        node: Apache = request.getfixturevalue("apache")
        yield Watched(node.servers, node.worker_servers, Recording(node.proxy))
        return
    port = free_port()
    broker = EmbeddedBroker(BrokerSettings(host="127.0.0.2", port=port, advertised_host="127.0.0.1"))
    await broker.start()
    try:
        with Proxy(port, ("127.0.0.2", port)) as proxy:
            through = f"127.0.0.1:{port}"
            yield Watched(through, through, Recording(proxy))
    finally:
        await broker.close()


async def topics_of(watched: Watched) -> set[str]:
    admin = Connection(KafkaSettings(), watched.directly).admin()
    try:
        await started(admin)
        return set(await topics.describe(admin))
    finally:
        await closed(admin, 1.0)


async def test_a_read_only_dashboard_sends_only_what_reads_from_its_start_to_its_end(watched: Watched) -> None:
    async with running(watched.settings("life", watched.directly, workers=1)) as working:
        await until(lambda: joined(working, 1))
        working.send("1", "sum", "2", times=20)
        await until(lambda: settled(working))
    watched.recording.requests.clear()
    session = Session(watched.reading("life", workers=3))
    app = KcalcApp(session)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await until(lambda: session.results.total == 20 and "no members" in screen_text(app))
        assert "read-only" in screen_text(app)
        for key, words in REFUSED.items():
            await pilot.press(key)
            await until(partial(_shown, app, f"read-only: {words}"))
            app.clear_notifications()
        await pilot.press("slash", *"worker:client-0", "enter", "down", "enter")
        await until(lambda: '"operator_1": "1"' in screen_text(app))
        await pilot.press("escape", "2", "3", "4", "5")
        await until(lambda: "Permissions of" in screen_text(app))
        assert session.cluster is not None
        with pytest.raises(ClusterRefused, match="read-only: "):
            await session.cluster.create_topic("life.more", 1, 1)
        await pilot.press("1", "e", "escape")
        with pytest.raises(SendRefused, match="read-only: no request is sent"):
            session.send("1", "sum", "2")
        with pytest.raises(SessionError, match="read-only: no worker is started"):
            await session.add_worker()
        await pilot.press("q")
        await until(lambda: app.return_code is not None)
    assert {FETCH, LIST_OFFSETS, OFFSET_FETCH, DESCRIBE_GROUPS} <= watched.recording.api_keys <= READING


def _shown(app: KcalcApp, words: str) -> bool:
    return words in screen_text(app)


async def test_read_only_names_the_topics_that_are_missing_and_creates_none(watched: Watched) -> None:
    async with running(watched.reading("absent", workers=2)) as session:
        await until(lambda: "absent.requests" in session.ledger.figures(time.time()).trouble)
        figures = session.ledger.figures(time.time())
        assert figures.link is Link.CONNECTED
        assert figures.trouble == (
            "read-only: absent.requests and absent.results and absent.dlq: no such topics, and none is created"
        )
    assert watched.recording.requests
    assert watched.recording.api_keys <= READING
    assert not [name for name in await topics_of(watched) if name.startswith("absent")]


async def test_read_only_reads_topics_that_somebody_creates_later(watched: Watched) -> None:
    async with running(watched.reading("later")) as session:
        await until(lambda: "later.requests" in session.ledger.figures(time.time()).trouble)
        async with running(watched.settings("later", watched.directly, workers=1)) as working:
            working.send("6", "mul", "7", times=5)
            await until(lambda: session.results.total == 5)
            assert not session.ledger.figures(time.time()).trouble


async def test_a_metadata_request_of_a_read_only_client_creates_no_topic(watched: Watched) -> None:
    reader = Connection(watched.reading("auto").kafka, watched.through_proxy).reader("auto")
    try:
        await started(reader)
        reader.assign([TopicPartition("auto.created", 0)])
        await until(lambda: b"auto.created" in b"".join(request.rest for request in watched.recording.requests))
        await reader.getmany(timeout_ms=500)
    finally:
        await closed(reader, 1.0)
    named = [request.rest for request in watched.recording.requests if b"auto.created" in request.rest]
    assert named
    assert all(rest.endswith(b"\x00") for rest in named), "allow_auto_topic_creation is the last field up to version 7"
    assert "auto.created" not in await topics_of(watched)


async def test_what_would_write_is_refused_before_it_is_sent(watched: Watched) -> None:
    settings = watched.reading("refused")
    connection = Connection(settings.kafka, watched.through_proxy)
    with pytest.raises(NotSent, match="read-only: what a producer writes is not sent"):
        connection.producer("p")
    with pytest.raises(NotSent, match="read-only: what joins a group is not sent"):
        connection.member("m", settings.workers)
    admin = connection.admin()
    try:
        await started(admin)
        wanted = topics.plans(settings.topics)
        with pytest.raises(NotSent, match="read-only: CreateTopics is not sent"):
            await topics.create(admin, wanted)
        with pytest.raises(NotSent, match="read-only: DeleteTopics is not sent"):
            await topics.delete(admin, ["refused.requests"])
        with pytest.raises(NotSent, match="read-only: AlterConfigs is not sent"):
            await admin.alter_configs([])
        assert await admin.describe_cluster()
    finally:
        await closed(admin, 1.0)
    assert watched.recording.api_keys <= READING


async def test_watching_without_workers_never_joins_the_group_and_never_commits(watched: Watched) -> None:
    settings = watched.settings("plain", watched.through_proxy)
    async with running(settings) as session:
        await until(lambda: session.ledger.figures(time.time()).link is Link.CONNECTED)
        await until(lambda: len(session.ledger.figures(time.time()).partitions) == 4)
        session.send("1", "sum", "2", times=3)
        await until(lambda: session.ledger.figures(time.time()).totals.lag == 3)
    assert FETCH in watched.recording.api_keys
    assert not watched.recording.api_keys & MEMBERS


async def test_the_proxy_hears_a_member_that_joins_and_commits(watched: Watched) -> None:
    settings = watched.settings("heard", watched.through_proxy, workers=1)
    async with running(settings) as session:
        await until(lambda: joined(session, 1))
        session.send("1", "sum", "2")
        await until(lambda: settled(session))
        await until(lambda: HEARTBEAT in watched.recording.api_keys)
    assert watched.recording.api_keys >= MEMBERS
