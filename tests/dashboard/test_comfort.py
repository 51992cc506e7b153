"""Boxes that close by a click, tooltips, colours for every terminal."""

import pytest
from rich.color import Color
from textual.screen import ModalScreen
from textual.theme import BUILTIN_THEMES

from tests.dashboard.fakes import FakeSession
from tests.dashboard.scenes import many_workers
from tests.dashboard.shown import opened, place_of, screen_text, until
from tui.dashboard import keys
from tui.dashboard.app import KcalcApp
from tui.dashboard.glyphs import UNICODE
from tui.dashboard.hues import DARK, SIXTEEN
from tui.dashboard.screens.confirm_by_name import ConfirmByName
from tui.dashboard.themes import OWN, no_colour
from tui.dashboard.widgets.canvas import Canvas
from tui.dashboard.widgets.form_words import ABOUT
from tui.dashboard.widgets.header import Header
from tui.dashboard.widgets.key_line import KeyLine
from tui.dashboard.widgets.results_log import ResultsLog
from tui.dashboard.widgets.worker_list import WorkerTable
from tui.settings import Profile, Settings


def open_help(app: KcalcApp) -> None:
    app.action_help()


def open_explain(app: KcalcApp) -> None:
    app.action_explain()


def open_confirm(app: KcalcApp) -> None:
    app.push_screen(ConfirmByName("Delete topic a.", "a", keys.effective({}), UNICODE))


BOXES = [(open_help, "esc close"), (open_explain, "esc close"), (open_confirm, "esc close")]


@pytest.mark.parametrize(("open_box", "words"), BOXES)
@pytest.mark.parametrize("beside", [True, False])
async def test_a_box_closes_by_a_click_beside_it_and_on_the_word_in_its_frame(
    session: FakeSession, open_box: object, words: str, beside: bool
) -> None:
    assert callable(open_box)
    async with opened(session, (120, 40)) as (app, pilot):
        open_box(app)
        await until(lambda: words in screen_text(app))
        await pilot.pause()
        assert isinstance(app.screen, ModalScreen)
        await pilot.click(offset=(1, 20) if beside else place_of(app, words))
        await until(lambda: not isinstance(app.screen, ModalScreen))


async def test_a_click_into_a_box_does_not_close_it(session: FakeSession) -> None:
    async with opened(session, (120, 40)) as (app, pilot):
        open_explain(app)
        await until(lambda: "esc close" in screen_text(app))
        await pilot.click(offset=place_of(app, "See what it has in hand"))
        await pilot.pause()
        assert isinstance(app.screen, ModalScreen)


async def test_the_name_can_be_entered_by_the_mouse() -> None:
    done: list[str] = []
    production = FakeSession(settings=Settings(profile=Profile("a", production=True)))
    async with opened(production, (120, 40)) as (app, pilot):
        app.wishes.destroy("stop client-1", lambda: done.append("stopped"))
        await until(lambda: "⏎ do it" in screen_text(app))
        await pilot.click(offset=place_of(app, "⏎ do it"))
        await until(lambda: "that is not a" in screen_text(app))
        await pilot.press("a")
        await pilot.click(offset=place_of(app, "⏎ do it"))
        await until(lambda: done == ["stopped"])


async def test_the_header_s_tooltip_says_all_its_parts_and_the_topics_in_full(session: FakeSession) -> None:
    async with opened(session, (40, 12)) as (app, pilot):
        app.tick()
        await pilot.pause()
        said = str(app.screen.query_one(Header).tooltip)
        assert "group" not in screen_text(app).splitlines()[0]
        for part in (
            "kcalc ● embedded",
            "group kcalc STABLE g8",
            "at least once",
            "dead letters: topic kcalc.requests.dlq",
        ):
            assert part in said.splitlines()


async def test_a_key_on_the_key_line_says_what_it_does(session: FakeSession) -> None:
    async with opened(session, (120, 40)) as (app, pilot):
        await pilot.press("escape")
        await until(lambda: "add worker" in screen_text(app))
        await pilot.hover(offset=place_of(app, "add worker"))
        await until(lambda: app.screen.query_one(KeyLine).tooltip == "Start one more worker")
        await pilot.hover(offset=(118, 39))
        await until(lambda: app.screen.query_one(KeyLine).tooltip is None)


async def test_a_panel_says_what_it_shows_on_its_upper_border_only(session: FakeSession) -> None:
    async with opened(session, (120, 40)) as (app, pilot):
        log = app.screen.query_one(ResultsLog)
        await pilot.hover(ResultsLog, offset=(20, 0))
        await until(lambda: log.tooltip == ResultsLog.ABOUT)
        await pilot.hover(ResultsLog, offset=(20, 2))
        await until(lambda: log.tooltip is None)


async def test_every_field_of_the_form_says_what_it_is_for(session: FakeSession) -> None:
    async with opened(session, (120, 40)) as (app, _):
        for name, about in ABOUT.items():
            assert app.screen.query_one(f"#form #{name}").tooltip == about


async def test_the_table_of_workers_says_what_it_shows(session: FakeSession) -> None:
    session.ledger.current = many_workers(20)
    async with opened(session, (120, 40)) as (app, pilot):
        app.tick()
        table = app.screen.query_one(WorkerTable)
        await until(lambda: table.size.height)
        await pilot.hover(WorkerTable, offset=(20, 0))
        await until(lambda: table.tooltip == WorkerTable.ABOUT)


@pytest.mark.parametrize(("environ", "wanted"), [({}, False), ({"NO_COLOR": ""}, False), ({"NO_COLOR": "1"}, True)])
def test_no_color_counts_if_it_is_not_empty(environ: dict[str, str], wanted: bool) -> None:
    assert no_colour(environ) is wanted
    assert ("NO_COLOR" in environ) is wanted


def test_sixteen_colours_tell_as_many_workers_apart_and_leave_red_to_failures() -> None:
    numbers = [Color.parse(name).number for name in SIXTEEN]
    assert len(set(numbers)) == len(DARK)
    assert not {1, 9} & set(numbers)


async def test_a_theme_that_is_not_the_terminal_s_own_draws_every_panel_in_rgb_and_dims_nothing(
    session: FakeSession,
) -> None:
    session.ledger.current = many_workers(20)
    async with opened(session, (200, 60)) as (app, pilot):
        app.tick()
        for theme in (*OWN, *(each for each in BUILTIN_THEMES.values() if not each.ansi)):
            app.theme = theme.name
            await pilot.pause()
            for canvas in app.screen.query(Canvas):
                for strip in canvas.render_lines(canvas.outer_size.region):
                    for style in (segment.style for segment in strip if segment.style is not None):
                        colours = [colour for colour in (style.color, style.bgcolor) if colour is not None]
                        assert all(colour.triplet for colour in colours), (theme.name, canvas, strip.text)
                        assert not style.dim
