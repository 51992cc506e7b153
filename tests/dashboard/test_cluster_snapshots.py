"""How the cluster view and its boxes look, as pictures; see test_snapshots.py."""

from collections.abc import Awaitable, Callable

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.dashboard.at_cluster import view
from tests.dashboard.fake_cluster import FakeCluster, seeded_cluster, without_permissions
from tests.dashboard.fakes import FakeLedger, FakeSession
from tests.dashboard.scenes import SnapCompare, broker_gone
from tests.dashboard.seeded import NOON, seeded_figures
from tests.dashboard.shown import still, until
from tui.dashboard.app import KcalcApp
from tui.dashboard.glyphs import UNICODE
from tui.dashboard.screens.cluster import ClusterView
from tui.session import ClusterRefused

NOT_THERE = ClusterRefused(
    "no broker answers at b1.example:9092: is it running, and is kafka.bootstrap_servers (--bootstrap-servers) right?"
)

pytestmark = pytest.mark.usefixtures("utc", "plain_terminal")


async def nothing(app: KcalcApp, pilot: Pilot[None]) -> None:
    """The view as it is."""


async def gone(app: KcalcApp, pilot: Pilot[None]) -> None:
    """The broker does not answer any more."""
    session = app._session
    assert isinstance(session, FakeSession)
    assert session.cluster is not None
    session.cluster.fails = NOT_THERE
    looking = view(app).looking
    looking.now()
    await until(lambda: looking.trouble)
    app.tick()


def pressed(key: str) -> Callable[[KcalcApp, Pilot[None]], Awaitable[None]]:
    """A box, its cursor still."""

    async def press(app: KcalcApp, pilot: Pilot[None]) -> None:
        await pilot.press(key)
        await until(lambda: app.screen.query(Input))
        still(app)

    return press


SCENES = {
    "normal": (seeded_cluster(), nothing),
    "no_permission": (without_permissions(), nothing),
    "broker_gone": (seeded_cluster(), gone),
    "make": (seeded_cluster(), pressed("m")),
    "partitions": (seeded_cluster(), pressed("a")),
    "delete": (seeded_cluster(), pressed("d")),
}


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("scene", SCENES)
def test_the_cluster_looks_as_in_its_picture(
    snap_compare: SnapCompare, monkeypatch: pytest.MonkeyPatch, scene: str, size: tuple[int, int]
) -> None:
    described, pose = SCENES[scene]
    now = [0.0]
    monkeypatch.setattr(ClusterView, "CLOCK", lambda: now[0])
    figures = broker_gone() if scene == "broker_gone" else seeded_figures()
    session = FakeSession(ledger=FakeLedger(figures), cluster=FakeCluster(described))
    app = KcalcApp(session, clock=lambda: NOON, glyphs=UNICODE, ticking=False)

    async def posed(pilot: Pilot[None]) -> None:
        await until(lambda: "start" in session.calls, "the start of the session")
        await pilot.press("escape", "5")
        await until(lambda: isinstance(app.screen, ClusterView) and app.screen.looking.latest)
        now[0] = 14.0 if scene == "broker_gone" else 1.2
        app.tick()
        await pose(app, pilot)
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=posed)
