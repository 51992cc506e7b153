"""The filter of the results: typed above the log, heard at once, and gone with escape."""

import pytest
from textual.widgets import Input

from tests.dashboard.fakes import FakeSession
from tests.dashboard.seeded import seeded_results
from tests.dashboard.shown import opened, screen_text, until
from tui.dashboard.app import KcalcApp


@pytest.fixture
def answered(session: FakeSession) -> FakeSession:
    """A session with the results of the design's frame."""
    session.results.extend(seeded_results())
    return session


def log(app: KcalcApp) -> str:
    """What stands in the log, without its titles."""
    app.tick()
    lines = screen_text(app).splitlines()
    first = next(index for index, line in enumerate(lines) if "Results" in line)
    return "\n".join(lines[first + 2 :])


async def test_what_is_typed_is_heard_at_once_and_counted_in_the_frame(answered: FakeSession) -> None:
    async with opened(answered, (100, 30)) as (app, pilot):
        await pilot.press("escape", "slash", *"error")
        await until(lambda: "division by zero" in log(app) and "client-0" not in log(app).split("╰")[0])
        assert f"Results · error · 1 of {len(answered.results)}" in screen_text(app)
        answered.results.extend(seeded_results())
        app.tick()
        await until(lambda: f"Results · error · 2 of {len(answered.results)}" in screen_text(app))


async def test_enter_keeps_it_and_escape_shows_everything_again(answered: FakeSession) -> None:
    async with opened(answered, (100, 30)) as (app, pilot):
        await pilot.press("escape", "slash", *"worker:client-1", "enter")
        await until(lambda: app.focused is not None and app.focused.id == "results")
        assert "worker:client-1" in screen_text(app)
        await pilot.press("slash", "escape")
        await until(lambda: "filter" not in screen_text(app).splitlines()[-10])
        await until(lambda: "division by zero" in log(app))
        assert "Results ·" not in screen_text(app)


async def test_letters_in_it_are_letters(answered: FakeSession) -> None:
    async with opened(answered, (100, 30)) as (app, pilot):
        await pilot.press("escape", "slash", *"qw13r?")
        await until(lambda: app.screen.query_one("#filter", Input).value == "qw13r?")
        assert answered.calls == ["start"]
        assert "/ filter" not in screen_text(app)
        await until(lambda: "no result matches so far" in log(app))


async def test_a_word_that_means_nothing_is_told_and_changes_nothing(answered: FakeSession) -> None:
    async with opened(answered, (120, 40)) as (app, pilot):
        await pilot.press("escape", "slash", *"error")
        await until(lambda: "1 of" in log(app) or "1 of" in screen_text(app))
        await pilot.press("space", *"p:x")
        await until(lambda: "p:x: a partition is a number" in screen_text(app))
        app.tick()
        assert "Results · error p ·" in screen_text(app)


async def test_it_is_found_in_the_palette_and_from_another_view(answered: FakeSession) -> None:
    async with opened(answered, (100, 30)) as (app, pilot):
        await pilot.press("escape", "3", "ctrl+p", *"filter the")
        await pilot.pause()
        await pilot.press("enter")
        await until(lambda: app.focused is not None and app.focused.id == "filter")


@pytest.mark.parametrize("size", [(40, 20), (60, 20), (80, 24), (160, 45)])
async def test_it_fits_in_every_window(answered: FakeSession, size: tuple[int, int]) -> None:
    async with opened(answered, size) as (app, pilot):
        await pilot.press("escape", "slash", *"run>1ms")
        await until(lambda: "run>1ms" in screen_text(app))
        app.tick()
        assert max(len(line.rstrip()) for line in screen_text(app).splitlines()) <= size[0]
