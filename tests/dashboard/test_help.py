"""The help begins with the keys of what has the focus, also in boxes, in the filter and in values."""

from collections.abc import Awaitable, Callable

import pytest
from textual.pilot import Pilot

from tests.dashboard.fakes import FakeSession
from tests.dashboard.hosting import WIDTHS
from tests.dashboard.letters import to_letters
from tests.dashboard.seeded import seeded_letters, seeded_results
from tests.dashboard.shown import opened, screen_text, until
from tui.dashboard import keys
from tui.dashboard.app import KcalcApp
from tui.dashboard.glyphs import UNICODE
from tui.dashboard.screens.confirm_by_name import ConfirmByName
from tui.dashboard.screens.help import HelpScreen
from tui.dashboard.widgets.help_rows import HelpRow, help_text
from tui.dashboard.widgets.results_log import ResultsLog

Opening = Callable[[KcalcApp, Pilot[None]], Awaitable[object]]


async def nothing(app: KcalcApp, pilot: Pilot[None]) -> None:
    await pilot.press("escape")


async def the_filter(app: KcalcApp, pilot: Pilot[None]) -> None:
    await app.filter_results()


async def a_time(app: KcalcApp, pilot: Pilot[None]) -> None:
    app.action_jump_results()


async def a_file(app: KcalcApp, pilot: Pilot[None]) -> None:
    app.action_save_results()


async def a_name(app: KcalcApp, pilot: Pilot[None]) -> None:
    app.push_screen(ConfirmByName("Delete topic a.", "a", keys.effective({}), UNICODE))


async def a_delay(app: KcalcApp, pilot: Pilot[None]) -> None:
    app.slow_down("client-0")


async def a_trace(app: KcalcApp, pilot: Pilot[None]) -> None:
    app.screen.query_one(ResultsLog).select(2)
    app.trace_result()


async def a_letter(app: KcalcApp, pilot: Pilot[None]) -> None:
    await to_letters(app, pilot)
    await pilot.press("enter")
    await until(lambda: "Dead letter 1@397" in screen_text(app))


async def a_question(app: KcalcApp, pilot: Pilot[None]) -> None:
    await to_letters(app, pilot)
    await pilot.press("g")


async def a_topic(app: KcalcApp, pilot: Pilot[None]) -> None:
    app.reaching.cluster("create_topic")

    def asked() -> bool:
        app.tick()
        return bool(app.screen.query("#topic-name"))

    await until(asked)


@pytest.mark.parametrize(
    ("focus", "title", "says"),
    [
        (nothing, "in the results", "Copy this row"),
        (the_filter, "in the filter", "Show all results again"),
        (a_time, "in this box", "Take what was typed"),
        (a_file, "in this box", "Write the file"),
        (a_name, "in this box", "Take what was typed"),
        (a_delay, "in this box", "Take what was typed"),
        (a_topic, "in this box", "The next field"),
        (a_trace, "in a trace", "The steps, the request, the result in turn"),
        (a_letter, "in a value", "See it as JSON or as bytes"),
        (a_question, "in a question", "Press the button that has the focus"),
    ],
)
async def test_it_begins_with_the_keys_of_what_has_the_focus(focus: Opening, title: str, says: str) -> None:
    session = FakeSession()
    session.results.extend(seeded_results())
    for letter in seeded_letters():
        session.dead_letters.add(letter)
    async with opened(session) as (app, pilot):
        app.tick()
        await focus(app, pilot)
        await pilot.pause()
        await pilot.press("f1")
        await until(lambda: "Keys" in screen_text(app))
        await until(lambda: title in screen_text(app))
        rows = screen_text(app).splitlines()
        first = next(number for number, row in enumerate(rows) if "Keys" in row)
        assert title in rows[first + 1]
        assert any(says in row for row in rows[first + 2 : first + 7])


@pytest.mark.parametrize("cells", [width - 4 for width in WIDTHS])
def test_words_of_the_help_break_between_words_and_below_each_other(cells: int) -> None:
    rows = tuple(HelpRow(keys.shown(key.keys), key.label, key.tooltip) for key in keys.KEYS)
    title, *lines = help_text("anywhere", rows, cells).plain.splitlines()
    assert title == "anywhere"
    assert max(map(len, lines)) <= cells
    indent = lines[0].index("Type a request")
    for row in rows:
        assert f" {row.words} " in " ".join(["", *(line[indent:] for line in lines), ""])


async def test_in_a_small_window_the_help_says_at_once_what_a_key_does(session: FakeSession) -> None:
    async with opened(session, (40, 12)) as (app, pilot):
        app.tick()
        await pilot.press("escape", "question_mark")
        await until(lambda: "c         Copy this row" in screen_text(app))


async def test_help_shows_the_keys_of_what_has_the_focus_first(session: FakeSession) -> None:
    async with opened(session, (100, 40)) as (app, pilot):
        await pilot.press("f1")
        await until(lambda: isinstance(app.screen, HelpScreen))
        await pilot.pause()
        text = screen_text(app)
        assert text.index("in the form") < text.index("outside the fields")
        await pilot.press("escape")
        await until(lambda: not isinstance(app.screen, HelpScreen))
        await pilot.press("escape", "question_mark")
        await until(lambda: isinstance(app.screen, HelpScreen))
        await pilot.pause()
        text = screen_text(app)
        assert text.index("in the results") < text.index("in the form")


async def test_help_names_every_sign(session: FakeSession) -> None:
    async with opened(session, (100, 60)) as (app, pilot):
        await pilot.press("f1")
        await until(lambda: isinstance(app.screen, HelpScreen))
        await pilot.press("end")
        await pilot.pause()
        for sign, meaning in (
            ("●", "busy"),
            ("○", "idle"),
            ("‖", "paused"),
            ("↻", "seen again (redelivered)"),
        ):
            assert any(sign in row and meaning in row for row in screen_text(app).splitlines()), meaning
