"""Opens the view of the cluster, and reads what it tells."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.pilot import Pilot
from textual.widgets import Static

from tests.dashboard.fakes import FakeSession
from tests.dashboard.shown import opened, until
from tui.dashboard.app import KcalcApp
from tui.dashboard.screens.cluster import ClusterView


@asynccontextmanager
async def at_cluster(
    session: FakeSession, size: tuple[int, int] = (80, 40)
) -> AsyncIterator[tuple[KcalcApp, Pilot[None]]]:
    """The dashboard with the view open and the first look, or its failure, shown."""
    async with opened(session, size) as (app, pilot):
        await pilot.press("escape", "5")
        await until(lambda: isinstance(app.screen, ClusterView))
        looking = view(app).looking
        await until(lambda: looking.latest or looking.trouble)
        app.tick()
        await pilot.pause()
        yield app, pilot


def view(app: KcalcApp) -> ClusterView:
    """The view, under a box if one is open."""
    return next(screen for screen in app.screen_stack if isinstance(screen, ClusterView))


def told(app: KcalcApp) -> str:
    """What the toasts say."""
    return "\n".join(str(toast.render()) for toast in app.screen.query("Toast").results(Static))
