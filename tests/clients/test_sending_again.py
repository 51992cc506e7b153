"""Dead letters sent again on both brokers: byte for byte, with headers that do not nest, and books that balance."""

import asyncio

import pytest
from msgspec.structs import replace

from tests.clients.test_unkind_requests import Unkind, put
from tests.kafka_cluster import Cluster, fresh_settings, read_topic, running, settled, until, with_workers
from tui.clients import sending_again
from tui.clients.aiokafka_types import Record
from tui.clients.refusals import NotStored, SendRefused
from tui.events import DeadLetterReceived
from tui.session import Session
from tui.settings import KafkaSettings, Settings

GARBAGE = Unkind("garbage", bytes(range(256)), "not_utf8", b"\xff\x00key", (("own", b"\xfe"), ("none", None)))
AGAIN = (
    "kcalc-again-topic",
    "kcalc-again-partition",
    "kcalc-again-offset",
    "kcalc-again-timestamp",
    "kcalc-again-sender",
    "kcalc-again-principal",
)
LETTER = DeadLetterReceived(
    "requests/3/41", "not_json", 3, 41, "client-7", b"?", False, 1.5, topic="requests", letter_partition=2,
    letter_offset=9,
)  # fmt: skip


def letters(session: Session) -> list[DeadLetterReceived]:
    """All letters that are kept, the newest first within a reason."""
    return [letter for group in session.dead_letters.groups() for letter in group.letters]


async def letters_are(session: Session, count: int) -> list[DeadLetterReceived]:
    await until(lambda: len(session.dead_letters) == count)
    return letters(session)


def names(record: Record) -> list[str]:
    return [name for name, _ in record.headers]


def test_the_headers_say_where_the_letter_stands_when_it_was_sent_again_and_by_whom() -> None:
    letter = replace(LETTER, headers=[("own", b"1")])
    assert sending_again.headers(letter, "dlq", "5eed5eed", "User:alice", 1_700_000_000.1234) == [
        ("own", b"1"),
        ("kcalc-again-topic", b"dlq"),
        ("kcalc-again-partition", b"2"),
        ("kcalc-again-offset", b"9"),
        ("kcalc-again-timestamp", b"1700000000123"),
        ("kcalc-again-sender", b"5eed5eed"),
        ("kcalc-again-principal", b"User:alice"),
    ]


def test_the_headers_of_an_earlier_sending_are_replaced_and_those_of_others_stay() -> None:
    first = sending_again.headers(replace(LETTER, headers=[("kcalc-again-topic", b"of another")]), "a", "b", "c", 1.0)
    second = sending_again.headers(replace(LETTER, headers=first, letter_offset=10), "a", "b", "c", 2.0)
    assert second[0] == ("kcalc-again-topic", b"of another")
    assert [name for name, _ in second[1:]] == list(AGAIN)
    assert dict(second)["kcalc-again-offset"] == b"10"


async def test_garbage_sent_again_is_byte_for_byte_the_same_and_dies_again_in_balanced_books(cluster: Cluster) -> None:
    settings = fresh_settings(cluster, count=2)
    requests, dlq = settings.topics.requests, settings.topics.dead_letters
    async with running(settings) as session:
        await put(cluster, requests, (GARBAGE,), partition=2)
        (letter,) = await letters_are(session, 1)
        assert (letter.partition, letter.offset, letter.letter_partition) == (2, 0, 2)
        places = [await session.send_again(letter)]
        (latest, _) = await letters_are(session, 2)
        places.append(await session.send_again(latest))
        await letters_are(session, 3)
        await until(lambda: settled(session))
        books = session.ledger.accounting()
        assert (books.sent, books.dead, books.others_dead, books.again) == (2, 2, 1, 0)
        assert books.balanced
        sent = {(record.partition, record.offset): record for record in await read_topic(cluster, requests, 3)}
        died = await read_topic(cluster, dlq, 3)
        sender = session.sender_id
    again = [sent[place] for place in places]
    assert all((record.key, record.value) == (GARBAGE.key, GARBAGE.value) for record in [*again, *died])
    for record, source in zip(again, (letter, latest), strict=True):
        assert tuple(record.headers[:2]) == GARBAGE.headers
        assert names(record)[2:] == list(AGAIN)
        found = dict(record.headers)
        assert found["kcalc-again-topic"] == dlq.encode()
        assert found["kcalc-again-partition"] == str(source.letter_partition).encode()
        assert found["kcalc-again-offset"] == str(source.letter_offset).encode()
        assert found["kcalc-again-sender"] == sender.encode()
    assert sorted(len(record.headers) for record in died) == [2 + 8, 2 + 6 + 8, 2 + 6 + 8]


async def test_nothing_at_all_can_be_sent_again_too(cluster: Cluster) -> None:
    settings = fresh_settings(cluster, count=1)
    async with running(settings) as session:
        await put(cluster, settings.topics.requests, (Unkind("nothing", None, "null_value"),), partition=0)
        (letter,) = await letters_are(session, 1)
        assert (letter.key, letter.value, letter.headers) == (None, None, [])
        await session.send_again(letter)
        (latest, _) = await letters_are(session, 2)
        assert (latest.key, latest.value) == (None, None)
        assert [name for name, _ in latest.headers] == list(AGAIN)


async def test_an_own_request_that_died_and_dies_again_is_two_requests_and_two_answers(cluster: Cluster) -> None:
    async with running(fresh_settings(cluster, count=1)) as session:
        session.send("five", "sum", "2")
        (letter,) = await letters_are(session, 1)
        await session.send_again(letter)
        await letters_are(session, 2)
        await until(lambda: settled(session))
        books = session.ledger.accounting()
        assert (books.sent, books.dead, books.again, books.others_dead) == (2, 2, 0, 0)
        assert books.balanced


@pytest.mark.parametrize("request_id", ["of ours", '"id": "elsewhere-5", ', ""])
async def test_a_letter_that_succeeds_at_last_is_a_request_of_ours_that_is_done(
    cluster: Cluster, request_id: str
) -> None:
    settings = fresh_settings(cluster, count=1)
    strict = replace(settings, calc=replace(settings.calc, max_request_bytes=64))
    ours = request_id == "of ours"
    async with running(with_workers(settings, count=0)) as session:
        async with running(strict, reads_results=False):
            if ours:
                session.send("5.0000000000000000000000", "sum", "2")
            else:
                fields = '"operator_1": "5.0000000000000000000000", "operator_2": "2", "operation": "sum"'
                value = f"{{{request_id}{fields}}}"
                await put(cluster, settings.topics.requests, (Unkind("", value.encode(), ""),), partition=1)
            (letter,) = await letters_are(session, 1)
        assert letter.reason == "too_large"
        await session.add_worker()
        await session.send_again(letter)
        await until(lambda: settled(session) and session.results.total == 1)
        books = session.ledger.accounting()
        assert (books.sent, books.done, books.dead, books.again) == (1 + ours, 1, ours, 0)
        assert (books.others_done, books.others_dead) == (0, not ours)
        assert session.results[0].result.result == "7"


async def test_a_corrected_letter_is_answered_as_a_request_of_ours(cluster: Cluster) -> None:
    settings = fresh_settings(cluster, count=1)
    async with running(settings) as session:
        session.send("five", "sum", "2", key="red")
        (letter,) = await letters_are(session, 1)
        place = await session.send_corrected(letter, "5", "sum", "2", key="red")
        await until(lambda: settled(session))
        books = session.ledger.accounting()
        assert (books.sent, books.done, books.dead, books.again) == (2, 1, 1, 0)
        assert session.results[0].result.result == "7"
        assert (session.results[0].result.partition, session.results[0].result.offset) == place
        stored = await read_topic(cluster, settings.topics.requests, 2)
    (corrected,) = [record for record in stored if (record.partition, record.offset) == place]
    assert corrected.key == b"red"
    assert names(corrected) == list(AGAIN)


async def test_what_is_not_taken_in_time_is_said_in_words_and_waits(cluster: Cluster) -> None:
    settings = fresh_settings(cluster, count=0)
    quick = Settings(
        kafka=KafkaSettings(bootstrap_servers=cluster.bootstrap_servers, request_timeout_s=1.0),
        topics=settings.topics,
        workers=settings.workers,
    )
    async with running(quick) as session:
        traffic = session._traffic
        assert traffic is not None
        traffic.sending_again._stored_within_s = 0.2
        await cluster.stop()
        try:
            with pytest.raises(NotStored, match="no broker took it within 0 s; it waits"):
                await session.send_again(LETTER)
            assert session.ledger.accounting().in_flight == 1
        finally:
            await cluster.start()
        await until(lambda: not traffic.sender.waiting, within_s=40)
        assert session.ledger.accounting().balanced


async def test_before_the_start_and_at_the_end_it_is_refused_in_words(embedded: Cluster) -> None:
    session = Session(fresh_settings(embedded, count=0))
    with pytest.raises(SendRefused, match="still starting"):
        await session.send_again(LETTER)
    await session.start()
    await embedded.stop()
    sending = asyncio.create_task(session.send_again(LETTER))
    traffic = session._traffic
    assert traffic is not None
    await until(lambda: traffic.sender.waiting)
    await session.stop()
    with pytest.raises(NotStored, match="stopped before the broker took them"):
        await sending


async def test_the_letters_of_before_are_there_at_the_start_however_many_results_followed(cluster: Cluster) -> None:
    settings = fresh_settings(cluster, count=1)
    async with running(settings) as before:
        before.send("five", "sum", "2")
        await letters_are(before, 1)
        before.send("1", "sum", "2", times=150)
        await until(lambda: settled(before))
    async with running(with_workers(settings, count=0)) as after:
        await letters_are(after, 1)
        await until(lambda: after.results.total == 100)
