"""Brokers for the tests: `cluster` runs a test on the embedded broker and on real Apache Kafka."""

import signal
from collections.abc import AsyncIterator, Iterator

import pytest
from confluent_kafka import Consumer, TopicPartition
from hypothesis import settings

from tests.kafka_cluster import ApacheCluster, Cluster, EmbeddedCluster, ReplicatedCluster, require_real_kafka
from tests.real_kafka import RealKafka
from tests.three_nodes import ThreeNodes

ONE_PROCESS = ("real_nodes", "secured_node", "watched", "brokers", "composed")
"""Fixtures with nodes of their own: the tests of each run in one process, so that no other one starts them too."""

# The machine may be busy: properties are judged by what they find, not by their time.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests side by side (pytest-xdist) are shared out one by one, but for those groups."""
    for item in items:
        for fixture in ONE_PROCESS:
            if isinstance(item, pytest.Function) and fixture in item.fixturenames:
                item.add_marker(pytest.mark.xdist_group(fixture))


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """A shell lets what it starts in the background ignore SIGINT, and the commands under test would inherit that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def real_kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealKafka]:
    """One node of real Apache Kafka for the whole run, which has had a group: the first one waits for a topic."""
    require_real_kafka()
    kafka = RealKafka(tmp_path_factory.mktemp("kafka"))
    try:
        kafka.start()
        consumer = Consumer({"bootstrap.servers": kafka.bootstrap_servers, "group.id": "first"})
        consumer.committed([TopicPartition("any", 0)], timeout=60)
        consumer.close()
        yield kafka
    finally:
        kafka.stop()


@pytest.fixture(scope="module")
def real_nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ThreeNodes]:
    """Three nodes of real Apache Kafka, from the first test that needs them to the end of its file: they take 1 GB."""
    require_real_kafka()
    nodes = ThreeNodes(tmp_path_factory.mktemp("nodes"))
    try:
        nodes.start()
        yield nodes
    finally:
        nodes.stop()


@pytest.fixture
def three_nodes(real_nodes: ThreeNodes) -> ReplicatedCluster:
    """Three nodes, all of them there and in sync, whatever an earlier test did to them."""
    real_nodes.heal()
    return ReplicatedCluster(real_nodes)


@pytest.fixture
async def embedded() -> AsyncIterator[EmbeddedCluster]:
    """The embedded broker, new for every test."""
    cluster = EmbeddedCluster()
    await cluster.start()
    try:
        yield cluster
    finally:
        await cluster.stop()


@pytest.fixture(params=["embedded", pytest.param("apache", marks=pytest.mark.timeout(360))])
def cluster(request: pytest.FixtureRequest) -> Cluster:
    """The cluster of this run of the test."""
    if request.param == "embedded":
        embedded: EmbeddedCluster = request.getfixturevalue("embedded")
        return embedded
    return ApacheCluster(request.getfixturevalue("real_kafka"))


@pytest.fixture
def bootstrap_servers(cluster: Cluster) -> str:
    """HOST:PORT of the cluster of this run of the test."""
    return cluster.bootstrap_servers
