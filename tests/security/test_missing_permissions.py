"""A missing permission is told with operation, resource and principal, and the printed command is the one that helps.

Only real Apache Kafka: the embedded broker has no authorizer.
"""

import asyncio
import time
import uuid
from collections.abc import Callable

import pytest

from tests.kafka_cluster import EventLog, running, until, with_workers
from tests.security.conftest import Login
from tests.security.grants import commands_in, grant
from tests.security.secured_kafka import USER, SecuredKafka
from tui.clients.connection import Connection, closed, started
from tui.clients.topics import ensure, plans
from tui.events import (
    DeadLetterReceived,
    Event,
    LaneFailed,
    ObservationFailed,
    RequestsUnsent,
    ResultsReceived,
    WorkerStateChanged,
)
from tui.session import Session
from tui.settings import KafkaSettings, Settings, TopicSettings, WorkerSettings

pytestmark = pytest.mark.timeout(150)

TOLD_WITHIN_S = 10.0
STEPS = 12


@pytest.fixture
def settings(login: Login) -> Settings:
    """Settings of alice with topics and a group that no other test has, and a bound on every request."""
    token = uuid.uuid4().hex[:8]
    return Settings(
        kafka=login("SASL_PLAINTEXT", request_timeout_s=4.0),
        topics=TopicSettings(requests=f"t{token}.requests", results=f"t{token}.results", dead_letters=f"t{token}.dlq"),
        workers=WorkerSettings(group=f"t{token}", count=1),
    )


@pytest.fixture
async def with_topics(secured: SecuredKafka, settings: Settings) -> Settings:
    """The same settings; the super user has created the topics."""
    kafka = KafkaSettings(bootstrap_servers=secured.at("PLAINTEXT"))
    admin = Connection(kafka, kafka.bootstrap_servers).admin()
    try:
        await started(admin)
        await ensure(admin, plans(settings.topics))
    finally:
        await closed(admin, 1.0)
    return settings


async def put(settings: Settings, topic: str, value: bytes) -> None:
    """Write one record as alice."""
    producer = Connection(settings.kafka, settings.kafka.bootstrap_servers).producer("test")
    try:
        await started(producer)
        batch = producer.create_batch()
        batch.append(timestamp=None, key=None, value=value)
        batch.close()
        await (await producer.send_batch(batch, topic, partition=0))
    finally:
        await closed(producer, 1.0)


def told(event: Event) -> str:
    """What an event says is wrong."""
    match event:
        case LaneFailed() | ObservationFailed() | RequestsUnsent():
            return event.reason
        case WorkerStateChanged():
            return event.detail
        case _:
            return ""


async def new_command(events: EventLog, done: set[str], finished: Callable[[], bool]) -> str:
    """The next command that is printed and was not followed yet; "" if all is finished."""
    deadline = time.monotonic() + 2 * TOLD_WITHIN_S
    while time.monotonic() < deadline:
        if finished():
            return ""
        for event in events:
            for line in commands_in(told(event)):
                if line not in done:
                    return line
        await asyncio.sleep(0.02)
    raise AssertionError(f"nothing was printed after {sorted(done)}: {events[-10:]}")


async def followed(secured: SecuredKafka, session: Session, events: EventLog) -> list[tuple[str, ...]]:
    """Send requests, and follow what is printed until one is answered; what was granted on the way."""
    granted: list[tuple[str, ...]] = []
    done: set[str] = set()
    for _ in range(STEPS):
        with_answer = len(events.of(ResultsReceived))
        session.send("1", "sum", "1")

        def answered(before: int = with_answer) -> bool:
            return len(events.of(ResultsReceived)) > before

        line = await new_command(events, done, answered)
        if not line:
            return granted
        done.add(line)
        granted.append(grant(secured, line))
    raise AssertionError(f"no end of missing permissions: {granted}")


async def test_following_the_printed_commands_leads_from_no_permission_to_an_answer(
    secured: SecuredKafka, with_topics: Settings
) -> None:
    names, group = with_topics.topics, with_topics.workers.group
    events = EventLog()
    async with running(with_topics, on_event=events) as session:
        granted = await followed(secured, session, events)
    assert sorted(granted) == sorted(
        [
            ("Read", "group", group),
            ("Read", "topic", names.requests),
            ("Write", "topic", names.requests),
            ("Read", "topic", names.results),
            ("Write", "topic", names.results),
            ("Read", "topic", names.dead_letters),
            ("Describe", "group", group),
        ]
    )


async def test_with_transactions_the_printed_commands_allow_those_of_all_partitions_at_once(
    secured: SecuredKafka, with_topics: Settings
) -> None:
    exactly_once = with_workers(with_topics, delivery="exactly_once")
    events = EventLog()
    async with running(exactly_once, on_event=events) as session:
        granted = await followed(secured, session, events)
    group, requests = with_topics.workers.group, with_topics.topics.requests
    assert ("Write", "transactional-id", f"{group}-{requests}-") in granted


async def test_without_topics_the_printed_commands_allow_to_create_them(
    secured: SecuredKafka, settings: Settings
) -> None:
    events = EventLog()
    async with running(settings, on_event=events) as session:
        granted = await followed(secured, session, events)
    names = settings.topics
    for name in (names.requests, names.results, names.dead_letters):
        assert ("Create", "topic", name) in granted


async def test_a_dead_letter_that_may_not_be_written_stops_its_lane_with_the_command_that_helps(
    secured: SecuredKafka, with_topics: Settings
) -> None:
    names, group = with_topics.topics, with_topics.workers.group
    for operation, kind, name in (
        ("READ", "TOPIC", names.requests),
        ("WRITE", "TOPIC", names.requests),
        ("READ", "TOPIC", names.results),
        ("WRITE", "TOPIC", names.results),
        ("READ", "TOPIC", names.dead_letters),
        ("READ", "GROUP", group),
    ):
        secured.allow(operation, kind, name)
    events = EventLog()
    async with running(with_topics, on_event=events) as session:
        await put(with_topics, names.requests, b"no request")
        line = await new_command(events, set(), lambda: False)
        assert grant(secured, line) == ("Write", "topic", names.dead_letters)
        await until(lambda: events.of(DeadLetterReceived))
        (failed, *_) = events.of(LaneFailed)
        assert f"{names.dead_letters} refused a dead letter" in failed.reason
        assert f"User:{USER} may not Write topic {names.dead_letters}" in failed.reason
        assert session.ledger.accounting().wrong == ""
