"""How the first view looks in each of its states, as pictures: a change of the look shows up as a changed file.

`pytest tests/dashboard/test_snapshots.py --snapshot-update` takes new pictures; look at them before they are kept.
"""

import pytest
from textual.pilot import Pilot

from tests.dashboard.fakes import FakeLedger, FakeSession
from tests.dashboard.scenes import LANES, SCENES, Scene, SnapCompare
from tests.dashboard.seeded import NOON, seeded_letters, seeded_results
from tests.dashboard.shown import still, until
from tui.dashboard.app import KcalcApp
from tui.dashboard.glyphs import UNICODE
from tui.settings import DashboardSettings, Settings
from tui.worker_details import WorkerDetails

pytestmark = pytest.mark.usefixtures("utc", "plain_terminal")


def matches(snap_compare: SnapCompare, scene: Scene, size: tuple[int, int], theme: str = "kcalc-dark") -> bool:
    """True if this scene looks as in its picture."""
    session = FakeSession(settings=Settings(dashboard=DashboardSettings(theme=theme)), ledger=FakeLedger(scene.figures))
    session.details["client-0"] = WorkerDetails(0.12, 0.34, 0.08, LANES)
    if scene.answered:
        session.results.extend(seeded_results())
    for letter in seeded_letters() if scene.letters else ():
        session.dead_letters.add(letter)
    app = KcalcApp(session, clock=lambda: NOON, glyphs=UNICODE, ticking=False)

    async def pose(pilot: Pilot[None]) -> None:
        await until(lambda: "start" in session.calls, "the start of the session")
        app.tick()
        for key in scene.typed:
            await pilot.press(key)
            await pilot.pause()
        still(app)
        app.tick()
        await pilot.pause()

    return snap_compare(app, terminal_size=size, run_before=pose)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("scene", SCENES)
def test_a_view_looks_as_in_its_picture(snap_compare: SnapCompare, scene: str, size: tuple[int, int]) -> None:
    assert matches(snap_compare, SCENES[scene], size)


def test_a_window_too_small_looks_as_in_its_picture(snap_compare: SnapCompare) -> None:
    assert matches(snap_compare, SCENES["nothing_yet"], (36, 8))


def test_the_light_theme_looks_as_in_its_picture(snap_compare: SnapCompare) -> None:
    assert matches(snap_compare, SCENES["working"], (120, 40), "kcalc-light")
