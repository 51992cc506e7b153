"""The view "dead letters": reasons, letters, one letter, sending it again as it was or corrected."""

import pytest
from msgspec.structs import replace

from tests.dashboard.fakes import FakeSession
from tests.dashboard.letters import to_letters
from tests.dashboard.seeded import dead_letter, seeded_letters
from tests.dashboard.shown import form, opened, screen_text, until
from tui.dashboard.app import KcalcApp
from tui.dashboard.widgets.letter_lists import NO_LETTER, LetterList, ReasonList
from tui.session import NotStored

SIZES = [(40, 12), (60, 20), (80, 24), (120, 40), (200, 50)]


@pytest.fixture
def session() -> FakeSession:
    """A session with dead letters of three reasons."""
    session = FakeSession()
    for letter in seeded_letters():
        session.dead_letters.add(letter)
    return session


def row_with(app: KcalcApp, words: str) -> str:
    """The first row of the screen with these words."""
    return next((row for row in screen_text(app).splitlines() if words in row), "")


# Looking


async def test_the_view_lists_the_reasons_and_the_letters_of_the_selected_one(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        await pilot.press("escape", "4")
        await until(lambda: "five plus two" in screen_text(app))
        assert "▸ not_json" in screen_text(app)
        await pilot.press("down", "down")
        await until(lambda: "client-1" in screen_text(app))
        assert "▸ operand_not_a_number" in screen_text(app)
        assert "five plus two" not in screen_text(app)
        await pilot.press("escape")
        await until(lambda: "Partition ▸ worker" in screen_text(app))


async def test_without_a_letter_it_says_so_and_the_first_one_appears_by_itself() -> None:
    session = FakeSession()
    async with opened(session) as (app, pilot):
        await pilot.press("escape", "4")
        await until(lambda: NO_LETTER in screen_text(app))
        await pilot.press("enter", "g", "f")
        session.dead_letters.add(seeded_letters()[0])
        app.tick()
        await until(lambda: "▸ 1@388" in screen_text(app))
        assert app.screen.query_one(ReasonList).has_focus


async def test_a_letter_stays_selected_while_others_come(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        await to_letters(app, pilot)
        await pilot.press("down")
        assert row_with(app, "▸ 1@393")
        for offset in range(500, 540):
            session.dead_letters.add(dead_letter(offset, "not_json", "", b"new"))
        app.tick()
        await until(lambda: "43" in row_with(app, "not_json"))
        await until(lambda: row_with(app, "▸ 1@393"))
        await pilot.press("home")
        await until(lambda: row_with(app, "▸ 1@539"))
        await pilot.press("end")
        await until(lambda: row_with(app, "▸ 1@388"))
        await pilot.press("pageup")
        await until(lambda: row_with(app, "▸") and not row_with(app, "▸ 1@388"))


async def test_what_had_to_make_room_is_counted(session: FakeSession) -> None:
    session.dead_letters.most = 3
    session.dead_letters.add(seeded_letters()[0])
    async with opened(session) as (app, pilot):
        await pilot.press("escape", "4")
        await until(lambda: "3 older dropped" in screen_text(app))
        assert "3 kept" in screen_text(app)


async def test_clicks_select_and_open(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        await to_letters(app, pilot)
        await pilot.double_click(LetterList, offset=(10, 4))
        await until(lambda: "Dead letter 1@388" in screen_text(app))
        await pilot.press("escape")
        await until(lambda: "Dead letters" in screen_text(app))


@pytest.mark.parametrize("size", SIZES)
async def test_a_letter_is_shown_with_its_reason_headers_and_bytes(session: FakeSession, size: tuple[int, int]) -> None:
    async with opened(session, size) as (app, pilot):
        await to_letters(app, pilot)
        await pilot.press("enter")
        await until(lambda: "Dead letter 1@397" in screen_text(app))
        await until(lambda: "trace  5eed" in screen_text(app))
        assert "kcalc-again-offset  7" in screen_text(app)
        await pilot.press("pagedown")
        await until(lambda: "66 69 76 65" in screen_text(app))


async def test_a_value_that_is_json_can_be_seen_in_both_ways(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        await to_letters(app, pilot, "end")
        await pilot.press("enter")
        await until(lambda: '"operator_1": "five"' in screen_text(app))
        await pilot.press("h")
        await until(lambda: "7b 22 6f 70" in screen_text(app))


async def test_the_help_begins_with_the_keys_of_a_letter(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        await to_letters(app, pilot)
        await pilot.press("enter")
        await until(lambda: "Dead letter 1@397" in screen_text(app))
        await pilot.press("f1")
        await until(lambda: "on a dead letter" in screen_text(app))


# Sending again


@pytest.mark.parametrize("from_letter", [True, False])
async def test_a_letter_is_sent_again_only_after_it_is_said_what_happens(
    session: FakeSession, from_letter: bool
) -> None:
    async with opened(session) as (app, pilot):
        await to_letters(app, pilot)
        if from_letter:
            await pilot.press("enter")
            await until(lambda: "Dead letter 1@397" in screen_text(app))
        await pilot.press("g")
        await until(lambda: "Send 1@397 again?" in screen_text(app))
        said = screen_text(app)
        assert "go to kcalc.requests" in said
        assert "Its key b decides where it goes: to p1." in said
        assert "It is a new request with a new answer" in said
        assert "the value is not JSON: malformed" in said
        await pilot.press("escape")
        await until(lambda: "again?" not in screen_text(app))
        await pilot.press("g")
        await until(lambda: "again?" in screen_text(app))
        await pilot.press("tab", "enter")
        await until(lambda: "again?" not in screen_text(app))
        assert "send_again 1@397" not in session.calls
        await pilot.press("g")
        await until(lambda: "again?" in screen_text(app))
        await pilot.press("enter")
        await until(lambda: "send_again 1@397" in session.calls)
        await until(lambda: "1@397 was sent again" in screen_text(app))


async def test_without_a_key_the_next_partition_is_named(session: FakeSession) -> None:
    session.dead_letters.add(dead_letter(500, "null_value", "the value is null", None))
    async with opened(session) as (app, pilot):
        await to_letters(app, pilot)
        await pilot.press("g")
        await until(lambda: "It has no key: it goes to the next partition in turn, now p0." in screen_text(app))


async def test_a_failure_to_send_is_told_in_words(session: FakeSession) -> None:
    session.fails["send_again"] = NotStored("larger than the topic's max.message.bytes")
    async with opened(session, (120, 40)) as (app, pilot):
        await to_letters(app, pilot)
        await pilot.press("g")
        await until(lambda: "again?" in screen_text(app))
        await pilot.press("enter")
        await until(lambda: "could not send it again: larger than the topic's" in screen_text(app))


@pytest.mark.parametrize("size", SIZES)
async def test_a_letter_is_corrected_in_the_form_and_sent_once_in_its_place(
    session: FakeSession, size: tuple[int, int]
) -> None:
    async with opened(session, size) as (app, pilot):
        await to_letters(app, pilot, "end")
        await pilot.press("f")
        await until(lambda: form(app).has_class("-correcting"))
        app.tick()
        await until(lambda: "in place of dead letter 1@390" in screen_text(app))
        await pilot.press("end", *["backspace"] * 4, "5", "enter")
        await until(lambda: "send_corrected 1@390 5 mul 2 'blue' None" in session.calls)
        await until(lambda: "in place of dead letter" not in screen_text(app))
        await pilot.press("enter")
        await until(lambda: [(sent.x, sent.times) for sent in session.sent] == [("5", 1)])


async def test_a_corrected_letter_may_get_another_key_and_partition(session: FakeSession) -> None:
    async with opened(session, (120, 40)) as (app, pilot):
        await to_letters(app, pilot, "end")
        await pilot.press("f")
        await until(lambda: form(app).has_class("-correcting"))
        fields = {field.label: field.input for field in form(app).fields()}
        assert fields["key"].value == "blue"
        fields["x"].value, fields["key"].value, fields["partition"].value = "5", "", "3"
        form(app).submit()
        await until(lambda: "send_corrected 1@390 5 mul 2 None 3" in session.calls)


async def test_bytes_of_a_key_that_cannot_be_typed_stay_what_they_are(session: FakeSession) -> None:
    session.dead_letters.add(replace(seeded_letters()[1], key=b"\xff", reason="newest"))
    async with opened(session, (120, 40)) as (app, pilot):
        await to_letters(app, pilot)
        await pilot.press("f")
        await until(lambda: form(app).has_class("-correcting"))
        next(form(app).fields()).input.value = "5"
        there = session.next_partition("\udcff", None, 4)
        await until(lambda: "as it was" in screen_text(app) and f"will go     p{there} (" in screen_text(app))
        form(app).submit()
        await until(lambda: "send_corrected 1@390 5 mul 2 '\\udcff' None" in session.calls)
        await until(lambda: "as it was" not in screen_text(app))


async def test_escape_gives_the_correction_up(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        await to_letters(app, pilot)
        await pilot.press("enter", "f")
        await until(lambda: form(app).has_class("-correcting"))
        await until(lambda: "not to be read: x operation y" in screen_text(app))
        await pilot.press("escape")
        await until(lambda: not form(app).has_class("-correcting"))
        await pilot.press("f2", "7", "tab", "tab", "8", "enter")
        await until(lambda: [(sent.x, sent.y) for sent in session.sent] == [("7", "8")])
        assert not [call for call in session.calls if call.startswith("send_corrected")]


async def test_the_last_request_can_be_repeated_after_a_correction_and_is_an_ordinary_one(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        await to_letters(app, pilot, "end")
        await pilot.press("f")
        await until(lambda: form(app).has_class("-correcting"))
        await pilot.press("end", *["backspace"] * 4, "5", "enter")
        await until(lambda: any(call.startswith("send_corrected") for call in session.calls))
        app.wishes.repeat()
        assert [(sent.x, sent.operation, sent.y, sent.key) for sent in session.sent] == [("5", "mul", "2", "blue")]


async def test_a_palette_command_and_another_view_lead_away_from_it(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        app.action_view("dead_letters")
        await until(lambda: "five plus two" in screen_text(app))
        await pilot.press("enter", "enter")
        await until(lambda: "Dead letter 1@397" in screen_text(app))
        await pilot.press("f2")
        await until(lambda: "Partition ▸ worker" in screen_text(app))
        await pilot.press("escape", "4", "3")
        await until(lambda: "Rebalances" in screen_text(app))
        assert len(app.screen_stack) == 2


async def test_in_a_small_window_all_that_is_known_can_be_scrolled_to(session: FakeSession) -> None:
    async with opened(session, (40, 12)) as (app, pilot):
        await to_letters(app, pilot)
        await pilot.press("enter")
        await until(lambda: "Dead letter 1@397" in screen_text(app))
        assert "kcalc.requests/1/397" not in screen_text(app)
        await pilot.press("tab", "end")
        await until(lambda: "kcalc.requests/1/397" in screen_text(app))
