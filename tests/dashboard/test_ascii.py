"""A terminal without UTF-8 gets no sign that it cannot show: not in a view, not in a box, not in a scroll bar."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from textual.command import CommandPalette
from textual.pilot import Pilot
from textual.scrollbar import ScrollBar
from textual.widgets import Select

from tests.dashboard.fakes import FakeSession
from tests.dashboard.seeded import NOON, seeded_figures, seeded_letters, seeded_results, worker
from tests.dashboard.shown import screen_text, until
from tui.dashboard.app import KcalcApp
from tui.dashboard.glyphs import ASCII
from tui.dashboard.remembered import Memory


@asynccontextmanager
async def opened_in_ascii(size: tuple[int, int]) -> AsyncIterator[tuple[KcalcApp, Pilot[None]]]:
    """The dashboard on a terminal of this size that knows ASCII only, with results and dead letters to scroll."""
    session = FakeSession()
    for _ in range(20):
        session.results.extend(seeded_results())
    for letter in seeded_letters():
        session.dead_letters.add(letter)
    app = KcalcApp(session, clock=lambda: NOON, glyphs=ASCII, ticking=False, memory=Memory())
    async with app.run_test(size=size, notifications=True) as pilot:
        await until(lambda: session.calls, "the start of the session")
        app.tick()
        await pilot.pause()
        yield app, pilot


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press the keys one by one and let the app draw what came of them."""
    for key in keys:
        await pilot.press(key)
    await pilot.pause()
    assert isinstance(pilot.app, KcalcApp)
    pilot.app.tick()
    await pilot.pause()


def keys(*names: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    return lambda pilot: press(pilot, *names)


async def choose_operation(pilot: Pilot[None]) -> None:
    pilot.app.screen.query_one(Select).action_show_overlay()
    await pilot.pause()


async def say(pilot: Pilot[None]) -> None:
    pilot.app.notify("a b c " * 60, severity="error", markup=False)
    await pilot.pause()


async def many_workers(pilot: Pilot[None]) -> None:
    assert isinstance(pilot.app, KcalcApp)
    crowd = tuple(worker(f"client-{number}") for number in range(60))
    pilot.app._session.ledger.current = seeded_figures(workers=crowd)  # type: ignore[attr-defined]
    await press(pilot, "escape", "2", "end")


async def confirm_by_name(pilot: Pilot[None]) -> None:
    assert isinstance(pilot.app, KcalcApp)
    pilot.app._views.confirm("it ends", "prod", lambda: None)
    await press(pilot, "a", "enter")


async def themes(pilot: Pilot[None]) -> None:
    assert isinstance(pilot.app, KcalcApp)
    pilot.app.search_themes()
    await until(lambda: isinstance(pilot.app.screen, CommandPalette))
    await pilot.pause()


STATES: dict[str, Callable[[Pilot[None]], Awaitable[None]]] = {
    "form": keys("1"),
    "wrong": keys("1", "e", "1", "e", "tab", "tab", "enter"),
    "operations": choose_operation,
    "toast": say,
    "results": keys("escape", "down", "down", "end"),
    "filter": keys("escape", "slash", *"wroker:1"),
    "held": keys("escape", "space"),
    "partitions": keys("escape", "o", "v", "v"),
    "workers": keys("escape", "2"),
    "many workers": many_workers,
    "worker": keys("escape", "2", "enter"),
    "events": keys("escape", "3"),
    "dead letters": keys("escape", "4"),
    "letter": keys("escape", "4", "tab", "enter"),
    "letter as bytes": keys("escape", "4", "tab", "enter", "h"),
    "send again": keys("escape", "4", "tab", "g"),
    "cluster": keys("escape", "5"),
    "make": keys("escape", "5", "m", "enter"),
    "help": keys("escape", "question_mark"),
    "explain": keys("escape", "e"),
    "trace": keys("escape", "down", "enter"),
    "save": keys("escape", "down", "s"),
    "jump": keys("escape", "down", "t", "x", "enter"),
    "slow": keys("escape", "2", "z"),
    "palette": keys("ctrl+p"),
    "found": keys("ctrl+p", "w"),
    "nothing found": keys("ctrl+p", *"qqqq"),
    "themes": themes,
    "confirm": confirm_by_name,
}


NAMES = list(STATES)
AT_ALL_SIZES = ["form", "results", "partitions", "trace", "palette"]


@pytest.mark.parametrize(
    ("size", "names"),
    [
        ((80, 24), NAMES[::3]),
        ((80, 24), NAMES[1::3]),
        ((80, 24), NAMES[2::3]),
        ((40, 12), AT_ALL_SIZES),
        ((120, 40), AT_ALL_SIZES),
    ],
)
async def test_all_that_is_shown_is_ascii(size: tuple[int, int], names: list[str]) -> None:
    async with opened_in_ascii(size) as (app, pilot):
        for name in names:
            await STATES[name](pilot)
            shown = {character for character in screen_text(app) if not character.isascii()}
            assert not shown, f"{name}: {sorted(shown)}"
            while len(app.screen_stack) > 1:
                app.pop_screen()
            await pilot.press("escape", "f2")


async def test_the_palette_is_opened_once_and_finds_commands() -> None:
    async with opened_in_ascii((80, 24)) as (app, pilot):
        await press(pilot, "ctrl+p", "ctrl+p", *"events")
        assert [type(screen) for screen in app.screen_stack].count(type(app.screen)) == 1
        assert isinstance(app.screen, CommandPalette)
        assert "> events" in " ".join(screen_text(app).split())
        await press(pilot, "enter")
        await until(lambda: "Rebalances" in screen_text(app))


async def test_textuals_scroll_bars_come_back_at_the_end() -> None:
    before = ScrollBar.renderer
    async with opened_in_ascii((80, 24)):
        assert ScrollBar.renderer is not before
    assert ScrollBar.renderer is before
