"""Every box can be answered and closed with the mouse."""

from collections.abc import Callable

import pytest
from textual.screen import ModalScreen

from tests.dashboard.fakes import FakeSession
from tests.dashboard.mouse import BOTH, busy, clicked
from tests.dashboard.shown import opened, until
from tui.dashboard.app import KcalcApp
from tui.dashboard.widgets.results_log import ResultsLog


def open_jump(app: KcalcApp) -> None:
    app.action_jump_results()


def open_save(app: KcalcApp) -> None:
    app.action_save_results()


def open_slow(app: KcalcApp) -> None:
    app.slow_down("client-0")


def open_trace(app: KcalcApp) -> None:
    app.screen.query_one(ResultsLog).select(80)
    app.trace_result()


@BOTH
@pytest.mark.parametrize(
    ("open_box", "words"),
    [(open_jump, "esc close"), (open_save, "esc close"), (open_slow, "esc close"), (open_trace, "esc close")],
)
async def test_every_box_closes_by_a_click_on_the_word_in_its_frame(
    session: FakeSession, open_box: Callable[[KcalcApp], None], words: str, size: tuple[int, int]
) -> None:
    async with opened(busy(session), size) as (app, pilot):
        app.tick()
        open_box(app)
        await until(lambda: isinstance(app.screen, ModalScreen))
        await clicked(app, pilot, words)
        await until(lambda: not isinstance(app.screen, ModalScreen))


@pytest.mark.parametrize("open_box", [open_jump, open_save, open_slow])
async def test_and_by_a_click_beside_it(session: FakeSession, open_box: Callable[[KcalcApp], None]) -> None:
    async with opened(busy(session)) as (app, pilot):
        app.tick()
        open_box(app)
        await until(lambda: isinstance(app.screen, ModalScreen))
        await pilot.pause()
        await pilot.click(offset=(1, 22))
        await until(lambda: not isinstance(app.screen, ModalScreen))


async def test_a_time_is_gone_to_by_a_click_on_the_word_in_the_frame(session: FakeSession) -> None:
    async with opened(busy(session)) as (app, pilot):
        app.tick()
        open_jump(app)
        await clicked(app, pilot, "⏎ go")
        await pilot.press(*"12:00")
        await clicked(app, pilot, "⏎ go")
        await until(lambda: not isinstance(app.screen, ModalScreen))
