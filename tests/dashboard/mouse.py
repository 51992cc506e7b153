"""A dashboard full of things to click, and what does it."""

import pytest
from msgspec.structs import replace
from textual.events import MouseScrollDown
from textual.pilot import Pilot
from textual.widget import Widget

from tests.dashboard.fakes import FakeSession
from tests.dashboard.seeded import (
    NOON,
    dead_letter,
    partition,
    received,
    seeded_figures,
    seeded_letters,
    seeded_rebalances,
    seeded_results,
)
from tests.dashboard.shown import place_of, screen_text, until
from tui.dashboard.app import KcalcApp

SIZES = [(80, 24), (120, 40)]


BOTH = pytest.mark.parametrize("size", SIZES)


def busy(session: FakeSession, **changes: object) -> FakeSession:
    """Something of everything: results, dead letters, more partitions and rebalances than fit."""
    rows = [received("6", "mul", "7", "42", offset=500 + number, at=NOON - 90 + number) for number in range(80)]
    session.results.extend([*rows, *seeded_results()])
    for number in range(60):
        session.dead_letters.add(dead_letter(number, f"reason_{number % 20}" if number < 20 else "not_json", "", b"x"))
    for letter in seeded_letters():
        session.dead_letters.add(letter)
    session.ledger.current = seeded_figures(
        partitions=tuple(partition(number, f"client-{number % 3}") for number in range(40)),
        rebalances=tuple(replace(one, at=one.at - 100 * n) for n in range(10) for one in seeded_rebalances()),
        **changes,
    )
    return session


async def clicked(app: KcalcApp, pilot: Pilot[None], words: str) -> None:
    """Click on these words once they are there."""
    await until(lambda: words in screen_text(app), words)
    await pilot.pause()
    await pilot.click(offset=place_of(app, words))


async def wheel(pilot: Pilot[None], widget: Widget) -> None:
    """Turn the wheel down over the middle of the widget."""
    await pilot._post_mouse_events([MouseScrollDown], widget, button=0)  # pilot has no wheel
