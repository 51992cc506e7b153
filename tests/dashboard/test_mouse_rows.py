"""Rows and panes are selected by a click and opened by two, and whatever scrolls does so by the wheel."""

import pytest
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input

from tests.dashboard.fakes import FakeSession
from tests.dashboard.letters import to_letters
from tests.dashboard.mouse import BOTH, busy, clicked, wheel
from tests.dashboard.scenes import many_workers
from tests.dashboard.seeded import dead_letter
from tests.dashboard.shown import opened, place_of, screen_text, until
from tui.dashboard.screens.live import LiveScreen
from tui.dashboard.screens.trace import TraceScreen
from tui.dashboard.widgets.cluster_list import ClusterList
from tui.dashboard.widgets.letter_lists import LetterList, ReasonList
from tui.dashboard.widgets.partition_table import PartitionTable
from tui.dashboard.widgets.rebalance_log import RebalanceLog
from tui.dashboard.widgets.results_log import ResultsLog
from tui.dashboard.widgets.worker_detail import WorkerDetail
from tui.dashboard.widgets.worker_list import WorkerSummary, WorkerTable
from tui.dashboard.widgets.worker_pane import WorkerPane


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
