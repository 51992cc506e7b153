"""What a login may not see of the cluster is said in its place, and the rest is there all the same.

Only real Apache Kafka: the embedded broker has no authorizer.
"""

import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from msgspec.structs import replace

from tests.security.conftest import Login
from tests.security.grants import commands_in, grant
from tests.security.secured_kafka import USER, SecuredKafka
from tui.clients.cluster import Cluster
from tui.clients.connection import Connection, closed, started
from tui.clients.described import ClusterDescription
from tui.clients.refusals import ClusterRefused
from tui.clients.topics import ensure, plans
from tui.settings import KafkaSettings, Settings, TopicSettings, WorkerSettings

pytestmark = pytest.mark.timeout(150)

WITHIN_S = 10.0
DENIED = "no permission: DESCRIBE on cluster"


@pytest.fixture
async def settings(secured: SecuredKafka, login: Login) -> Settings:
    """Settings of alice; the super user has created the topics."""
    token = uuid.uuid4().hex[:8]
    topics = TopicSettings(requests=f"t{token}.requests", results=f"t{token}.results", dead_letters=f"t{token}.dlq")
    kafka = KafkaSettings(bootstrap_servers=secured.at("PLAINTEXT"))
    admin = Connection(kafka, kafka.bootstrap_servers).admin()
    try:
        await started(admin)
        await ensure(admin, plans(topics))
    finally:
        await closed(admin, 1.0)
    return Settings(kafka=login("SASL_PLAINTEXT"), topics=topics, workers=WorkerSettings(group=f"t{token}"))


@pytest.fixture
async def cluster(settings: Settings) -> AsyncIterator[Cluster]:
    """The cluster as alice sees it."""
    found = Cluster(Connection(settings.kafka, settings.kafka.bootstrap_servers), settings, time.time)
    yield found
    await found.close()


def missing(described: ClusterDescription) -> dict[str, tuple[str, ...]]:
    """What is missing, and who needs it."""
    return {each.what: each.needed_to for each in described.missing}


async def test_without_any_permission_brokers_are_seen_and_everything_else_is_named(
    cluster: Cluster, settings: Settings
) -> None:
    described = await cluster.describe(WITHIN_S)
    names, group = settings.topics, settings.workers.group
    assert len(described.brokers) == 1
    assert (described.principal, described.controller, described.topics) == (f"User:{USER}", None, ())
    assert (described.sizes_trouble, described.groups_trouble, described.permissions_trouble) == (DENIED, DENIED, "")
    assert missing(described) == {
        f"Describe topic {names.requests}": ("watch",),
        f"Read topic {names.results}": ("watch", "send"),
        f"Read topic {names.dead_letters}": ("watch",),
        f"Describe group {group}": ("watch",),
        f"Write topic {names.requests}": ("send",),
        f"Read topic {names.requests}": ("work",),
        f"Write topic {names.results}": ("work",),
        f"Write topic {names.dead_letters}": ("work",),
        f"Read group {group}": ("work",),
        "Describe cluster": ("see sizes, controller and all groups",),
        **{f"Alter topic {name}": ("add partitions",) for name in names.uses},
        **{f"Delete topic {name}": ("delete it",) for name in names.uses},
    }


async def test_following_every_printed_command_leaves_nothing_missing(secured: SecuredKafka, cluster: Cluster) -> None:
    for permission in (await cluster.describe(WITHIN_S)).missing:
        assert " ".join(grant(secured, permission.granted_by)).startswith(permission.what.split()[0])
    for _ in range(100):  # what was granted holds in a moment
        described = await cluster.describe(WITHIN_S)
        if not described.missing:
            break
    assert (described.missing, described.sizes_trouble, described.groups_trouble) == ((), "", "")
    assert described.controller == described.brokers[0].id
    assert all(topic.size_bytes is not None for topic in described.topics)


async def test_with_transactions_the_permission_for_their_ids_is_named(cluster: Cluster, settings: Settings) -> None:
    exactly_once = replace(settings, workers=replace(settings.workers, delivery="exactly_once"))
    connection = Connection(settings.kafka, settings.kafka.bootstrap_servers)
    other = Cluster(connection, exactly_once, time.time)
    try:
        found = missing(await other.describe(WITHIN_S))
    finally:
        await other.close()
    ids = f"{settings.workers.group}-{settings.topics.requests}-"
    assert found[f"Write transactional-id {ids}…"] == ("work",)


async def test_a_change_that_is_not_allowed_says_which_permission_is_missing(
    secured: SecuredKafka, cluster: Cluster, settings: Settings
) -> None:
    name, new = settings.topics.requests, f"{settings.topics.requests}.new"
    for operation in ("DESCRIBE", "READ"):
        secured.allow(operation, "TOPIC", name)
    secured.allow("DESCRIBE", "TOPIC", new)
    changes: dict[tuple[str, ...], Callable[[], Awaitable[None]]] = {
        ("Create", "topic", new): lambda: cluster.create_topic(new, 1, 1),
        ("Alter", "topic", name): lambda: cluster.add_partitions(name, 6),
        ("Delete", "topic", name): lambda: cluster.delete_topic(name),
    }
    for wanted, change in changes.items():
        with pytest.raises(ClusterRefused, match=f"User:{USER} may not {' '.join(wanted)}") as refused:
            await change()
        (line,) = commands_in(str(refused.value))
        assert grant(secured, line) == wanted
    await cluster.add_partitions(name, 6)
    await cluster.delete_topic(name)
