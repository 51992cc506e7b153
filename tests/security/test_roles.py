"""What `kcalc doctor` says that a role needs is all that it needs.

Only real Apache Kafka: the embedded broker has no authorizer.
"""

import uuid

import pytest
from msgspec.structs import replace

from tests.kafka_cluster import EventLog, running, settled, until
from tests.security.conftest import Login
from tests.security.secured_kafka import SecuredKafka
from tui.clients.permissions import Permission
from tui.clients.roles import needs
from tui.events import GroupObserved, LaneFailed, ObservationFailed, ResultsReceived, WorkerState, WorkerStateChanged
from tui.settings import KafkaSettings, Settings, TopicSettings, WorkerSettings

pytestmark = pytest.mark.timeout(150)


@pytest.fixture(params=["at_least_once", "exactly_once"])
def alice(login: Login, request: pytest.FixtureRequest) -> Settings:
    """Settings of alice, without workers."""
    token = uuid.uuid4().hex[:8]
    return Settings(
        kafka=login("SASL_PLAINTEXT", request_timeout_s=4.0),
        topics=TopicSettings(requests=f"t{token}.requests", results=f"t{token}.results", dead_letters=f"t{token}.dlq"),
        workers=WorkerSettings(group=f"t{token}", count=0, delivery=request.param),
    )


@pytest.fixture
def boss(secured: SecuredKafka, alice: Settings) -> Settings:
    """Settings of the super user for the same topics and group."""
    return replace(alice, kafka=KafkaSettings(bootstrap_servers=secured.at("PLAINTEXT")))


def allow(secured: SecuredKafka, settings: Settings, role: str) -> None:
    """Give alice what the role needs and nothing else."""
    for name, permission in needs(settings):
        if name == role and permission.operation != "IdempotentWrite":
            give(secured, permission)


def give(secured: SecuredKafka, permission: Permission) -> None:
    kind = permission.resource.replace("-", "_").upper()
    secured.allow(permission.operation.upper(), kind, permission.name, prefixed=permission.prefixed)


def complaints(events: EventLog) -> list[str]:
    """What went wrong, in words."""
    failed = [event.detail for event in events.of(WorkerStateChanged) if event.state is WorkerState.FAILED]
    unseen = [event.reason for event in events.of(ObservationFailed)]
    return failed + unseen + [event.reason for event in events.of(LaneFailed)]


async def test_who_may_work_answers_requests(secured: SecuredKafka, alice: Settings, boss: Settings) -> None:
    async with running(boss) as asking:
        allow(secured, alice, "work")
        events = EventLog()
        async with running(alice, client_ids=["w"], reads_results=False, on_event=events):
            asking.send("1", "sum", "1")
            asking.send("1", "no such operation", "1")
            await until(lambda: settled(asking))
    assert complaints(events) == []


async def test_who_may_send_and_watch_sees_the_answers(secured: SecuredKafka, alice: Settings, boss: Settings) -> None:
    async with running(boss, client_ids=["w"], reads_results=False):
        for role in ("send", "watch"):
            allow(secured, alice, role)
        events = EventLog()
        async with running(alice, on_event=events) as asking:
            asking.send("1", "sum", "1")
            await until(lambda: settled(asking))
    assert complaints(events) == []


async def test_who_may_watch_sees_results_and_the_group(secured: SecuredKafka, alice: Settings, boss: Settings) -> None:
    async with running(boss, client_ids=["w"]) as asking:
        allow(secured, alice, "watch")
        events = EventLog()
        async with running(alice, on_event=events):
            asking.send("1", "sum", "1")
            await until(lambda: events.of(ResultsReceived))
            await until(lambda: any(event.members for event in events.of(GroupObserved)))
    assert complaints(events) == []
