"""The box that says why work is shared as it is: reached by key and command, gone with escape."""

from tests.dashboard.fakes import FakeSession, because, first_figures, seeded_figures
from tests.dashboard.shown import opened, screen_text, until
from tui.dashboard.screens.explain import ALL_IS_WELL, NOTHING_KNOWN


async def test_it_says_each_reason_with_its_remedy_and_the_skew(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        await pilot.press("escape", "e")
        await until(lambda: "Why, and what helps" in screen_text(app))
        assert "p1 grows by 4/s: client-1 is 2.5 times slower than its peers" in screen_text(app)
        assert "See what it has in hand" in screen_text(app)
        assert "busiest/mean 1.4" in screen_text(app)
        await pilot.press("escape")
        await until(lambda: "Why, and what helps" not in screen_text(app))


async def test_the_key_that_opened_it_closes_it(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        await pilot.press("escape", "e")
        await until(lambda: "Why, and what helps" in screen_text(app))
        await pilot.press("e")
        await until(lambda: "Why, and what helps" not in screen_text(app))


async def test_when_all_is_well_or_nothing_is_known_it_says_so(session: FakeSession) -> None:
    for figures, said in ((seeded_figures(reasons=()), ALL_IS_WELL), (first_figures(), NOTHING_KNOWN)):
        session.ledger.current = figures
        async with opened(session) as (app, pilot):
            await pilot.press("escape", "e")
            await until(lambda said=said: said in screen_text(app))  # type: ignore[misc]


async def test_what_came_from_kafka_is_text(session: FakeSession) -> None:
    session.ledger.current = seeded_figures(reasons=because("key '[bold]\x1b[2J' " + "x" * 500))
    async with opened(session, (40, 12)) as (app, pilot):
        await pilot.press("escape", "e")
        await until(lambda: "[bold]" in screen_text(app))
        assert "\x1b" not in screen_text(app)
