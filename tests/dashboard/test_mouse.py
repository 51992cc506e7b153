"""Everything can be done with the mouse: each key hint that is shown, each row, each box, each thing that scrolls."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from textual.events import MouseScrollDown
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input

from tests.dashboard.fakes import (
    NOON,
    FakeSession,
    dead_letter,
    partition,
    received,
    seeded_figures,
    seeded_letters,
    seeded_rebalances,
    seeded_results,
)
from tests.dashboard.shown import form, opened, place_of, screen_text, until
from tests.dashboard.test_dead_letters_view import to_letters
from tests.dashboard.test_snapshots import many_workers
from tui.dashboard.app import KcalcApp
from tui.dashboard.screens.cluster import ClusterView
from tui.dashboard.screens.live import LiveScreen
from tui.dashboard.screens.trace import TraceScreen
from tui.dashboard.widgets.cluster_list import ClusterList
from tui.dashboard.widgets.filter_bar import FilterBar
from tui.dashboard.widgets.header import Header
from tui.dashboard.widgets.key_line import KeyLine
from tui.dashboard.widgets.letter_lists import LetterList, ReasonList
from tui.dashboard.widgets.partition_table import PartitionTable
from tui.dashboard.widgets.rebalance_log import RebalanceLog
from tui.dashboard.widgets.results_log import ResultsLog
from tui.dashboard.widgets.worker_detail import WorkerDetail
from tui.dashboard.widgets.worker_list import WorkerSummary, WorkerTable
from tui.dashboard.widgets.worker_pane import WorkerPane
from tui.events import Link

SIZES = [(80, 24), (120, 40)]
BOTH = pytest.mark.parametrize("size", SIZES)


def busy(session: FakeSession, **changes: object) -> FakeSession:
    """Something of everything: results, dead letters, more partitions and rebalances than fit."""
    rows = [received("6", "mul", "7", "42", offset=500 + number, at=NOON - 90 + number) for number in range(80)]
    session.results.extend([*rows, *seeded_results()])
    for number in range(60):
        session.dead_letters.add(dead_letter(number, f"reason_{number % 20}" if number < 20 else "not_json", "", b"x"))
    for letter in seeded_letters():
        session.dead_letters.add(letter)
    session.ledger.current = seeded_figures(
        partitions=tuple(partition(number, f"client-{number % 3}") for number in range(40)),
        rebalances=tuple(replace(one, at=one.at - 100 * n) for n in range(10) for one in seeded_rebalances()),
        **changes,
    )
    return session


async def clicked(app: KcalcApp, pilot: Pilot[None], words: str) -> None:
    """Click on these words once they are there."""
    await until(lambda: words in screen_text(app), words)
    await pilot.pause()
    await pilot.click(offset=place_of(app, words))


async def wheel(pilot: Pilot[None], widget: Widget) -> None:
    """Turn the wheel down over the middle of the widget."""
    await pilot._post_mouse_events([MouseScrollDown], widget, button=0)  # pilot has no wheel


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


# Rows


@BOTH
async def test_a_double_click_traces_a_result(session: FakeSession, size: tuple[int, int]) -> None:
    async with opened(busy(session), size) as (app, pilot):
        app.tick()
        await pilot.pause()
        await pilot.click(ResultsLog, offset=(10, 3))
        await until(lambda: app.screen.query_one(ResultsLog).selected is not None)
        await pilot.double_click(ResultsLog, offset=(10, 3))
        await clicked(app, pilot, "esc close")
        await until(lambda: not isinstance(app.screen, TraceScreen))


@BOTH
async def test_reasons_and_letters_are_selected_by_a_click_and_opened_by_two(
    session: FakeSession, size: tuple[int, int]
) -> None:
    async with opened(busy(session), size) as (app, pilot):
        app.action_view("dead_letters")
        await until(lambda: "5 000" in screen_text(app) or "not_json" in screen_text(app))
        reasons, letters = app.screen.query_one(ReasonList), app.screen.query_one(LetterList)
        first = reasons.selected
        await pilot.click(ReasonList, offset=(10, 3))
        await until(lambda: reasons.selected is not first)
        assert reasons.has_focus
        await pilot.double_click(ReasonList, offset=(10, 2))
        await until(lambda: letters.has_focus)
        await pilot.double_click(LetterList, offset=(10, 2))
        await until(lambda: "Dead letter" in screen_text(app) and isinstance(app.screen, ModalScreen))
        await clicked(app, pilot, "y trace")
        await clicked(app, pilot, "esc close")
        await clicked(app, pilot, "g send again")
        await clicked(app, pilot, "esc close")
        await clicked(app, pilot, "g send again")
        await clicked(app, pilot, "Cancel")
        await until(lambda: "again?" not in screen_text(app))


@BOTH
async def test_topics_are_selected_and_changed_by_clicks(session: FakeSession, size: tuple[int, int]) -> None:
    async with opened(session, size) as (app, pilot):
        app.action_view("cluster")

        def known() -> bool:
            app.tick()
            return "kcalc.results" in screen_text(app)

        await until(known)
        await clicked(app, pilot, "kcalc.results")
        await until(lambda: getattr(app.screen.query_one(ClusterList).topic, "name", "") == "kcalc.results")
        await clicked(app, pilot, "a partitions")
        await clicked(app, pilot, "esc close")
        await clicked(app, pilot, "d delete")
        await until(lambda: app.screen.query("#topic-name"))
        app.screen.query_one("#topic-name", Input).value = "kcalc.results"
        await clicked(app, pilot, "⏎ delete it")
        cluster = session.cluster
        assert cluster is not None
        await until(lambda: "delete_topic kcalc.results" in cluster.calls)


# Workers


async def test_a_pane_gets_the_focus_by_a_click_and_the_window_by_two(session: FakeSession) -> None:
    async with opened(session, (120, 40)) as (app, pilot):
        app.tick()
        await until(lambda: len(app.screen.query(WorkerPane)) == 3)
        await pilot.pause()
        pane = app.screen.query(WorkerPane)[1]
        await pilot.click(pane, offset=(5, 2))
        await until(lambda: pane.has_focus)
        await pilot.double_click(pane, offset=(5, 2))
        await until(lambda: app.screen.query(WorkerDetail))
        await until(lambda: "client-1" in screen_text(app) and "esc all" in screen_text(app))


async def test_a_double_click_on_a_word_of_the_frame_does_only_what_it_says(session: FakeSession) -> None:
    async with opened(session, (120, 40)) as (app, pilot):
        app.tick()
        await until(lambda: "p pause" in screen_text(app))
        await pilot.double_click(offset=place_of(app, "p pause"))
        await until(lambda: "pause_worker client-0" in session.calls)
        await pilot.pause()
        assert isinstance(app.screen, LiveScreen)


async def test_a_worker_of_the_summary_is_selected_by_a_click_and_looked_at_by_two(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        app.tick()
        await until(lambda: "client-2" in screen_text(app).splitlines()[-2])
        summary = app.screen.query_one(WorkerSummary)
        await pilot.click(offset=place_of(app, "client-2 ○"))
        await until(lambda: summary.chosen is not None and summary.chosen.client_id == "client-2")
        await pilot.double_click(offset=place_of(app, "client-2 ○"))
        await until(lambda: app.screen.query(WorkerDetail))


@BOTH
async def test_a_row_of_the_table_of_workers_is_selected_and_opened(
    session: FakeSession, size: tuple[int, int]
) -> None:
    session.ledger.current = many_workers(60)
    async with opened(session, size) as (app, pilot):
        app.action_view("workers")
        app.tick()
        await until(lambda: "client-3" in screen_text(app))
        table = app.screen.query_one(WorkerTable)
        await pilot.click(table, offset=(8, 5))
        await until(lambda: table.chosen is not None and table.chosen.client_id == "client-3")
        await wheel(pilot, table)
        await until(lambda: table.scroll_offset.y)
        await pilot.double_click(table, offset=(8, 4))
        await until(lambda: app.screen.query_one(WorkerDetail).display)


# Fields


@BOTH
async def test_fields_and_the_words_before_them_get_the_focus(session: FakeSession, size: tuple[int, int]) -> None:
    async with opened(session, size) as (app, pilot):
        app.tick()
        for name in ("y", "times", "x"):
            await pilot.click(f"#field-{name} > .label")
            await until(lambda name=name: app.focused is not None and app.focused.id == name)  # type: ignore[misc]
        await pilot.click("#y")
        await until(lambda: app.focused is not None and app.focused.id == "y")
        await pilot.click("#operation")
        await until(lambda: form(app).query_one("#operation").expanded)  # type: ignore[attr-defined]
        await pilot.press("escape", "f2", "6", "tab", "tab", "7")
        await pilot.click("#send")
        await until(lambda: [(sent.x, sent.y) for sent in session.sent] == [("6", "7")])


# Boxes


def open_jump(app: KcalcApp) -> None:
    app.action_jump_results()


def open_save(app: KcalcApp) -> None:
    app.action_save_results()


def open_slow(app: KcalcApp) -> None:
    app.slow_down("client-0")


def open_trace(app: KcalcApp) -> None:
    app.screen.query_one(ResultsLog).select(80)
    app.trace_result()


@BOTH
@pytest.mark.parametrize(
    ("open_box", "words"),
    [(open_jump, "esc close"), (open_save, "esc close"), (open_slow, "esc close"), (open_trace, "esc close")],
)
async def test_every_box_closes_by_a_click_on_the_word_in_its_frame(
    session: FakeSession, open_box: Callable[[KcalcApp], None], words: str, size: tuple[int, int]
) -> None:
    async with opened(busy(session), size) as (app, pilot):
        app.tick()
        open_box(app)
        await until(lambda: isinstance(app.screen, ModalScreen))
        await clicked(app, pilot, words)
        await until(lambda: not isinstance(app.screen, ModalScreen))


@pytest.mark.parametrize("open_box", [open_jump, open_save, open_slow])
async def test_and_by_a_click_beside_it(session: FakeSession, open_box: Callable[[KcalcApp], None]) -> None:
    async with opened(busy(session)) as (app, pilot):
        app.tick()
        open_box(app)
        await until(lambda: isinstance(app.screen, ModalScreen))
        await pilot.pause()
        await pilot.click(offset=(1, 22))
        await until(lambda: not isinstance(app.screen, ModalScreen))


async def test_a_time_is_gone_to_by_a_click_on_the_word_in_the_frame(session: FakeSession) -> None:
    async with opened(busy(session)) as (app, pilot):
        app.tick()
        open_jump(app)
        await clicked(app, pilot, "⏎ go")
        await pilot.press(*"12:00")
        await clicked(app, pilot, "⏎ go")
        await until(lambda: not isinstance(app.screen, ModalScreen))


# The wheel


@BOTH
@pytest.mark.parametrize(
    ("view", "widget"),
    [
        ("live", PartitionTable),
        ("live", ResultsLog),
        ("events", RebalanceLog),
        ("dead_letters", ReasonList),
        ("dead_letters", LetterList),
        ("cluster", ClusterList),
    ],
)
async def test_whatever_scrolls_does_so_by_the_wheel(
    session: FakeSession, view: str, widget: type[Widget], size: tuple[int, int]
) -> None:
    async with opened(busy(session), size) as (app, pilot):
        app.action_view(view)
        await until(lambda: app.screen.query(widget))

        def longer_than_it_is_high() -> bool:
            app.tick()
            return app.screen.query_one(widget).max_scroll_y > 0

        if view == "cluster" and size[1] == 40:
            return  # all of it is seen
        await until(longer_than_it_is_high)
        await pilot.pause()
        await wheel(pilot, app.screen.query_one(widget))
        await until(lambda: app.screen.query_one(widget).scroll_offset.y)


async def test_a_list_that_was_scrolled_stays_there_while_letters_come(session: FakeSession) -> None:
    async with opened(busy(session)) as (app, pilot):
        await to_letters(app, pilot)
        letters = app.screen.query_one(LetterList)
        letters.scroll_to(y=20, animate=False)
        await until(lambda: letters.scroll_offset.y == 20)
        session.dead_letters.add(dead_letter(999, "not_json", "", b"new"))
        app.tick()
        await until(lambda: letters.scroll_offset.y == 21)
