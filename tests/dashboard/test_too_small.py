"""A window too small for a view shows a notice alone, and what had the focus has it again in a larger one."""

import pytest

from tests.dashboard.fakes import FakeLedger, FakeSession
from tests.dashboard.seeded import first_figures, seeded_figures
from tests.dashboard.shown import opened, screen_text, until
from tui.dashboard.views import LIVE, VIEWS
from tui.events import Link
from tui.ledger.figures import Figures
from tui.settings import Profile, Settings

TROUBLED = first_figures(link=Link.NO_BROKER, link_detail="no broker answers")


@pytest.mark.parametrize("figures", [seeded_figures(), TROUBLED], ids=["calm", "no broker"])
@pytest.mark.parametrize("view", [LIVE, *VIEWS])
async def test_every_view_says_so_and_nothing_else_also_with_trouble_and_in_production(
    view: str, figures: Figures
) -> None:
    profile = Profile("prod", production=True)
    async with opened(FakeSession(ledger=FakeLedger(figures), settings=Settings(profile=profile))) as (app, pilot):
        app.tick()
        app.action_view(view)
        await until(lambda: getattr(app.screen, "NAME", LIVE) == view and app.screen.is_mounted)
        app.tick()
        await pilot.pause()
        await pilot.resize_terminal(20, 5)
        await until(lambda: "this is 20x5" in screen_text(app))
        app.tick()
        await pilot.pause()
        assert [line.strip() for line in screen_text(app).splitlines() if line.strip()] == [
            "kcalc needs 40x12,",
            "this is 20x5",
        ]
        assert not app.screen.show_vertical_scrollbar
        await pilot.resize_terminal(80, 24)
        await until(lambda: "PRODUCTION  prod" in screen_text(app) and "kcalc needs" not in screen_text(app))


async def test_the_worker_that_was_chosen_is_still_chosen_when_the_window_grows(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        await pilot.press("escape", "2")
        await until(lambda: app.screen.focused is not None)
        await pilot.press("tab")
        chosen = app.screen.focused
        await pilot.resize_terminal(20, 5)
        await until(lambda: "this is 20x5" in screen_text(app))
        await pilot.resize_terminal(80, 24)
        await until(lambda: app.screen.focused is chosen)
