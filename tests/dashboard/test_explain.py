"""The box that says why work is shared as it is: reached by key and command, gone with escape."""

import pytest
from textual.content import Content
from textual.widgets import Static

from tests.dashboard.fakes import FakeSession
from tests.dashboard.seeded import because, first_figures, seeded_figures
from tests.dashboard.shown import opened, screen_text, until
from tui.dashboard.app import KcalcApp
from tui.dashboard.glyphs import UNICODE
from tui.dashboard.widgets.drawing import line_text
from tui.dashboard.widgets.explain_lines import ALL_IS_WELL, NOTHING_KNOWN, explained
from tui.events import Link
from tui.ledger.explain import away
from tui.ledger.figures import Reason


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


def many(first: str, count: int = 30) -> tuple[Reason, ...]:
    return tuple(Reason(f"{first if number == 0 else 'reason'} {number}", "what helps") for number in range(count))


def blocks(app: KcalcApp) -> list[str]:
    return [str(block.render()) for block in app.screen.query(".block").results(Static)]


async def test_it_follows_the_figures_and_says_how_old_they_are(session: FakeSession) -> None:
    async with opened(session, (80, 30)) as (app, pilot):
        await pilot.press("escape", "e")
        await until(lambda: "Why, and what helps" in screen_text(app))
        await until(lambda: "0.4 s" in screen_text(app).splitlines()[upper(app)])
        session.ledger.current = seeded_figures(
            reasons=(*because("433 requests wait"), *because("p2 grows")), age_s=14.0
        )
        app.tick()
        await until(lambda: "433 requests wait" in "".join(blocks(app)))
        assert "p1 grows by 4/s" not in "".join(blocks(app))
        assert ["p2 grows" in block for block in blocks(app)] == [False, True, False], "the skew stays the last"
        await until(lambda: "14 s" in screen_text(app).splitlines()[upper(app)])
        session.ledger.current = seeded_figures(reasons=())
        app.tick()
        await until(lambda: ALL_IS_WELL in screen_text(app))
        await until(lambda: len(blocks(app)) == 2)


def upper(app: KcalcApp) -> int:
    """The row of the box's upper border."""
    return app.screen.query_one("#explain-box").region.y


async def test_what_changes_is_written_anew_and_the_rest_stays_where_it_was_scrolled_to(
    session: FakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.ledger.current = seeded_figures(reasons=many("1 request waits"))
    async with opened(session) as (app, pilot):
        await pilot.press("escape", "e")
        await until(lambda: "Why, and what helps" in screen_text(app))
        box = app.screen.query_one("#explain-box")
        await pilot.press("pagedown")
        await until(lambda: box.scroll_offset.y > 10)
        await until(lambda: not app.animator.is_being_animated(box, "scroll_y"))
        at, updates, update = box.scroll_offset, [], Static.update

        def noted(block: Static, text: Content, **options: bool) -> None:
            updates.append(text.plain)
            update(block, text, **options)

        monkeypatch.setattr(Static, "update", noted)
        session.ledger.current = seeded_figures(reasons=many("2 requests wait"))
        app.tick()
        await until(lambda: "2 requests wait" in blocks(app)[0])
        await pilot.pause()
        assert box.scroll_offset == at
        assert [text.splitlines()[0] for text in updates if "what helps" in text] == ["▲ 2 requests wait 0"]


def test_hundreds_of_reasons_are_counted_not_listed() -> None:
    lines = explained(seeded_figures(reasons=many("first", 200)), UNICODE)
    assert len(lines) == 42
    assert line_text(lines[-2]) == "  and 160 more"


async def test_when_the_broker_is_gone_it_says_so_and_what_to_do(session: FakeSession) -> None:
    gone = away(Link.NO_BROKER, "start one with kcalc broker", 14.0, known=True)
    session.ledger.current = seeded_figures(link=Link.NO_BROKER, group_state=None, reasons=(gone,), age_s=14.0)
    async with opened(session) as (app, pilot):
        await pilot.press("escape", "e")
        await until(lambda: "the broker has been gone for 14 s" in screen_text(app))
        assert "Start one with kcalc broker" in screen_text(app)
        assert NOTHING_KNOWN not in screen_text(app)


async def test_what_came_from_kafka_is_text(session: FakeSession) -> None:
    session.ledger.current = seeded_figures(reasons=because("key '[bold]\x1b[2J' " + "x" * 500))
    async with opened(session, (40, 12)) as (app, pilot):
        await pilot.press("escape", "e")
        await until(lambda: "[bold]" in screen_text(app))
        assert "\x1b" not in screen_text(app)
