"""The commands against a secured cluster: what they say when they are not let in or may not do what they should.

Only real Apache Kafka: the embedded broker has no TLS, no SASL and no authorizer.
"""

import json
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

from tests.commands.processes import Kcalc
from tests.security.grants import commands_in, grant
from tests.security.secured_kafka import PASSWORD, USER, SecuredKafka

pytestmark = pytest.mark.timeout(180)

TOLD_WITHIN_S = 10.0


class Alice:
    """`kcalc` as alice runs it, with topics and a group of this test."""

    def __init__(self, secured: SecuredKafka, folder: Path) -> None:
        self._secured = secured
        self._folder = folder
        self.group = f"t{uuid.uuid4().hex[:8]}"
        self.requests, self.results, self.dead_letters = (f"{self.group}.{name}" for name in ("in", "out", "dead"))

    def kcalc(self, listener: str = "SASL_SSL", changes: Mapping[str, str] | None = None) -> Kcalc:
        """The command, with changes to the variables of the section `kafka`."""
        kafka = {
            "security_protocol": listener,
            "ssl_cafile": str(self._secured.authority.certificate),
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_username": USER,
            "sasl_password": PASSWORD,
            "request_timeout_s": "5",
            **(changes or {}),
        }
        return Kcalc(
            self._folder,
            {
                "KCALC_BOOTSTRAP_SERVERS": self._secured.at(listener),
                "KCALC_TOPICS__REQUESTS": self.requests,
                "KCALC_TOPICS__RESULTS": self.results,
                "KCALC_TOPICS__DEAD_LETTERS": self.dead_letters,
                "KCALC_WORKERS__GROUP": self.group,
                "KCALC_WORKERS__DELIVERY": "exactly_once",
                **{f"KCALC_KAFKA__{name.upper()}": value for name, value in kafka.items()},
            },
        )

    def topics_made(self) -> None:
        """The super user creates the topics."""
        kcalc = self.kcalc("PLAINTEXT", {"security_protocol": "PLAINTEXT"})
        assert kcalc("topics", "create").returncode == 0


@pytest.fixture
def alice(secured: SecuredKafka, tmp_path: Path) -> Alice:
    """alice, who may do nothing."""
    return Alice(secured, tmp_path)


@pytest.mark.parametrize("arguments", [["send", "1", "1", "sum"], ["doctor"], ["topics", "list"], ["results"]])
def test_a_command_that_is_not_let_in_says_what_to_change(alice: Alice, arguments: list[str]) -> None:
    began = time.monotonic()
    run = alice.kcalc(changes={"sasl_password": "canary"})(*arguments)
    assert time.monotonic() - began < TOLD_WITHIN_S
    assert run.returncode == 1
    told = run.stdout if arguments == ["doctor"] else run.stderr
    assert "authentication failed at 127.0.0.1:" in told
    assert "kafka.sasl_username or kafka.sasl_password is wrong" in told
    assert "canary" not in run.stdout + run.stderr


def test_a_worker_that_is_not_let_in_says_what_to_change_and_goes_on_trying(
    alice: Alice, secured: SecuredKafka
) -> None:
    other = {"ssl_cafile": str(secured.other_authority.certificate)}
    began = time.monotonic()
    with alice.kcalc(changes=other).start("worker", "0") as worker:
        line = worker.err_until("is not signed by kafka.ssl_cafile")
        assert time.monotonic() - began < TOLD_WITHIN_S
        assert str(secured.other_authority.certificate) in line
        assert worker.process.poll() is None


def test_files_that_are_no_certificates_are_told_before_anything_connects(alice: Alice, tmp_path: Path) -> None:
    file = tmp_path / "not.pem"
    file.write_text("nothing")
    run = alice.kcalc(changes={"ssl_cafile": str(file)})("send", "1", "1", "sum")
    assert run.returncode == 2
    assert f"kafka.ssl_cafile: found {file}" in run.stderr


def test_the_doctor_lists_what_is_missing_and_after_its_commands_nothing_is(
    alice: Alice, secured: SecuredKafka
) -> None:
    alice.topics_made()
    before = whats_there(secured, alice)
    kcalc = alice.kcalc()
    run = kcalc("doctor", "--json")
    assert run.returncode == 1
    found = json.loads(run.stdout)
    assert [check for check in found["permissions"] if check["allowed"] is not False] == []
    for line in {check["granted_by"] for check in found["permissions"]}:
        grant(secured, line)
    run = kcalc("doctor", "--json")
    assert run.returncode == 0, run.stdout
    found = json.loads(run.stdout)
    assert [check for check in found["permissions"] if check["allowed"] is not True] == []
    needed = {(check["role"], check["operation"], check["name"]) for check in found["permissions"]}
    assert needed == {
        ("watch", "Describe", alice.requests),
        ("watch", "Read", alice.results),
        ("watch", "Read", alice.dead_letters),
        ("watch", "Describe", alice.group),
        ("send", "Write", alice.requests),
        ("send", "Read", alice.results),
        ("send", "IdempotentWrite", ""),
        ("work", "Read", alice.requests),
        ("work", "Write", alice.results),
        ("work", "Write", alice.dead_letters),
        ("work", "Read", alice.group),
        ("work", "IdempotentWrite", ""),
        ("work", "Write", f"{alice.group}-{alice.requests}-"),
    }
    assert whats_there(secured, alice) == before


def test_the_doctor_says_of_topics_that_are_not_there_whether_they_could_be_made(
    alice: Alice, secured: SecuredKafka
) -> None:
    for name in (alice.requests, alice.results, alice.dead_letters):
        secured.allow("DESCRIBE", "TOPIC", name)
    secured.allow("CREATE", "TOPIC", alice.results)
    before = whats_there(secured, alice)
    found = json.loads(alice.kcalc()("doctor", "--json").stdout)
    may = {check["name"]: check["allowed"] for check in found["permissions"] if check["role"] == "create"}
    assert may == {alice.requests: False, alice.results: True, alice.dead_letters: False}
    assert whats_there(secured, alice) == before


def test_send_prints_the_command_that_lets_it_send(alice: Alice, secured: SecuredKafka) -> None:
    alice.topics_made()
    kcalc = alice.kcalc()
    granted = set()
    for _ in range(6):
        began = time.monotonic()
        run = kcalc("send", "--no-wait", "1", "1", "sum")
        assert time.monotonic() - began < TOLD_WITHIN_S
        if run.returncode == 0:
            break
        (line,) = commands_in(run.stderr)
        granted.add(grant(secured, line))
    assert "stored 1 request" in run.stderr
    assert granted == {("Write", "topic", alice.requests), ("Read", "topic", alice.results)}


@pytest.mark.parametrize(
    ("arguments", "missing"),
    [
        (["topics", "create", "other"], ("Create", "topic", "other")),
        (["topics", "delete", "--yes", "RESULTS"], ("Delete", "topic", "RESULTS")),
        (["results"], ("Read", "topic", "RESULTS")),
    ],
)
def test_a_command_that_may_not_do_it_prints_the_command_that_allows_it(
    alice: Alice, secured: SecuredKafka, arguments: list[str], missing: tuple[str, ...]
) -> None:
    alice.topics_made()
    for name in (alice.results, "other"):
        secured.allow("DESCRIBE", "TOPIC", name)
    named = {"RESULTS": alice.results}
    if arguments == ["results"]:
        put_a_result(secured, alice.results)
    run = alice.kcalc()(*(named.get(word, word) for word in arguments))
    assert run.returncode == 1
    operation, kind, name = missing
    assert f"User:{USER} may not {operation} {kind} {named.get(name, name)}" in run.stderr
    (line,) = commands_in(run.stderr)
    assert grant(secured, line) == (operation, kind, named.get(name, name))


def put_a_result(secured: SecuredKafka, topic: str) -> None:
    """The super user writes something to read."""
    producer = Producer({"bootstrap.servers": secured.at("PLAINTEXT"), "log_level": 0})
    producer.produce(topic, b"{}")
    assert producer.flush(10.0) == 0


def whats_there(secured: SecuredKafka, alice: Alice) -> dict[str, Any]:
    """All topics and groups, and the offsets between which the topics of this test have messages."""
    found = secured.admin.list_topics(timeout=10.0).topics
    own = {name: topic for name, topic in found.items() if name.startswith(alice.group)}
    reader = Consumer({"bootstrap.servers": secured.at("PLAINTEXT"), "group.id": "unused", "log_level": 0})
    try:
        places = [TopicPartition(name, number) for name, topic in own.items() for number in topic.partitions]
        messages = {f"{place.topic}/{place.partition}": offsets(reader, place) for place in places}
    finally:
        reader.close()
    groups = secured.admin.list_consumer_groups().result(10.0).valid
    topics = {name for name in found if not name.startswith("__")}
    return {"topics": topics, "messages": messages, "groups": sorted(group.group_id for group in groups)}


def offsets(reader: Consumer, place: TopicPartition) -> tuple[int, int]:
    """Where a partition begins and ends; right after its creation its leader may not know yet that it leads."""
    deadline = time.monotonic() + TOLD_WITHIN_S
    while True:
        try:
            begin, end = reader.get_watermark_offsets(place, TOLD_WITHIN_S)
        except KafkaException:
            if time.monotonic() > deadline:
                raise
        else:
            return begin, end
