"""The trace of one request in words: what happened when, where and why, and what is not known."""

from dataclasses import replace as changed

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.dashboard.seeded import NOON, received, seeded_rebalances
from tests.dashboard.traces import ROW, again
from tui.calc.messages import ResultError
from tui.calc.operations import Operations
from tui.dashboard.formatting import exact_time
from tui.dashboard.glyphs import ASCII, UNICODE, Glyphs
from tui.dashboard.widgets.drawing import line_cells, line_text
from tui.dashboard.widgets.trace_lines import Route, trace_lines, trace_title
from tui.events import ReceivedResult
from tui.ledger.own_requests import OwnRequest, Stored
from tui.ledger.trace import Ahead, Delivery, Trace

pytestmark = pytest.mark.usefixtures("utc")


OWN = OwnRequest(376, NOON - 1.961, None, Stored(1, 376, NOON - 1.957))


NO_KEY = Route(True)


def own(**changes: object) -> OwnRequest:
    return changed(OWN, **changes)  # type: ignore[arg-type]


def known(*rows: ReceivedResult, **changes: object) -> Trace:
    result = (rows or (ROW,))[0].result
    trace = Trace(
        partition=result.partition,
        offset=result.offset,
        request_id=result.id,
        sent_at=result.sent_at,
        own=OWN,
        ahead=Ahead(8, exact=True),
        deliveries=tuple(Delivery(row, None) for row in rows or (ROW,)),
        namesakes=(),
        more=0,
        unseen=0,
        dropped=0,
    )
    return changed(trace, **changes)  # type: ignore[arg-type]


def text(trace: Trace, route: Route = NO_KEY, cells: int = 100) -> list[str]:
    return [line_text(line).rstrip() for line in trace_lines(trace, route, cells, UNICODE)]


def step(name: str, trace: Trace, route: Route = NO_KEY) -> str:
    (line,) = [line for line in text(trace, route, 160) if line.startswith(name)]
    return " ".join(line.split())


def test_the_way_of_an_own_request_reads_from_top_to_bottom() -> None:
    assert text(known()) == [
        "sent         12:01:05.039 by this kcalc, id 5eed5eed-376",
        "acknowledged +4 ms        at p1@376",
        "waited       880 ms       behind 8 others in p1",
        "computed     81 ms        by client-1, attempt 1",
        "result       12:01:06.000 at p1@376",
        "seen here    +<1 µs",
        "key                       none: it was the turn of p1",
    ]


def test_of_a_request_of_another_program_it_says_what_cannot_be_known() -> None:
    foreign = known(own=None)
    assert step("sent", foreign) == "sent 12:01:05.039 by another program, id 5eed5eed-376"
    assert step("acknowledged", foreign) == (
        "acknowledged ? at p1@376: sent by another program, its acknowledgement is not seen"
    )
    assert step("key", foreign) == "key none: the program that sent it chose p1"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"own": own(stored=None)}, "? at p1@376: not seen, or too long ago to be remembered"),
        ({"own": own(stored=Stored(0, 9, NOON))}, "? ours was stored at p0@9: this is a copy of it"),
        ({"sent_at": None}, "? at p1@376"),
    ],
)
def test_an_acknowledgement_that_is_not_known_is_not_invented(changes: dict[str, object], said: str) -> None:
    assert step("acknowledged", known(**changes)) == f"acknowledged {said}"


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (Ahead(0, exact=True), "behind nobody in p1"),
        (Ahead(1, exact=True), "behind 1 other in p1"),
        (Ahead(3, exact=False), "behind at least 3 others in p1"),
        (Ahead(0, exact=False), "behind ? others in p1"),
        (None, "behind ? others"),
    ],
)
def test_how_many_were_before_it_is_exact_or_says_that_it_is_not(ahead: Ahead | None, said: str) -> None:
    assert step("waited", known(ahead=ahead)) == f"waited 880 ms {said}"


def test_a_request_that_waited_in_kcalc_itself_says_how_long() -> None:
    assert "323 ms after it was asked for" in step("sent", known(own=own(asked_at=NOON - 2.284)))
    assert "after" not in step("sent", known())


KEYED = Route(True, b"a", 1, 4)


@pytest.mark.parametrize(
    ("changes", "route", "said"),
    [
        ({}, KEYED, '"a": its murmur2 hash leads to p1 of 4 partitions'),
        ({"own": None}, KEYED, '"a": its murmur2 hash leads to p1 of 4 partitions'),
        ({}, Route(True, b"a", 2, 5), '"a": its murmur2 hash leads to p2 of 5 partitions; there were others then'),
        (
            {"own": None},
            Route(True, b"a\x1b", 2, 4),
            '"a\\x1b": its murmur2 hash leads to p2 of 4 partitions; its sender chose otherwise, or there were others',
        ),
        ({}, Route(True, b"a"), '"a": why it went to p1 is not known'),
        ({"own": own(chosen=1)}, Route(True), "p1 was chosen by hand"),
        ({"own": own(chosen=1)}, KEYED, '"a": p1 was chosen by hand'),
        ({"own": own(asked_at=None)}, Route(True), "none: p1 came in turn or was chosen, it is remembered no more"),
        ({}, Route(), "?"),
    ],
)
def test_why_it_went_to_its_partition(changes: dict[str, object], route: Route, said: str) -> None:
    assert step("key", known(**changes), route) == f"key {said}"


def test_an_answer_given_again_names_the_rebalance_that_caused_it() -> None:
    lost = seeded_rebalances()[2]
    lines = text(known(deliveries=(Delivery(ROW, None), Delivery(again(), lost))))
    assert lines[6:10] == [
        "↻ again      12:01:15.919 because of g6 at 12:00:30: client-1 lost",
        "computed     81 ms        by client-2, attempt 2",
        "result       12:01:16.000 at p1@376",
        "seen here    +<1 µs",
    ]


def test_a_long_wait_names_the_rebalance_that_happened_meanwhile() -> None:
    waited = known(deliveries=(Delivery(ROW, seeded_rebalances()[0]),))
    assert step("waited", waited) == "waited 880 ms behind 8 others in p1; g8 at 12:01:05: client-2 joined"


def test_without_a_rebalance_it_says_what_must_have_been() -> None:
    same = known(deliveries=(Delivery(ROW, None), Delivery(again("client-1"), None)))
    assert step("↻", same).endswith("no rebalance seen: its worker began again where it had committed")
    other = known(deliveries=(Delivery(ROW, None), Delivery(again(), None)))
    assert step("↻", other).endswith("the rebalance was not seen")
    only_the_last = known(deliveries=(Delivery(again(), None),))
    assert step("↻", only_the_last).endswith("an attempt before left no answer that is remembered here")
    assert "until attempt 2 behind" in step("waited", only_the_last)


def test_a_place_without_an_answer_and_one_with_namesakes_say_so() -> None:
    nothing = known(deliveries=(), ahead=None, own=None, sent_at=None, request_id=None)
    assert step("answer", nothing, Route()) == "answer ? none was seen here, or it is remembered no more"
    assert line_text(trace_title(nothing, Operations.standard(), 60, UNICODE)) == "Trace of p1@376"
    twins = known(namesakes=((0, 3), (2, 7)))
    assert step("same id", twins) == "same id another record, not this one again: p0@3, p2@7"


def test_what_was_not_looked_at_is_counted_and_what_is_not_shown_too() -> None:
    assert text(known(more=3))[-1].endswith("and answered 3 times more")
    assert text(known(unseen=12_345, dropped=7))[-1].endswith("looking through 12 345 more results")
    assert text(known(dropped=12_345))[-1].endswith("answers among the 12 345 oldest results are remembered no more")


def test_clocks_that_differ_are_told() -> None:
    early = replace(ROW, at=ROW.result.finished_at - 0.25)
    assert step("seen here", known(early)) == "seen here −250 ms the clocks differ"


@pytest.mark.parametrize("at", [0.0, 59.9996, NOON + 0.9999, NOON + 0.0004])
def test_a_time_is_cut_to_milliseconds_as_a_whole(at: float) -> None:
    shown = exact_time(at)
    seconds = sum(float(part) * unit for part, unit in zip(shown.split(":"), (3600, 60, 1), strict=True))
    assert 0 <= at % 86_400 - seconds + 1e-6 < 0.001
    assert exact_time(float("nan")) == "?"


@given(st.integers(1_600_000_000_000, 2_500_000_000_000), st.floats(0, 0.998))
def test_a_moment_reads_as_the_record_that_was_made_in_the_same_millisecond(timestamp_ms: int, later_ms: float) -> None:
    shown = exact_time(timestamp_ms / 1_000)
    assert shown.endswith(f".{timestamp_ms % 1_000:03d}")
    assert exact_time((timestamp_ms + later_ms) / 1_000) == shown


@given(st.integers(12, 200), st.sampled_from([UNICODE, ASCII]), st.text(max_size=60), st.binary(max_size=60))
def test_no_line_is_longer_than_the_window_and_nothing_acts(
    cells: int, glyphs: Glyphs, foreign: str, key: bytes
) -> None:
    row = received(foreign, foreign, foreign, None, error=ResultError(foreign, foreign), client_id=foreign, attempt=3)
    twice = (Delivery(row, None), Delivery(row, replace(seeded_rebalances()[0], cause=foreign)))
    trace = known(row, deliveries=twice, request_id=foreign, namesakes=((1, 2),), unseen=123_456)
    lines = [*trace_lines(trace, Route(True, key, 2, 4), cells, glyphs)]
    lines.append(trace_title(trace, Operations.standard(), cells, glyphs))
    assert max(line_cells(line) for line in lines) <= cells
    assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for line in lines for char in line_text(line))
    assert not glyphs.ascii or all(line_text(line).isascii() for line in lines)
