"""Every key hint that is shown and every field can be clicked."""

from msgspec.structs import replace
from textual.widgets import Input

from tests.dashboard.fakes import FakeSession
from tests.dashboard.mouse import BOTH, busy, clicked
from tests.dashboard.seeded import seeded_figures
from tests.dashboard.shown import form, opened, place_of, screen_text, until
from tui.dashboard.screens.cluster import ClusterView
from tui.dashboard.screens.live import LiveScreen
from tui.dashboard.widgets.filter_bar import FilterBar
from tui.dashboard.widgets.header import Header
from tui.dashboard.widgets.key_line import KeyLine
from tui.dashboard.widgets.results_log import ResultsLog
from tui.dashboard.widgets.worker_detail import WorkerDetail
from tui.events import Link

# The lines above and below


@BOTH
async def test_every_entry_of_the_key_line_does_what_its_key_does(session: FakeSession, size: tuple[int, int]) -> None:
    async with opened(busy(session), size) as (app, pilot):
        app.tick()
        await pilot.press("escape")
        for label, view in (("2 workers", "workers"), ("3 events", "events"), ("1 live", "live"), ("5 cluster", "")):
            if label in screen_text(app):
                await clicked(app, pilot, label)
                if view:
                    await until(lambda view=view: app._views.is_shown(view))  # type: ignore[misc]
        for line in app.screen.query(KeyLine):
            assert line.render()


@BOTH
async def test_a_click_on_the_header_shows_the_cluster(session: FakeSession, size: tuple[int, int]) -> None:
    async with opened(session, size) as (app, pilot):
        await pilot.click(Header)
        await until(lambda: isinstance(app.screen, ClusterView))
        await pilot.click(Header)
        await pilot.pause()
        assert len(app.screen_stack) == 2


async def test_tabs_of_a_small_window_and_the_key_before_them_switch_panels(session: FakeSession) -> None:
    async with opened(busy(session), (60, 18)) as (app, pilot):
        app.tick()
        await clicked(app, pilot, "partitions")
        await until(lambda: app.focused is not None and app.focused.id == "partitions")
        await pilot.click("#panel-tabs", offset=(1, 0))
        await until(lambda: app.focused is not None and app.focused.id == "results")


async def test_what_is_said_above_the_panels_can_be_clicked_too(session: FakeSession) -> None:
    waiting = seeded_figures(workers=(), reasons=())
    session.ledger.current = replace(waiting, link=Link.CONNECTED)
    async with opened(session) as (app, pilot):
        app.tick()
        await clicked(app, pilot, "press esc, then w")
        await until(lambda: session.calls.count("add_worker") == 1)
        await pilot.click(offset=place_of(app, "no workers: press"))
        await until(lambda: session.calls.count("add_worker") == 2)


# Hints in frames


@BOTH
async def test_hints_in_the_frames_of_the_first_view_can_be_clicked(
    session: FakeSession, size: tuple[int, int]
) -> None:
    async with opened(busy(session), size) as (app, pilot):
        app.tick()
        log = app.screen.query_one(ResultsLog)
        await clicked(app, pilot, "space hold")
        await until(lambda: not log.following)
        await clicked(app, pilot, "to follow")
        await until(lambda: log.following)
        if size[0] >= 120:
            await clicked(app, pilot, "o by worker")
            await clicked(app, pilot, "o by partition")
            await clicked(app, pilot, "e explain")
        else:
            await clicked(app, pilot, "p1 grows by 4/s")
        await clicked(app, pilot, "esc close")
        await until(lambda: isinstance(app.screen, LiveScreen))
        if size[0] >= 120:
            await clicked(app, pilot, "3 all")
            await until(lambda: app.screen.query("#body"))


@BOTH
async def test_hints_of_a_worker_from_near_can_be_clicked(session: FakeSession, size: tuple[int, int]) -> None:
    async with opened(busy(session), size) as (app, pilot):
        app.open_worker("client-0")
        await clicked(app, pilot, "p pause")
        await until(lambda: "pause_worker client-0" in session.calls)
        await clicked(app, pilot, "z slow")
        await until(lambda: app.screen.query("#delay"))
        await pilot.press("5")
        await clicked(app, pilot, "⏎ do it")
        await until(lambda: "slow_worker client-0 0.005" in session.calls)
        await clicked(app, pilot, "esc all")
        await until(lambda: not app.screen.query_one(WorkerDetail).display)


@BOTH
async def test_the_filter_is_opened_and_closed_by_clicks(session: FakeSession, size: tuple[int, int]) -> None:
    async with opened(busy(session), size) as (app, pilot):
        app.tick()
        await app.filter_results()
        await pilot.press(*"error", "enter")
        await until(lambda: "of 86" in screen_text(app))
        await pilot.click("#filter-bar > .label")
        await until(lambda: isinstance(app.focused, Input))
        await pilot.click("#filter-bar > .hint")
        await until(lambda: not app.screen.query_one(FilterBar).display)
        assert app.screen.query_one(FilterBar).text == ""


# Fields


@BOTH
async def test_fields_and_the_words_before_them_get_the_focus(session: FakeSession, size: tuple[int, int]) -> None:
    async with opened(session, size) as (app, pilot):
        app.tick()
        for name in ("y", "times", "x"):
            await pilot.click(f"#field-{name}", offset=(1, 0))
            await until(lambda name=name: app.focused is not None and app.focused.id == name)  # type: ignore[misc]
        await pilot.click("#y")
        await until(lambda: app.focused is not None and app.focused.id == "y")
        await pilot.click("#operation")
        await until(lambda: form(app).query_one("#operation").expanded)  # type: ignore[attr-defined]
        await pilot.press("escape", "f2", "6", "tab", "tab", "7")
        await pilot.click("#send")
        await until(lambda: [(sent.x, sent.y) for sent in session.sent] == [("6", "7")])
