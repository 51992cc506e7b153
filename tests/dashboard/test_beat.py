"""The beat of the dashboard: it draws by itself, and all panels say the same at any time."""

import asyncio

from textual.widgets import Static

from tests.dashboard.fakes import FakeSession
from tests.dashboard.seeded import NOON, seeded_figures
from tests.dashboard.shown import screen_text, until
from tui.dashboard.app import KcalcApp
from tui.ledger.figures import Figures


async def test_it_ticks_by_itself(session: FakeSession) -> None:
    app = KcalcApp(session, clock=lambda: NOON)
    async with app.run_test(size=(80, 24)):
        session.ledger.current = seeded_figures(generation=41)
        await until(lambda: "g41" in screen_text(app))


class Changing(Static):
    """One line that counts how often it was painted, and knows whether a change of it still waits for that."""

    DEFAULT_CSS = "Changing { dock: top; height: 1; }"
    paintings = 0
    waits = False

    def render(self) -> str:
        """It is painted."""
        self.paintings += 1
        self.waits = False
        return ""

    async def change(self) -> None:
        """Have it painted anew; returns when that is done."""
        before = self.paintings
        self.refresh()
        for _ in range(5):
            await asyncio.sleep(0)  # turns of the loop, in which the screen learns of it
        self.waits = self.paintings == before
        await until(lambda: self.paintings > before)


async def test_a_beat_waits_until_what_changed_before_it_is_painted(session: FakeSession) -> None:
    """Else its figures would be painted in some panels 16 ms earlier than in others."""
    app = KcalcApp(session, clock=lambda: NOON)
    async with app.run_test(size=(120, 40)) as pilot:
        changing = Changing()
        await app.screen.mount(changing)
        await pilot.pause()
        looks: list[bool] = []

        def figures(now: float) -> Figures:
            looks.append(changing.waits)
            return seeded_figures()

        session.ledger.figures = figures  # type: ignore[method-assign]
        while len(looks) < 20:
            await changing.change()
    assert not any(looks)
