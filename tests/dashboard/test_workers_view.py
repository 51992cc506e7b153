"""The view "workers": all of them in one window, one of them from near, and what a person can do to them there."""

import pytest
from msgspec.structs import replace

from tests.dashboard.crowd import crowd
from tests.dashboard.fakes import FakeSession
from tests.dashboard.seeded import NOON, partition, received, seeded_figures, seeded_partitions, seeded_workers, worker
from tests.dashboard.shown import opened, screen_text, until
from tui.calc.messages import ResultError
from tui.calc.operations import Operations
from tui.dashboard.app import KcalcApp
from tui.dashboard.glyphs import ASCII, UNICODE, Glyphs
from tui.dashboard.screens.slow import milliseconds
from tui.dashboard.widgets.arrangement import Arrangement, Form, fill
from tui.dashboard.widgets.columns import titles
from tui.dashboard.widgets.drawing import line_cells, line_text
from tui.dashboard.widgets.worker_detail_lines import detail_lines
from tui.dashboard.widgets.worker_pane import WorkerPane
from tui.dashboard.widgets.worker_rows import table_columns, table_line
from tui.events import WorkerState
from tui.ledger.figures import PartitionFigures, WorkerFigures, WorkerNote
from tui.worker_details import LaneDetails, WorkerDetails

pytestmark = pytest.mark.usefixtures("utc")

OPERATIONS = Operations.standard()
FROM_NEAR = WorkerDetails(
    0.12, 0.34, None, (LaneDetails(0, 415, 412, "5 × 3", 0.02, ""), LaneDetails(3, 402, 402, "", None, "no topic"))
)


def near(
    one: WorkerFigures,
    details: WorkerDetails | None,
    cells: int = 76,
    places: tuple[PartitionFigures, ...] = (),
    glyphs: Glyphs = UNICODE,
) -> list[str]:
    return [line_text(line).rstrip() for line in detail_lines(one, places, details, OPERATIONS, cells, glyphs)]


def enlarged_worker() -> WorkerFigures:
    """client-0 with its place in the group."""
    return replace(seeded_workers()[0], member_id="client-0-5eed", host="127.0.0.1")


# Pure functions


def test_one_worker_from_near_tells_its_signs_of_life_and_its_lanes() -> None:
    rows = seeded_partitions()
    lines = near(enlarged_worker(), FROM_NEAR, places=(rows[0], rows[3]))
    assert lines[3:11] == [
        "host 127.0.0.1  member client-0-5eed",
        "last poll 0.1 s  heartbeat 0.3 s  commit –",
        "",
        "lane   committed  reached     end    lag  in hand                       took",
        "p0           412      415     415      3  5 × 3                        20 ms",
        "p3           402      402     402      0  –                                –",
        "  ✖ no topic",
        "",
    ]
    assert lines[11:] == ["last", "12:01:07  15 ÷ 5 = 3", "12:01:03  6 × 7 = 42", "12:01:02  0.1 + 0.2 = 0.3"]


def test_of_a_worker_elsewhere_only_what_the_group_tells_is_known() -> None:
    remote = worker("far-9", (1,), remote=True, state=WorkerState.IDLE, member_id="far-9-1", host="10.0.0.7")
    lines = near(remote, None, places=(partition(1, "far-9", committed=None, end=7, lag=7),))
    assert lines[0] == "runs in another process"
    assert lines[3] == "host 10.0.0.7  member far-9-1"
    assert lines[6].split() == ["p1", "–", "?", "7", "7", "?", "?"]


def test_what_failed_is_told_apart_from_the_rest() -> None:
    zero = ResultError("division_by_zero", "division by zero")
    one = worker("a", history=(received("1", "sum", "2", "3"), received("1", "div", "0", None, error=zero)))
    lines = near(one, None)
    assert lines[lines.index("errors") + 1] == "12:01:07  1 ÷ 0  ✖ division by zero"
    assert lines[-2:] == ["12:01:07  1 + 2 = 3", "12:01:07  1 ÷ 0  ✖ division by zero"]
    assert "no partition" in lines
    assert "no member of the group" in lines


@pytest.mark.parametrize("cells", [20, 36, 60, 76, 116, 196])
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_no_line_from_near_is_wider_than_the_window(cells: int, glyphs: Glyphs) -> None:
    endless = worker(
        "w" * 300, range(300), member_id="m\x1b[2J" * 90, host="h" * 300, detail="d" * 300,
        history=(received("9" * 900, "mul", "8" * 900, "7" * 900), WorkerNote(NOON, "n\n" * 900)),
    )  # fmt: skip
    lanes = tuple(LaneDetails(number, 10**15, 10**15, "9" * 300, 1e9, "t\x1b" * 300) for number in range(5))
    places = tuple(partition(number, "w", committed=10**15, end=10**15, lag=10**12) for number in range(300))
    lines = detail_lines(endless, places, WorkerDetails(1e9, None, 1e9, lanes), OPERATIONS, cells, glyphs)
    assert max(line_cells(line) for line in lines) <= cells
    assert all(ord(char) >= 32 for line in lines for char in line_text(line))


@pytest.mark.parametrize(
    ("workers", "size", "expected"),
    [
        (0, (80, 20), Arrangement(Form.SUMMARY, 1)),
        (3, (80, 20), Arrangement(Form.PANES, None, 2)),
        (3, (120, 36), Arrangement(Form.PANES, None, 3)),
        (12, (80, 20), Arrangement(Form.PANES, None, 3)),
        (12, (120, 36), Arrangement(Form.PANES, None, 3)),
        (13, (120, 36), Arrangement(Form.TABLE, None)),
        (200, (80, 20), Arrangement(Form.TABLE, None)),
        (3, (40, 8), Arrangement(Form.TABLE, None)),
        (1, (40, 8), Arrangement(Form.PANES, None, 1)),
    ],
)
def test_the_workers_fill_the_window_in_panes_that_can_be_read_or_in_a_table(
    workers: int, size: tuple[int, int], expected: Arrangement
) -> None:
    assert fill(workers, *size) == expected


@pytest.mark.parametrize(
    ("typed", "delay"),
    [("200", 200), ("", 0), (" 0 ", 0), ("60000", 60_000), ("60001", None), ("-1", None), ("2.5", None), ("²", None)],
)
def test_a_delay_is_a_whole_number_of_milliseconds(typed: str, delay: int | None) -> None:
    assert milliseconds(typed) == delay


# On the screen


async def shown(app: KcalcApp, *words: str) -> None:
    """Wait until all of this can be read."""
    await until(lambda: all(word in screen_text(app) for word in words), f"{words}")


async def test_all_workers_are_shown_and_one_is_enlarged_and_left_again(session: FakeSession) -> None:
    session.details["client-1"] = WorkerDetails(0.1, 0.2, 0.3, (LaneDetails(1, 386, 377, "9 × 9", 0.08, ""),))
    async with opened(session) as (app, pilot):
        await pilot.press("escape", "2")
        await shown(app, "client-0 ● busy", "client-1 ● busy", "client-2 ○ idle")
        await until(lambda: isinstance(app.focused, WorkerPane))
        await pilot.press("right", "enter")
        await shown(app, "client-1 ● busy", "last poll 0.1 s", "p1 ", "9 × 9", "esc all")
        assert "client-2" not in screen_text(app)
        await pilot.press("k")
        await until(lambda: "kill_worker client-1" in session.calls)
        await pilot.press("escape")
        await shown(app, "client-0 ● busy", "client-2 ○ idle")
        await until(lambda: isinstance(app.focused, WorkerPane) and app.focused.worker.client_id == "client-1")
        await pilot.press("escape")
        await shown(app, "Partition ▸ worker")


async def test_enter_on_a_worker_of_the_first_view_looks_at_it(session: FakeSession) -> None:
    async with opened(session, (120, 40)) as (app, pilot):
        app.tick()
        await pilot.pause()
        app.screen.query(WorkerPane).last().focus()
        await pilot.press("enter")
        await shown(app, "client-2 ○ idle", "esc all")


async def test_forty_workers_are_a_table_from_which_one_is_enlarged(session: FakeSession) -> None:
    session.ledger.current = seeded_figures(workers=crowd(40))
    async with opened(session) as (app, pilot):
        await pilot.press("escape", "2")
        await shown(app, "client-0", "client-15")
        await pilot.press("down", "down", "enter")
        await shown(app, "client-2 ○ idle", "esc all")
        await pilot.press("x")
        await until(lambda: "stop_worker client-2" in session.calls)


async def test_a_worker_of_another_process_cannot_be_harmed_from_here(session: FakeSession) -> None:
    session.ledger.current = seeded_figures(workers=(worker("far-9", (0,), remote=True, state=WorkerState.BUSY),))
    async with opened(session) as (app, pilot):
        await pilot.press("escape", "2")
        await shown(app, "far-9 ○ remote")
        assert "k kill" not in screen_text(app)
        await pilot.press("k", "x", "n", "z", "p", "enter")
        await shown(app, "runs in another process", "esc all")
        assert session.calls == ["start"]


async def test_a_worker_that_is_gone_while_it_is_looked_at_is_said_to_be_gone(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        await pilot.press("escape", "2")
        await shown(app, "client-0 ● busy")
        await pilot.press("enter")
        await shown(app, "esc all")
        session.ledger.current = seeded_figures(workers=seeded_workers()[1:])
        app.tick()
        await shown(app, "client-0 is not in the group any more")
        await pilot.press("escape")
        await shown(app, "client-1 ● busy")


async def test_k_kills_and_says_when_the_group_notices(session: FakeSession) -> None:
    async with opened(session, (120, 40)) as (app, pilot):
        await pilot.press("escape", "2")
        await until(lambda: isinstance(app.focused, WorkerPane))
        await pilot.press("k")
        await shown(app, "client-0 killed: the group notices after 10 s")
        assert "kill_worker client-0" in session.calls


async def test_z_asks_for_milliseconds_and_again_0_ends_it(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        await pilot.press("escape", "2")
        await until(lambda: isinstance(app.focused, WorkerPane))
        await pilot.press("z")
        await shown(app, "Slow client-0 down")
        await pilot.press(*"2x", "enter")
        await shown(app, "a whole number from 0 to 60000")
        await pilot.press("backspace", *"00", "enter")
        await until(lambda: "slow_worker client-0 0.2" in session.calls)
        slow = replace(seeded_workers()[0], delay_s=0.2)
        session.ledger.current = seeded_figures(workers=(slow, *seeded_workers()[1:]))
        app.tick()
        await shown(app, "slow +200 ms")
        await pilot.press("z")
        await shown(app, "Slow client-0 down", "200")
        await pilot.press("ctrl+u", "0", "enter")
        await until(lambda: "slow_worker client-0 0" in session.calls)
        await pilot.press("z", "escape")
        await until(lambda: "Slow client-0 down" not in screen_text(app))
        assert len([call for call in session.calls if call.startswith("slow")]) == 2


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 40), (200, 50)])
@pytest.mark.parametrize("count", [0, 1, 3, 12, 40, 200])
async def test_it_works_in_every_window(session: FakeSession, size: tuple[int, int], count: int) -> None:
    session.ledger.current = seeded_figures(workers=crowd(count))
    async with opened(session, size) as (app, pilot):
        await pilot.press("escape", "2")
        await shown(app, "client-0" if count else "no workers")
        await pilot.press("enter")
        if count:
            await shown(app, "esc all")
        assert all(len(line.rstrip()) <= size[0] for line in screen_text(app).splitlines())


def test_the_table_says_how_slow_a_worker_was_made_where_one_was() -> None:
    workers = (*crowd(13), worker("client-13", delay_s=0.25))
    columns = table_columns(workers, 76)
    assert "slow" in line_text(titles(columns, "…")).split()
    assert "+250 ms" in line_text(table_line(workers[-1], columns, False, UNICODE))
    assert "slow" not in line_text(titles(table_columns(crowd(13), 76), "…")).split()
