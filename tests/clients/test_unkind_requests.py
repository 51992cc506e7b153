"""Whatever stands on the requests topic ends as a result or as a dead letter, byte for byte, and work goes on."""

import json
from dataclasses import dataclass

import pytest

from tests.kafka_cluster import (
    Cluster,
    EventLog,
    connection_to,
    fresh_settings,
    read_topic,
    running,
    settled,
    until,
)
from tui.clients.aiokafka_types import Headers
from tui.clients.connection import closed
from tui.events import DeadLetterReceived

ESCAPES = "\x1b[31m\x1b]0;title\x07\x9b2J"
NASTY = f"[bold]x[/bold] {ESCAPES} \u202eevil \x00 \r\n"
NASTY_HEADER = ((NASTY, NASTY.encode()),)
FORGED = (("kcalc-dlq-offset", b"no number"), ("kcalc-dlq-reason", b"x"))
BYTES_AND_NULL = (("bytes", bytes(range(256))), ("null", None))
NO_RESULTS = (None, b"", b"[]", b"{}", bytes(range(256)), b"9" * 2_000_000)


@dataclass(frozen=True)
class Unkind:
    """A message, and the reason for which it is a dead letter ("" if it is answered)."""

    name: str
    value: bytes | None
    reason: str
    key: bytes | None = None
    headers: tuple[tuple[str, bytes | None], ...] = ()


def request(**fields: object) -> bytes:
    return json.dumps({"operator_1": "5", "operator_2": "2", "operation": "sum"} | fields).encode()


UNKIND = (
    Unkind("nothing", None, "null_value", b"key of nothing"),
    Unkind("nothing at all", None, "null_value"),
    Unkind("empty", b"", "not_json"),
    Unkind("no JSON", b"five plus two", "not_json"),
    Unkind("a list", b"[1, 2, 3]", "not_an_object"),
    Unkind("a string", b'"sum"', "not_an_object"),
    Unkind("deep", b"[" * 50_000, ""),
    Unkind("no operation", b'{"operator_1": "5", "operator_2": "2"}', "no_operation"),
    Unkind("an operand that is an object", request(operator_1={"a": {"b": 1}}), "wrong_type"),
    Unkind("an operand that is a list", request(operator_2=[5]), "wrong_type"),
    Unkind("an operation that is a number", request(operation=5), "wrong_type"),
    Unkind("an operand that is true", request(operator_1=True), "wrong_type"),
    Unkind("no number", request(operator_1="five"), "operand_not_a_number"),
    Unkind("not a number", request(operator_1="NaN"), "operand_not_a_number"),
    Unkind("infinity", request(operator_1="-Infinity"), "operand_not_a_number"),
    Unkind("full-width digits", request(operator_1="５"), "operand_not_a_number"),
    Unkind("2 MB", request(operator_1="5" * 2_000_000), "too_large", b"big", (("h", b"\x00" * 1_000),)),
    Unkind("invalid UTF-8", b'{"operator_1": "\xff\xfe", "operation": "sum"}', "not_utf8", b"\xff\xfe"),
    Unkind("a lone surrogate", b'{"operator_1": "\\ud800", "operation": "sum"}', ""),
    Unkind("binary", bytes(range(256)), "not_utf8", bytes(range(256)), BYTES_AND_NULL),
    Unkind("markup in the operand", request(operator_1=NASTY), "operand_not_a_number", NASTY.encode()),
    Unkind("markup in the id", request(operator_1="x", id=NASTY), "operand_not_a_number", None, NASTY_HEADER),
    Unkind("an id that is an object", request(id={"a": 1}), "wrong_type"),
    Unkind("an endless id", request(id="i" * 10_000), "too_large"),
    Unkind("a forged dead letter", b"?", "not_json", None, FORGED),
    Unkind("an unknown operation", request(operation=NASTY), "", NASTY.encode()),
    Unkind("division by zero", request(operator_2="0", operation="div"), ""),
    Unkind("too many digits", request(operator_1="1e999999"), ""),
    Unkind("answered, with markup in the id", request(id=NASTY), "", NASTY.encode(), NASTY_HEADER),
    Unkind("no second operand", b'{"operator_1": "5", "operation": "sum"}', ""),
)


async def put(cluster: Cluster, topic: str, messages: tuple[Unkind, ...], partition: int) -> None:
    """Write the messages to one partition, each in a batch of its own."""
    producer = connection_to(cluster).producer("unkind")
    await producer.start()
    try:
        for message in messages:
            batch = producer.create_batch()
            headers: Headers = list(message.headers)
            batch.append(timestamp=None, key=message.key, value=message.value, headers=headers)
            await (await producer.send_batch(batch, topic, partition=partition))
    finally:
        await closed(producer, 2.0)


async def test_every_unkind_message_ends_and_the_next_request_works(cluster: Cluster) -> None:
    settings = fresh_settings(cluster, count=2)
    events = EventLog()
    async with running(settings, on_event=events) as session:
        await put(cluster, settings.topics.requests, UNKIND, partition=2)
        session.send("0.1", "sum", "0.2", times=8)

        def all_ended() -> bool:
            books = session.ledger.accounting()
            return settled(session) and books.others_done + books.others_failed + books.others_dead == len(UNKIND)

        await until(all_ended)
        books = session.ledger.accounting()
        assert (books.done, books.again, books.wrong) == (8, 0, "")
        assert books.balanced
        letters = {letter.offset: letter for letter in events.of(DeadLetterReceived)}
        for offset, message in enumerate(UNKIND):
            if message.reason:
                assert letters[offset].reason == message.reason, message.name
        stored = await read_topic(cluster, settings.topics.dead_letters, len(letters))
    originals = {offset: UNKIND[offset] for offset in letters}
    for record in stored:
        headers = dict(record.headers[-8:])
        message = originals.pop(int(headers["kcalc-dlq-offset"] or b""))
        assert (record.key, record.value) == (message.key, message.value), message.name
        assert tuple(record.headers[:-8]) == message.headers, message.name
        assert record.partition == 2
        assert headers["kcalc-dlq-topic"] == settings.topics.requests.encode()
        assert headers["kcalc-dlq-partition"] == b"2"
        assert (headers["kcalc-dlq-client-id"] or b"").startswith(b"client-")
        assert int(headers["kcalc-dlq-timestamp"] or b"0") > 1_600_000_000_000
    assert not originals


async def test_an_own_request_that_is_none_is_a_dead_letter_in_the_books(cluster: Cluster) -> None:
    async with running(fresh_settings(cluster, count=1)) as session:
        session.send("five", "sum", "2")
        session.send("5", "sum", "2")
        await until(lambda: settled(session))
        books = session.ledger.accounting()
        assert (books.sent, books.done, books.dead, books.others_dead) == (2, 1, 1, 0)
        assert books.balanced


async def test_what_is_no_result_is_ignored(cluster: Cluster) -> None:
    settings = fresh_settings(cluster, count=1)
    no_results = tuple(
        Unkind("", value, "") for value in (None, b"", b"[]", b"{}", bytes(range(256)), b"9" * 2_000_000)
    )
    async with running(settings) as session:
        await put(cluster, settings.topics.results, no_results, partition=0)
        await put(cluster, settings.topics.dead_letters, no_results, partition=0)
        session.send("5", "sum", "2", times=4)
        await until(lambda: settled(session))
        assert session.results.total == 4


@pytest.mark.parametrize("value", ["5" * 1_000_000, "1e999999", "NaN", "", " 5 ", "５"])
async def test_operands_that_no_form_lets_through_are_survived_too(cluster: Cluster, value: str) -> None:
    async with running(fresh_settings(cluster, count=1)) as session:
        session.send(value, "sum", "2")
        session.send("5", "sum", "2")
        await until(lambda: settled(session))
        assert session.ledger.accounting().balanced
