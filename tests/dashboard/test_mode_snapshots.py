"""How read-only, production, the box that asks for a name and the first start look: see test_snapshots.py."""

from dataclasses import dataclass

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from tests.dashboard.fakes import FakeSession
from tests.dashboard.scenes import SnapCompare, nothing_sent
from tests.dashboard.seeded import NOON, seeded_figures, seeded_results, seeded_workers
from tests.dashboard.shown import still, until
from tui.dashboard.app import KcalcApp
from tui.dashboard.glyphs import UNICODE
from tui.dashboard.remembered import Memory
from tui.settings import KafkaSettings, Profile, Settings


@dataclass(frozen=True, slots=True)
class Mode:
    """What is configured, and which worker is to be stopped."""

    settings: Settings
    stops: str = ""
    first_run: bool = False


PROD = Profile("prod", production=True)
MODES = {
    "read_only": Mode(Settings(kafka=KafkaSettings(read_only=True))),
    "production": Mode(Settings(profile=PROD)),
    "confirm": Mode(Settings(profile=PROD), stops="client-1"),
    "first_run": Mode(Settings(), first_run=True),
}


@pytest.mark.usefixtures("utc", "plain_terminal")
@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("mode", MODES)
def test_a_mode_looks_as_in_its_picture(snap_compare: SnapCompare, mode: str, size: tuple[int, int]) -> None:
    session = FakeSession(settings=MODES[mode].settings)
    if session.settings.kafka.read_only:
        remote = tuple(replace(worker, remote=True) for worker in seeded_workers())
        session.ledger.current = seeded_figures(workers=remote)
    memory = Memory()
    memory.first_run = MODES[mode].first_run
    if memory.first_run:
        session.ledger.current = nothing_sent()
    else:
        session.results.extend(seeded_results())
    app = KcalcApp(session, clock=lambda: NOON, glyphs=UNICODE, ticking=False, memory=memory)

    async def pose(pilot: Pilot[None]) -> None:
        await until(lambda: "start" in session.calls, "the start of the session")
        app.tick()
        if MODES[mode].stops:
            app.wishes.stop_worker(MODES[mode].stops)
            await until(lambda: app.screen.query("#confirm-name"))
        still(app)
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=pose)
