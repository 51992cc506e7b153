"""Malformed messages all end as a result or a dead letter, and the check that says so finds out whoever loses one."""

from collections.abc import Callable

import pytest

from tests.faults.stored import Stored
from tests.fuzz.accounts import Accounts
from tests.fuzz.decoding import Decoding
from tests.fuzz.malformed import Malformed, Slices, malformed
from tests.fuzz.messages import Progress, judged
from tests.fuzz.values import DEAD_LETTER, ERROR, KINDS, RESULT, Outcome
from tests.fuzz.working import settings_for, through_workers
from tests.kafka_cluster import Cluster, EmbeddedCluster
from tui.settings import TopicSettings

TOPICS = TopicSettings()
DECODED = Slices(3, range(20_000), 5_000)
WORKED = Slices(4, range(5_000), 1_000)
GOOD = Malformed(0, "valid", b"k", b'{"operator_1": 1, "operator_2": "2", "operation": "sum", "id": "a"}', (), None)
GOOD_PARTS = (GOOD.key, GOOD.value, GOOD.headers)
BAD = Malformed(1, "noise", b"", b"?", (("a", None), ("a", b"\x00")), Outcome(DEAD_LETTER, "not_json"))


def ignored(_: int) -> None:
    """Nobody asks how far it is."""


def test_a_message_is_the_same_every_time_and_another_for_every_number_and_seed() -> None:
    assert malformed(1, 7) == malformed(1, 7)
    assert len({malformed(seed, number).value for seed in range(2) for number in range(100) if number % 2}) > 50


def test_whatever_is_decoded_ends_as_a_result_or_a_dead_letter() -> None:
    accounts = Accounts(TOPICS)
    Decoding(accounts).run(DECODED, ignored)
    assert accounts.findings == []
    assert sum(accounts.outcomes.values()) == 20_000
    assert {kind for kind, _, _ in accounts.outcomes} == set(KINDS)
    assert all(accounts.total(kind) > 1_000 for kind in (RESULT, ERROR, DEAD_LETTER))


async def test_whatever_stands_on_the_topic_is_answered_once_by_a_worker(cluster: Cluster) -> None:
    accounts = await worked(cluster, "at_least_once")
    assert accounts.findings == []
    assert sum(accounts.outcomes.values()) == 5_000


async def test_whatever_stands_on_the_topic_is_answered_once_in_a_transaction(embedded: EmbeddedCluster) -> None:
    accounts = await worked(embedded, "exactly_once")
    assert accounts.findings == []
    assert sum(accounts.outcomes.values()) == 5_000


async def worked(cluster: Cluster, delivery: str) -> Accounts:
    settings = settings_for(cluster, delivery)
    accounts = Accounts(settings.topics)
    await through_workers(settings, cluster.bootstrap_servers, WORKED, accounts, ignored)
    return accounts


def answers_to(*messages: Malformed) -> list[tuple[str, Stored]]:
    """What a worker writes for them, at offsets 0, 1, …"""
    decoding = Decoding(Accounts(TOPICS))
    return [answer for message in messages for answer in decoding.answers(message, 1_000)]


def found(messages: list[Malformed], answers: list[tuple[str, Stored]]) -> Accounts:
    """The judgement of those answers to those messages."""
    accounts = Accounts(TOPICS)
    for message in messages:
        accounts.asked(message, 0, message.number, 1_000)
    for topic, stored in answers:
        accounts.take(topic, stored)
    accounts.close_slice()
    return accounts


def test_right_answers_are_found_right() -> None:
    accounts = found([GOOD, BAD], answers_to(GOOD, BAD))
    assert accounts.findings == []
    assert accounts.outcomes == {("valid", RESULT, ""): 1, ("noise", DEAD_LETTER, "not_json"): 1}


@pytest.mark.parametrize("lost", [0, 1])
def test_a_lost_message_is_found(lost: int) -> None:
    answers = answers_to(GOOD, BAD)
    del answers[lost]
    (finding,) = found([GOOD, BAD], answers).findings
    assert finding.number == lost
    assert "lost" in finding.text


@pytest.mark.parametrize("doubled", [0, 1])
def test_a_doubled_answer_is_found(doubled: int) -> None:
    answers = answers_to(GOOD, BAD)
    (finding,) = found([GOOD, BAD], [*answers, answers[doubled]]).findings
    assert finding.number == doubled
    assert "doubled" in finding.text


def test_an_answer_to_nobody_is_found() -> None:
    (finding,) = found([GOOD], answers_to(GOOD, BAD)).findings
    assert finding.number is None


def test_answers_out_of_order_are_found() -> None:
    later = Malformed(1, "valid", *GOOD_PARTS, None)
    (finding,) = found([GOOD, later], answers_to(later, GOOD)).findings
    assert "order" in finding.text


CHANGES: dict[str, tuple[int, Callable[[Stored], Stored]]] = {
    "another key": (0, lambda stored: stored._replace(key=b"K")),
    "no key": (0, lambda stored: stored._replace(key=None)),
    "another partition": (0, lambda stored: stored._replace(partition=1)),
    "another id": (0, lambda stored: replaced(stored, b'"id":"a"', b'"id":"b"')),
    "another operand": (0, lambda stored: replaced(stored, b'"operator_1":"1"', b'"operator_1":"7"')),
    "another operation": (0, lambda stored: replaced(stored, b'"sum"', b'"sub"')),
    "neither result nor error": (0, lambda stored: replaced(stored, b'"result":"3"', b'"result":null')),
    "no number": (0, lambda stored: replaced(stored, b'"result":"3"', b'"result":"three"')),
    "another time": (0, lambda stored: replaced(stored, b'"sent_at":1.0', b'"sent_at":2.0')),
    "other bytes": (0, lambda stored: stored._replace(value=(stored.value or b"") + b" ")),
    "a dead letter with another key": (1, lambda stored: stored._replace(key=None)),
    "a dead letter with another value": (1, lambda stored: stored._replace(value=None)),
    "a dead letter with a header less": (1, lambda stored: stored._replace(headers=stored.headers[1:])),
    "a dead letter with a header changed": (1, lambda stored: with_header(stored, 0, b"")),
    "a dead letter with its headers exchanged": (
        1,
        lambda stored: stored._replace(headers=(stored.headers[1], stored.headers[0], *stored.headers[2:])),
    ),
    "a dead letter with an unknown reason": (1, lambda stored: with_header(stored, 2, b"no reason")),
    "a dead letter from another topic": (1, lambda stored: with_header(stored, 4, b"nowhere")),
    "a dead letter from another offset": (1, lambda stored: with_header(stored, 6, b"9")),
    "a dead letter of another time": (1, lambda stored: with_header(stored, 7, b"9")),
    "a dead letter that does not say who wrote it": (1, lambda stored: with_header(stored, 8, b"")),
}


def replaced(stored: Stored, old: bytes, new: bytes) -> Stored:
    assert stored.value is not None
    assert old in stored.value
    return stored._replace(value=stored.value.replace(old, new))


def with_header(stored: Stored, at: int, value: bytes) -> Stored:
    headers = [*stored.headers]
    headers[at] = headers[at][0], value
    return stored._replace(headers=tuple(headers))


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_answer_is_found(change: str) -> None:
    number, changed = CHANGES[change]
    answers = answers_to(GOOD, BAD)
    topic, stored = answers[number]
    answers[number] = topic, changed(stored)
    assert found([GOOD, BAD], answers).findings


@pytest.mark.parametrize("must", [Outcome(RESULT, "4"), Outcome(ERROR, "domain"), Outcome(DEAD_LETTER, "not_json")])
def test_an_answer_that_must_be_another_is_found(must: Outcome) -> None:
    wanted = Malformed(0, "valid", *GOOD_PARTS, must)
    (finding,) = found([wanted], answers_to(GOOD)).findings
    assert "must be" in finding.text


def test_a_decoder_that_raises_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise UnicodeError("broken")

    monkeypatch.setattr("tests.fuzz.decoding.decode_request", broken)
    accounts = Accounts(TOPICS)
    Decoding(accounts).take(GOOD)
    assert "UnicodeError" in accounts.findings[0].text


def test_a_failure_says_how_to_run_its_message_again(capsys: pytest.CaptureFixture[str]) -> None:
    accounts, progress = found([GOOD, BAD], answers_to(GOOD)), Progress("decode", 2)
    assert not judged(accounts, progress, 5)
    assert "python -m tests.fuzz.messages --seed 5 --first 1 --count 1 --part decode" in capsys.readouterr().out


def test_figures_without_a_finding_pass(capsys: pytest.CaptureFixture[str]) -> None:
    assert judged(found([GOOD, BAD], answers_to(GOOD, BAD)), Progress("decode", 2), 5)
    assert "2 of 2 accounted for" in capsys.readouterr().out
