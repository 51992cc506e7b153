"""The headers of a dead letter, and reading them back."""

from tests.clients.stored import Stored
from tui.calc.messages import NoRequest
from tui.clients import dead_letters

REFUSED = NoRequest("not_json", "the value is not JSON")


def test_the_headers_say_why_where_from_when_and_by_whom() -> None:
    assert dict(dead_letters.headers(Stored(), REFUSED, "client-7")) == {
        "kcalc-dlq-reason": b"not_json",
        "kcalc-dlq-message": b"the value is not JSON",
        "kcalc-dlq-topic": b"requests",
        "kcalc-dlq-partition": b"3",
        "kcalc-dlq-offset": b"41",
        "kcalc-dlq-timestamp": b"1700000000123",
        "kcalc-dlq-client-id": b"client-7",
        "kcalc-dlq-request-id": b"requests/3/41",
    }


def test_an_id_that_can_be_read_is_kept() -> None:
    found = dict(dead_letters.headers(Stored(b'{"id": "me-5"}'), REFUSED, "client-7"))
    assert found["kcalc-dlq-request-id"] == b"me-5"


def test_the_headers_of_the_message_stay_as_they_were_and_first() -> None:
    own: list[tuple[str, bytes | None]] = [("a", b"\xff"), ("a", None), ("kcalc-dlq-reason", b"forged")]
    assert list(dead_letters.headers(Stored(headers=own), REFUSED, "client-7"))[:3] == own


def test_what_is_written_is_read_back() -> None:
    forged: list[tuple[str, bytes | None]] = [("kcalc-dlq-reason", b"forged"), ("kcalc-dlq-offset", b"x")]
    written = Stored(headers=dead_letters.headers(Stored(headers=forged), REFUSED, "client-7"))
    event = dead_letters.received(written, replayed=False, at=1.5)
    assert event is not None
    assert (event.reason, event.partition, event.offset) == ("not_json", 3, 41)
    assert (event.client_id, event.request_id, event.value, event.at) == ("client-7", "requests/3/41", b"?", 1.5)
    assert (event.topic, event.message) == ("requests", "the value is not JSON")
    assert (event.key, event.headers, event.sent_at) == (b"key", forged, 1_700_000_000.123)


def test_the_place_and_time_of_the_letter_itself_are_told_too() -> None:
    headers = dead_letters.headers(Stored(), REFUSED, "client-7")
    event = dead_letters.received(Stored(headers=headers, partition=5, offset=9, timestamp=2_500), False, 1.5)
    assert event is not None
    assert (event.letter_partition, event.letter_offset, event.refused_at) == (5, 9, 2.5)


def test_only_the_last_block_of_headers_is_taken_off() -> None:
    block: list[tuple[str, bytes | None]] = [("x", b"1"), ("y", None)]
    for own in ([], [("a", b"1")], [("a", b"1"), ("x", b"forged")], block):
        assert dead_letters.without_last([*own, *block], ("x", "y")) == own
    for part in ([("a", b"1")], [("x", b"1")], [("y", b"1"), ("x", b"1")], []):
        assert dead_letters.without_last(part, ("x", "y")) == part


def test_a_record_of_somebody_else_is_no_dead_letter() -> None:
    for headers in ([], [("kcalc-dlq-reason", b"x")], [("kcalc-dlq-offset", b"\xff")]):
        assert dead_letters.received(Stored(headers=headers), replayed=False, at=0.0) is None
