"""The way to the dead letters in the running dashboard."""

from textual.pilot import Pilot

from tests.dashboard.shown import until
from tui.dashboard.app import KcalcApp
from tui.dashboard.widgets.letter_lists import LetterList


async def to_letters(app: KcalcApp, pilot: Pilot[None], *keys: str) -> None:
    """Open the view, choose a reason by these keys, and go to its letters."""
    await pilot.press("escape", "4")
    await until(lambda: app.screen.query(LetterList) and app.screen.query_one(LetterList).rows)
    await pilot.press(*keys, "enter")
    await until(lambda: app.screen.query_one(LetterList).has_focus)
