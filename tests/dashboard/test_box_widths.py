"""Every box in every size of window: nothing overflows, overlaps or scrolls sideways."""

from itertools import product

import pytest
from textual.pilot import Pilot

from tests.dashboard import test_help as openings
from tests.dashboard.fakes import FakeLedger, FakeSession
from tests.dashboard.hosting import WIDTHS
from tests.dashboard.seeded import seeded_figures, seeded_letters, seeded_results
from tests.dashboard.shown import opened
from tests.dashboard.test_help import Opening
from tests.dashboard.test_widths import HEIGHTS, complaints
from tui.dashboard.app import KcalcApp


async def the_help(app: KcalcApp, pilot: Pilot[None]) -> None:
    app.action_help()


async def the_reasons(app: KcalcApp, pilot: Pilot[None]) -> None:
    app.action_explain()


BOXES: tuple[Opening, ...] = (
    the_help, the_reasons, openings.the_filter, openings.a_time, openings.a_file, openings.a_name, openings.a_delay,
    openings.a_trace, openings.a_letter, openings.a_question, openings.a_topic,
)  # fmt: skip


@pytest.mark.parametrize("opening", BOXES, ids=lambda opening: opening.__name__)
async def test_every_box_fits_into_every_window(opening: Opening) -> None:
    session = FakeSession(ledger=FakeLedger(seeded_figures()))
    session.results.extend(seeded_results())
    for letter in seeded_letters():
        session.dead_letters.add(letter)
    async with opened(session, (120, 40)) as (app, pilot):
        app.tick()
        await opening(app, pilot)
        await pilot.pause()
        for width, height in product(WIDTHS, HEIGHTS):
            await pilot.resize_terminal(width, height)
            app.tick()
            await pilot.pause()
            assert "\n".join(complaints(app.screen)) == "", f"{width}x{height}"
