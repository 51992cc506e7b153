"""The box that saves results: what is shown goes into the file that was named."""

import asyncio
import csv
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.dashboard.fakes import FakeSession
from tests.dashboard.seeded import seeded_results
from tests.dashboard.shown import opened, screen_text, until
from tui.dashboard.app import KcalcApp
from tui.dashboard.screens import export
from tui.dashboard.screens.export import ExportScreen
from tui.ledger.export import Kind
from tui.ledger.ring import Rows

pytestmark = pytest.mark.usefixtures("utc")


@pytest.fixture
def answered(session: FakeSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeSession:
    """A session with the results of the design's frame, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    session.results.extend(seeded_results())
    return session


def rows(path: Path) -> list[dict[str, str]]:
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def said(app: KcalcApp) -> str:
    """What is on the screen, on one line."""
    return " ".join(screen_text(app).split())


async def typed(pilot: Pilot[None], app: KcalcApp, name: str) -> None:
    """Open the box and name a file."""
    await pilot.press("escape", "s")
    await until(lambda: isinstance(app.screen, ExportScreen))
    await pilot.press("ctrl+u", *name, "enter")


async def test_enter_saves_under_the_name_of_the_moment(answered: FakeSession, tmp_path: Path) -> None:
    async with opened(answered) as (app, pilot):
        await pilot.press("escape", "s")
        await until(lambda: "6 results kept" in screen_text(app))
        await pilot.press("enter")
        await until(lambda: "saved 6 results in" in screen_text(app))
        path = tmp_path / "kcalc-results-20241122-120107.csv"
        assert [row["result"] for row in rows(path)] == ["0.3", "42", "-2", "64", "", "3"]
        await pilot.press("enter")
        await until(lambda: not isinstance(app.screen, ExportScreen))


async def test_only_what_the_filter_shows_is_saved(answered: FakeSession, tmp_path: Path) -> None:
    async with opened(answered) as (app, pilot):
        await pilot.press("escape", "slash", *"error", "enter")
        await until(lambda: app.focused is not None and app.focused.id == "results")
        await pilot.press("s")
        await until(lambda: '1 result matching "error"' in screen_text(app))
        await pilot.press("ctrl+u", *"failed.csv", "enter")
        await until(lambda: "saved" in said(app))
        assert [row["error"] for row in rows(tmp_path / "failed.csv")] == ["division_by_zero"]


async def test_what_comes_while_the_box_is_open_is_not_saved(answered: FakeSession, tmp_path: Path) -> None:
    async with opened(answered) as (app, pilot):
        await pilot.press("escape", "s")
        await until(lambda: isinstance(app.screen, ExportScreen))
        answered.results.extend(seeded_results() * 300)
        await pilot.press("ctrl+u", *"a.csv", "enter")
        await until(lambda: "saved 6 results in" in screen_text(app))
        assert len(rows(tmp_path / "a.csv")) == 6


async def test_a_file_that_is_there_needs_a_second_enter(answered: FakeSession, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("older")
    async with opened(answered) as (app, pilot):
        await typed(pilot, app, "a.csv")
        await until(lambda: "exists: once more to overwrite it" in said(app))
        assert (tmp_path / "a.csv").read_text() == "older"
        await pilot.press("backspace", "v", "enter")
        await until(lambda: "once more" in said(app))
        assert (tmp_path / "a.csv").read_text() == "older", "the name was changed in between"
        await pilot.press("enter")
        await until(lambda: "saved" in said(app))
        assert len(rows(tmp_path / "a.csv")) == 6


async def test_with_another_name_it_is_saved_once_more(answered: FakeSession, tmp_path: Path) -> None:
    async with opened(answered, (200, 30)) as (app, pilot):
        await typed(pilot, app, "a.csv")
        await until(lambda: "saved 6 results in" in said(app))
        await pilot.press("ctrl+u", *"b.jsonl", "enter")
        await until(lambda: "b.jsonl" in said(app) and "saved 6 results in" in said(app))
        assert sorted(os.listdir(tmp_path)) == ["a.csv", "b.jsonl"]
        await pilot.press("enter")
        await until(lambda: not isinstance(app.screen, ExportScreen))


async def test_a_folder_is_told_at_once(answered: FakeSession, tmp_path: Path) -> None:
    (tmp_path / "old.csv").mkdir()
    async with opened(answered, (200, 30)) as (app, pilot):
        await typed(pilot, app, "old.csv")
        await until(lambda: "folder:" in said(app))
        assert "overwrite" not in said(app)


async def test_escape_while_it_writes_cancels_it(answered: FakeSession, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = asyncio.Event()

    async def endless(rows: Rows, kind: Kind, path: Path, progress: Callable[[int], None]) -> None:
        progress(4)
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    monkeypatch.setattr(export, "save", endless)
    async with opened(answered) as (app, pilot):
        await typed(pilot, app, "a.csv")
        await until(lambda: "4 of 6" in screen_text(app) and "esc cancel" in screen_text(app))
        await pilot.press("escape")
        await until(lambda: "nothing was saved" in screen_text(app))
        await until(ended.is_set)
        assert not isinstance(app.screen, ExportScreen)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a.txt", "The name ends in .csv"),
        ("no/a.csv", "there is no folder"),
        (".csv", "saved"),
        ("~nobody-of-that-name/a.csv", "this can be no file name"),
        ("x" * 300 + ".csv", "name"),
    ],
)
async def test_a_name_that_cannot_be_is_told(answered: FakeSession, name: str, words: str) -> None:
    async with opened(answered, (200, 30)) as (app, pilot):
        await typed(pilot, app, name)
        await until(lambda: words in said(app))


async def test_without_results_there_is_nothing_to_save(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        await pilot.press("escape", "s")
        await until(lambda: "there is no result to save" in screen_text(app))


async def test_it_is_found_in_the_palette(answered: FakeSession) -> None:
    async with opened(answered) as (app, pilot):
        await pilot.press("escape", "3", "ctrl+p", *"save the")
        await pilot.pause()
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, ExportScreen))


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (160, 45)])
async def test_it_fits_in_every_window(answered: FakeSession, size: tuple[int, int]) -> None:
    async with opened(answered, size) as (app, pilot):
        await pilot.press("escape", "s")
        await until(lambda: "Save results" in screen_text(app))
        assert max(len(line.rstrip()) for line in screen_text(app).splitlines()) <= size[0]
        assert "esc close" in screen_text(app)
