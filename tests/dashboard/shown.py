"""Opens the dashboard without a terminal and waits for what it shows."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from html import unescape

from textual.pilot import Pilot
from textual.widgets import Input

from tests.dashboard.fakes import FakeSession
from tests.dashboard.seeded import NOON
from tui.dashboard.app import KcalcApp
from tui.dashboard.glyphs import UNICODE
from tui.dashboard.widgets.request_form import RequestForm

DEADLINE_S = 10.0
_CELL = 12.2
"""Width of a character in Textual's screenshots."""
_TEXT = re.compile(
    r'<text class="[^"]+-r[0-9]+" x="([0-9.]+)" y="[0-9.]+" textLength="[0-9.]+" '
    r'clip-path="url\(#[^)]+-line-([0-9]+)\)">(.*?)</text>'
)


async def until(condition: Callable[[], object], what: str = "the condition") -> None:
    """Wait until `condition()` is true; fails after ten seconds."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + DEADLINE_S
    while not condition():
        assert loop.time() < deadline, f"{what} did not become true within {DEADLINE_S:.0f} s"
        await asyncio.sleep(0.005)


@asynccontextmanager
async def opened(session: FakeSession, size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[KcalcApp, Pilot[None]]]:
    """The dashboard of this session in a window of this size, painted and started; it ticks only by hand."""
    app = KcalcApp(session, clock=lambda: NOON, glyphs=UNICODE, ticking=False)
    async with app.run_test(size=size, notifications=True) as pilot:
        await until(lambda: "start" in session.calls or session.fails, "the start of the session")
        await pilot.pause()
        yield app, pilot


def still(app: KcalcApp) -> None:
    """No cursor blinks in a picture."""
    for field in (*app.query(Input), *app.screen.query(Input)):
        field.cursor_blink = False


def form(app: KcalcApp) -> RequestForm:
    """The request form of the first view."""
    return app.screen_stack[0].query_one(RequestForm)


def screen_text(app: KcalcApp) -> str:
    """What can be read on the screen, row by row, every character in its column; rows without text are left out."""
    rows = _rows(app)
    return "\n".join(rows[row] for row in sorted(rows))


def place_of(app: KcalcApp, words: str) -> tuple[int, int]:
    """Column and row of these words on the screen; of the lowest ones if they stand there more than once."""
    for row, line in sorted(_rows(app).items(), reverse=True):
        if words in line:
            return line.index(words), row
    raise AssertionError(f"{words!r} is not on the screen")


def _rows(app: KcalcApp) -> dict[int, str]:
    rows: dict[int, str] = {}
    for x, row, text in _TEXT.findall(app.export_screenshot(simplify=True)):
        column = round(float(x) / _CELL)
        rows[int(row)] = rows.get(int(row), "").ljust(column) + unescape(text).replace("\xa0", " ")
    return rows
