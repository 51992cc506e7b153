"""How a selected row and the trace of its request look, as pictures; see `test_snapshots.py`."""

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from tests.dashboard.fakes import FakeSession
from tests.dashboard.scenes import SnapCompare
from tests.dashboard.seeded import NOON, seeded_figures, seeded_rebalances
from tests.dashboard.shown import still, until
from tests.dashboard.traces import OPEN, again, remembered
from tui.clients.look_up import Looked
from tui.dashboard.app import KcalcApp
from tui.dashboard.glyphs import UNICODE
from tui.dashboard.screens.trace import TraceScreen
from tui.dashboard.widgets.raw_view import RawView

pytestmark = pytest.mark.usefixtures("utc", "plain_terminal")

RESULT = b'{"id":"5eed5eed-376","operator_1":"8","operator_2":"8","operation":"mul","result":"64","error":null}'


def answered_twice() -> FakeSession:
    """The request of the frames, answered by client-1 and, after it was lost, by client-2."""
    session = remembered(FakeSession())
    session.results.extend([replace(again(), result_offset=1275, at=NOON + 9.003)])
    session.records["kcalc.results", 1, 1275] = Looked(b"a", RESULT, (), NOON + 9)
    lost = replace(seeded_rebalances()[2], at=NOON + 9.4, generation=9, moved=(1,))
    session.ledger.current = seeded_figures(rebalances=(lost, *seeded_rebalances()))
    return session


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("shown", ["selected", "traced"])
def test_a_row_and_its_trace_look_as_in_their_pictures(
    snap_compare: SnapCompare, shown: str, size: tuple[int, int]
) -> None:
    session = answered_twice()
    app = KcalcApp(session, clock=lambda: NOON, glyphs=UNICODE, ticking=False)

    async def pose(pilot: Pilot[None]) -> None:
        await until(lambda: "start" in session.calls, "the start of the session")
        app.tick()
        await pilot.press(*OPEN[:-1], "down")
        if shown == "traced":
            await pilot.press("enter")
            await until(lambda: isinstance(app.screen, TraceScreen))
            await until(
                lambda: all(view.display and view.virtual_size.height > 1 for view in app.screen.query(RawView))
            )
            box = app.screen.query_one("#trace-box")
            await until(lambda: isinstance(app.screen.focused, RawView) or box.max_scroll_y)
        still(app)
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=pose)
