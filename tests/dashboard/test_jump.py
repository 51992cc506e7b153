"""Going to a time: the log holds still there, or it is said why it cannot."""

import pytest
from textual.pilot import Pilot

from tests.dashboard.fakes import FakeSession
from tests.dashboard.seeded import NOON, received
from tests.dashboard.shown import opened, screen_text, until
from tui.dashboard.app import KcalcApp
from tui.dashboard.screens.jump import JumpScreen
from tui.dashboard.widgets.results_log import ResultsLog
from tui.ledger.ring import ResultRing

pytestmark = pytest.mark.usefixtures("utc")


@pytest.fixture
def answered(session: FakeSession) -> FakeSession:
    """A session with a result a second in the last 200 s; those of the last minute came from p1."""
    session.results.extend(
        received("1", "sum", str(ago), str(1 + ago), partition=ago // 60, offset=ago, at=NOON - ago)
        for ago in range(199, -1, -1)
    )
    return session


async def went(pilot: Pilot[None], app: KcalcApp, when: str) -> None:
    """Ask for a time."""
    await pilot.press("t", *when, "enter")
    await until(lambda: not isinstance(app.screen, JumpScreen))
    await pilot.pause()


def log(app: KcalcApp) -> ResultsLog:
    return app.screen.query_one(ResultsLog)


def top_row(app: KcalcApp) -> str:
    """The row on top, below the titles."""
    return log(app).render_line(1).text


async def test_the_log_holds_still_at_the_first_result_of_that_time(answered: FakeSession) -> None:
    async with opened(answered) as (app, pilot):
        app.tick()
        await pilot.press("escape")
        await went(pilot, app, "12:00:00")
        await until(lambda: top_row(app).startswith("12:00:00  1 + 67 "))
        answered.results.extend([received("5", "sum", "5", "10", at=NOON + 1)])
        app.tick()
        assert top_row(app).startswith("12:00:00  1 + 67 ")
        assert not log(app).following
        assert "+1 new" in screen_text(app)
        await pilot.press("home")
        await until(lambda: "5 + 5" in top_row(app))


async def test_how_long_ago_can_be_said_and_a_filter_is_heeded(answered: FakeSession) -> None:
    async with opened(answered) as (app, pilot):
        app.tick()
        await pilot.press("escape", "slash", *"p:2", "enter")
        await until(lambda: app.focused is log(app))
        await went(pilot, app, "-150s")
        await until(lambda: "1 + 150 " in top_row(app))
        await went(pilot, app, "-30s")
        await until(lambda: "no result since 12:00:37" in screen_text(app))


async def test_what_was_dropped_is_said(answered: FakeSession) -> None:
    kept = ResultRing(120)
    kept.extend(answered.results.rows(0, 200))
    answered.results = kept
    async with opened(answered, (120, 40)) as (app, pilot):
        app.tick()
        await pilot.press("escape")
        await went(pilot, app, "11:58")
        await until(lambda: "older results were dropped" in screen_text(app))
        assert not log(app).following
        await until(lambda: "1 + 119 " in "".join(log(app).render_line(y).text for y in range(log(app).size.height)))


async def test_before_the_first_result_there_is_none(answered: FakeSession) -> None:
    async with opened(answered, (120, 40)) as (app, pilot):
        app.tick()
        await pilot.press("escape")
        await went(pilot, app, "-2h")
        await until(lambda: "there are no older results" in screen_text(app))


async def test_without_results_there_is_nothing_to_go_to(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        await pilot.press("escape")
        await went(pilot, app, "12:00")
        await until(lambda: "there is no result to go to" in screen_text(app))
        assert log(app).following


async def test_what_is_no_time_is_told_and_escape_leaves_everything_as_it_was(answered: FakeSession) -> None:
    async with opened(answered) as (app, pilot):
        app.tick()
        await pilot.press("escape", "t", *"noon", "enter")
        await until(lambda: "allowed are HH:MM" in screen_text(app))
        await pilot.press("escape")
        await until(lambda: not isinstance(app.screen, JumpScreen))
        assert log(app).following


async def test_it_is_found_in_the_palette_from_another_view(answered: FakeSession) -> None:
    async with opened(answered) as (app, pilot):
        app.tick()
        await pilot.press("escape", "3", "ctrl+p", *"go to a time")
        await pilot.pause()
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, JumpScreen))
        await pilot.press(*"-1m", "enter")
        await until(lambda: bool(app.screen.query(ResultsLog)))
        await until(lambda: "1 + 60 " in top_row(app))
