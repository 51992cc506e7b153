"""The trace of a dead letter: what is known of its request, from being sent to being refused, and what is not."""

import pytest
from msgspec.structs import replace

from tests.dashboard.fakes import FakeSession
from tests.dashboard.letters import to_letters
from tests.dashboard.seeded import NOON, dead_letter, received, seeded_letters
from tests.dashboard.shown import opened, screen_text, until
from tui.clients.look_up import Looked
from tui.dashboard.glyphs import UNICODE
from tui.dashboard.screens.letter import LetterScreen
from tui.dashboard.screens.trace import TraceScreen
from tui.dashboard.widgets.drawing import line_text
from tui.dashboard.widgets.trace_lines import Route, trace_lines
from tui.events import DeadLetterReceived
from tui.ledger.dead_letters import DeadLetters
from tui.ledger.own_requests import OwnRequest, Stored
from tui.ledger.trace import Evidence, trace

pytestmark = pytest.mark.usefixtures("utc")

FIVE = replace(
    dead_letter(390, "operand_not_a_number", '"five" is not a number', b'{"operator_1":"five"}'),
    sent_at=NOON - 10.0,
    refused_at=NOON - 8.0,
    at=NOON - 7.9,
    request_id="5eed5eed-390",
    key=b"blue",
)
OWN = OwnRequest(390, NOON - 10.0, None, Stored(1, 390, NOON - 9.996))


def steps(*others: DeadLetterReceived, own: OwnRequest | None = OWN, route: Route | None = None) -> list[str]:
    kept = DeadLetters()
    for letter in (FIVE, *others):
        kept.add(letter)
    evidence = Evidence.of_letter(FIVE)
    evidence.read_letters(kept, "kcalc.requests")
    lines = trace_lines(trace(evidence, own, ()), route or Route(True, b"blue", 1, 4), 110, UNICODE)
    return [line_text(line).rstrip() for line in lines]


def test_its_way_reads_from_top_to_bottom() -> None:
    assert steps() == [
        "sent         12:00:57.000 by this kcalc, id 5eed5eed-390",
        "acknowledged +4 ms        at p1@390",
        "waited       2.0 s        until it was refused, behind ? others in p1",
        "refused      12:00:59.000 by client-0, attempt ?",
        'reason                    operand_not_a_number: "five" is not a number',
        "dead letter               at p1@10",
        "seen here    +100 ms",
        'key                       "blue": its murmur2 hash leads to p1 of 4 partitions',
    ]


def test_of_another_program_s_it_says_what_cannot_be_known() -> None:
    told = steps(own=None, route=Route(True))
    assert told[0].endswith("by another program, id 5eed5eed-390")
    assert "its acknowledgement is not seen" in told[1]
    assert told[-1].split() == ["key", *["none:", "the", "program", "that", "sent", "it", "chose", "p1"]]


def test_a_request_refused_twice_says_so_and_what_must_have_been() -> None:
    told = steps(replace(FIVE, client_id="client-2", refused_at=NOON - 1, letter_offset=11))
    assert [line.split()[0] for line in told[3:]] == [
        "refused", "reason", "dead", "seen", "↻", "refused", "reason", "dead", "seen", "key",
    ]  # fmt: skip
    assert told[7].endswith("another worker began where the one before had committed; the rebalance was not seen")


def test_another_record_with_its_id_and_letters_of_another_topic_are_not_taken_for_it() -> None:
    told = steps(
        replace(FIVE, offset=700, letter_offset=12),
        replace(FIVE, topic="another.topic", letter_offset=13),
    )
    assert len([line for line in told if line.startswith("refused")]) == 1
    assert "p1@700" in told[-1]


def test_what_waited_before_it_counts_dead_letters_too() -> None:
    waiting = [replace(dead_letter(offset, "x", "", b""), refused_at=NOON - 9.5) for offset in (388, 389)]
    before = replace(dead_letter(387, "x", "", b""), refused_at=NOON - 11)
    assert "behind 2 others in p1" in steps(before, *waiting)[2]


def test_a_copy_names_the_dead_letter_it_is_of() -> None:
    again = (("kcalc-again-partition", b"1"), ("kcalc-again-offset", b"7"), ("kcalc-again-sender", b"5eed\x1b"))
    evidence = Evidence.of_letter(replace(FIVE, headers=again))
    lines = [line_text(line).rstrip() for line in trace_lines(trace(evidence, None, ()), Route(), 110, UNICODE)]
    (told,) = [line for line in lines if line.startswith("↻ sent again")]
    assert "from dead letter p1@7, by sender 5eed" in told
    assert told.isprintable()


# The screen


def remembered(session: FakeSession) -> FakeSession:
    for letter in seeded_letters():
        session.dead_letters.add(letter)
    session.records["kcalc.requests", 1, 390] = Looked(b"blue", b'{"operator_1":"five"}', (("a", b"b"),), NOON - 12)
    session.records["kcalc.requests.dlq", 1, 10] = Looked(b"blue", b'{"operator_1":"five"}', (("why", b"x"),), NOON)
    return session


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_key_shows_the_way_of_a_dead_letter_and_closes_it_again(
    session: FakeSession, size: tuple[int, int]
) -> None:
    async with opened(remembered(session), size) as (app, pilot):
        await to_letters(app, pilot, "end")
        await pilot.press("y")
        await until(lambda: "Trace of dead letter p1@390" in screen_text(app))
        await until(lambda: "request p1@390" in screen_text(app) and "dead letter p1@10" in screen_text(app))
        shown = screen_text(app)
        for words in ("refused", "operand_not_a_number", "by client-1, attempt ?"):
            assert words in shown
        assert "look_up kcalc.requests.dlq 1 10" in session.calls
        await pilot.press("y")
        await until(lambda: not isinstance(app.screen, TraceScreen))


async def test_it_is_reached_from_one_letter_too_and_escape_leads_back_to_it(session: FakeSession) -> None:
    async with opened(remembered(session)) as (app, pilot):
        await to_letters(app, pilot)
        await pilot.press("enter")
        await until(lambda: "y trace" in screen_text(app))
        await pilot.press("y")
        await until(lambda: "Trace of dead letter p1@397" in screen_text(app))
        await pilot.press("question_mark")
        await until(lambda: "in a trace" in screen_text(app))
        await pilot.press("escape", "escape")
        await until(lambda: isinstance(app.screen, LetterScreen))


async def test_an_answer_to_it_and_another_refusal_are_added_while_it_is_open(session: FakeSession) -> None:
    async with opened(remembered(session), (120, 40)) as (app, pilot):
        await to_letters(app, pilot, "end")
        await pilot.press("y")
        await until(lambda: "Trace of dead letter p1@390" in screen_text(app))
        again = replace(seeded_letters()[1], client_id="client-2", letter_offset=99, refused_at=NOON + 3, at=NOON + 3)
        session.dead_letters.add(again)
        await until(lambda: "p1@99" in screen_text(app))
        answer = received("5", "mul", "2", "10", client_id="client-2", partition=1, offset=390, attempt=3, at=NOON + 9)
        sent_at = seeded_letters()[1].sent_at
        session.results.extend([replace(answer, result=replace(answer.result, sent_at=sent_at))])
        await until(lambda: "Trace of 5 × 2 = 10" in screen_text(app))
        assert "operand_not_a_number" in screen_text(app)


async def test_a_letter_of_another_topic_is_read_from_there_and_no_result_counts(session: FakeSession) -> None:
    elsewhere = replace(seeded_letters()[1], topic="old.requests", reason="newest")
    session.dead_letters.add(elsewhere)
    session.results.extend([received("8", "mul", "8", "64", partition=1, offset=390)])
    async with opened(session) as (app, pilot):
        await to_letters(app, pilot)
        await pilot.press("y")
        await until(lambda: "look_up old.requests 1 390" in session.calls)
        await until(lambda: "old.requests keeps it no longer" in screen_text(app))
        assert "8 × 8" not in screen_text(app)
