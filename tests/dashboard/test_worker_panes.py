"""Workers have panes while there is room, a line or a table otherwise, and all of them take keys and clicks."""

import pytest
from msgspec.structs import replace

from tests.dashboard.crowd import crowd
from tests.dashboard.hosting import Host, drawn_lines, frame_texts, written
from tests.dashboard.seeded import first_figures, received, seeded_figures, seeded_workers, worker
from tests.dashboard.shown import until
from tui.calc.operations import Operations
from tui.dashboard.glyphs import UNICODE
from tui.dashboard.widgets.worker_list import WorkerSummary, WorkerTable
from tui.dashboard.widgets.worker_pane import WorkerPane
from tui.dashboard.widgets.worker_panes import WITHOUT_BROKER, WorkerPanes
from tui.events import Link, WorkerState
from tui.ledger.figures import Figures

pytestmark = pytest.mark.usefixtures("utc")


OPERATIONS = Operations.standard()


def panes_of(figures: Figures) -> tuple[WorkerPanes, Host]:
    panes = WorkerPanes(OPERATIONS, glyphs=UNICODE)
    return panes, Host(panes)


async def test_each_worker_has_a_pane_where_there_is_room() -> None:
    panes, app = panes_of(seeded_figures())
    async with app.run_test(size=(120, 36)):
        panes.show(seeded_figures())
        await until(lambda: len(panes.query(WorkerPane)) == 3, "three panes")
        await until(lambda: panes.query(WorkerPane).first().size.height == 6, "their layout")
        first = panes.query(WorkerPane).first()
        assert panes.outer_size.height == 8
        await until(lambda: "client-0 ● busy" in frame_texts(first)[0], "its frame")  # written once it knows its size
        assert frame_texts(first)[0].endswith(" p0 p3")
        assert frame_texts(first)[1] == "p pause  x stop  k kill  n restart"
        assert drawn_lines(first)[0].startswith("5 × 3")
        panes.show(seeded_figures(workers=crowd(5)))
        await until(lambda: len(panes.query(WorkerPane)) == 5, "two more")
        panes.show(seeded_figures(workers=crowd(1)))
        await until(lambda: len(panes.query(WorkerPane)) == 1, "all but one gone")


async def test_p_and_x_on_a_pane_wish_by_the_workers_state() -> None:
    panes, app = panes_of(seeded_figures())
    async with app.run_test(size=(120, 36)) as pilot:
        states = (WorkerState.BUSY, WorkerState.PAUSED, WorkerState.STOPPED)
        workers = [worker(f"client-{number}", state=state) for number, state in enumerate(states)]
        workers.append(worker("far-9", remote=True, state=None))
        panes.show(seeded_figures(workers=tuple(workers)))
        await until(lambda: len(panes.query(WorkerPane)) == 4, "the panes")
        for one in panes.query(WorkerPane):
            one.focus()
            await pilot.press("p", "x", "k", "n", "z", "enter")
        await until(lambda: len(app.wishes) >= 15, "the wishes")
        assert written(app.wishes) == [
            "pause client-0", "stop client-0", "kill client-0", "restart client-0", "slow client-0", "open client-0",
            "resume client-1", "stop client-1", "kill client-1", "restart client-1", "slow client-1", "open client-1",
            "start client-2", "open client-2", "open far-9",
        ]  # fmt: skip


async def test_a_click_on_a_key_in_the_frame_acts_like_the_key() -> None:
    panes, app = panes_of(seeded_figures())
    async with app.run_test(size=(120, 36)) as pilot:
        panes.show(seeded_figures())
        await until(lambda: len(panes.query(WorkerPane)) == 3, "the panes")
        await until(lambda: panes.query(WorkerPane).last().outer_size.height == 8, "their layout")
        await pilot.pause()
        last = panes.query(WorkerPane).last()
        await pilot.click(last, offset=(last.outer_size.width - 5, last.outer_size.height - 1))
        await until(lambda: app.wishes, "the wish")
        assert written(app.wishes) == ["restart client-2"]
        await pilot.click(last, offset=(last.outer_size.width - 17, last.outer_size.height - 1))
        await until(lambda: len(app.wishes) == 2, "the other wish")
        assert written(app.wishes)[1] == "kill client-2"


async def test_the_summary_line_lets_the_keyboard_choose_a_worker() -> None:
    panes, app = panes_of(seeded_figures())
    async with app.run_test(size=(80, 24)) as pilot:
        panes.show(seeded_figures())
        summary = panes.query_one(WorkerSummary)
        await until(lambda: "client-2" in drawn_lines(summary)[0], "the line")
        assert panes.outer_size.height == 1
        app.set_focus(None)
        await until(lambda: "▸" not in drawn_lines(summary)[0], "no cursor without the focus")
        summary.focus()
        await pilot.press("right", "p", "right", "right", "x", "left", "left", "left", "p")
        await until(lambda: len(app.wishes) == 3, "the wishes")
        assert written(app.wishes) == ["pause client-1", "stop client-2", "pause client-0"]
        assert drawn_lines(summary)[0].startswith("▸client-0")


async def test_more_than_a_dozen_workers_are_one_table_that_scrolls_with_its_cursor() -> None:
    panes, app = panes_of(seeded_figures())
    async with app.run_test(size=(120, 36)) as pilot:
        panes.show(seeded_figures(workers=crowd(40)))
        table = panes.query_one(WorkerTable)
        await until(lambda: table.display and table.size.height > 5, "the table")
        assert not panes.query(WorkerPane)
        table.focus()
        await pilot.press(*["down"] * 20, "x")
        await until(lambda: app.wishes, "the wish")
        assert written(app.wishes) == ["stop client-20"]
        lines = drawn_lines(table)
        assert lines[0].split()[0] == "worker"
        assert any(line.startswith("▸ client-20 ") for line in lines)


async def test_a_click_on_a_row_of_the_table_selects_that_worker() -> None:
    panes, app = panes_of(seeded_figures())
    async with app.run_test(size=(120, 36)) as pilot:
        panes.show(seeded_figures(workers=crowd(20)))
        table = panes.query_one(WorkerTable)
        await until(lambda: table.display and table.size.height > 5, "the table")
        await pilot.pause()
        await pilot.click(table, offset=(10, 5))
        await until(lambda: any(line.startswith("▸ client-3 ") for line in drawn_lines(table)), "the cursor")


async def test_without_workers_the_line_says_what_to_do() -> None:
    panes, app = panes_of(first_figures())
    async with app.run_test(size=(120, 36)):
        summary = panes.query_one(WorkerSummary)
        panes.show(first_figures())
        await until(lambda: drawn_lines(summary) == [f" {WITHOUT_BROKER}"], "the state")
        panes.show(first_figures(link=Link.CONNECTED))
        await until(lambda: drawn_lines(summary) == [" no workers: press esc, then w to add one"], "the advice")


async def test_the_form_follows_the_window() -> None:
    panes, app = panes_of(seeded_figures())
    async with app.run_test(size=(120, 36)) as pilot:
        panes.show(seeded_figures())
        await until(lambda: len(panes.query(WorkerPane)) == 3, "panes")
        await pilot.resize_terminal(80, 24)
        await until(lambda: panes.query_one(WorkerSummary).display and panes.outer_size.height == 1, "a line")
        await pilot.resize_terminal(60, 24)
        await until(lambda: panes.query_one(WorkerTable).display, "a table for the whole view")
        await pilot.resize_terminal(120, 36)
        await until(lambda: panes.outer_size.height == 8, "panes again")


async def test_many_results_cost_a_pane_one_repaint(monkeypatch: pytest.MonkeyPatch) -> None:
    one = seeded_workers()[0]
    shown = WorkerPane(one, OPERATIONS, UNICODE)
    async with Host(shown).run_test(size=(60, 8)) as pilot:
        await pilot.pause()
        shown.show(one)
        repaints: list[object] = []
        monkeypatch.setattr(shown, "refresh", lambda *regions, **options: repaints.append(regions))
        shown.show(one)
        assert not repaints
        shown.show(replace(one, done=10_702, history=tuple(received(str(n), "sum", "1", "2") for n in range(1_000))))
        assert len(repaints) == 1
