"""Workers have panes while there is room, a line or a table otherwise; their keys say what a person wants of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.dashboard.fakes import NOON, first_figures, received, seeded_figures, seeded_workers, worker
from tests.dashboard.hosting import WIDTHS, Host, drawn_lines, frame_texts, written
from tests.dashboard.shown import until
from tui.calc.operations import Operations
from tui.dashboard.glyphs import ASCII, UNICODE, Glyphs
from tui.dashboard.widgets.arrangement import Arrangement, Form, arrange
from tui.dashboard.widgets.drawing import line_cells, line_text
from tui.dashboard.widgets.key_hints import DEFAULT_KEYS
from tui.dashboard.widgets.worker_lines import name_line, pane_lines, partitions_line, rate_line
from tui.dashboard.widgets.worker_list import WorkerSummary, WorkerTable
from tui.dashboard.widgets.worker_pane import WorkerPane
from tui.dashboard.widgets.worker_panes import WITHOUT_BROKER, WorkerPanes
from tui.dashboard.widgets.worker_requests import key_words
from tui.dashboard.widgets.worker_rows import summary_lines, table_columns, table_line
from tui.events import Link, WorkerState
from tui.ledger.figures import Figures, WorkerFigures, WorkerNote

OPERATIONS = Operations.standard()


pytestmark = pytest.mark.usefixtures("utc")


def pane(one: WorkerFigures, cells: int = 36, lines: int = 6, glyphs: Glyphs = UNICODE) -> list[str]:
    return [line_text(line).rstrip() for line in pane_lines(one, OPERATIONS, cells, lines, glyphs)]


def crowd(count: int) -> tuple[WorkerFigures, ...]:
    return tuple(worker(f"client-{number}", per_s=float(number), rates=(1.0, 2.0)) for number in range(count))


def test_the_panes_of_120_columns_read_as_in_the_frame() -> None:
    busy, slow, idle = seeded_workers()
    assert line_text(name_line(busy, 30, UNICODE)) == "client-0 ● busy"
    assert line_text(partitions_line(busy)) == "p0 p3"
    assert pane(busy)[0] == "5 × 3                          20 ms"
    assert pane(busy)[2:] == [
        "done 702  failed 0  again 2",
        "12:01:07  15 ÷ 5 = 3",
        "12:01:03  6 × 7 = 42",
        "12:01:02  0.1 + 0.2 = 0.3",
    ]
    assert pane(busy)[1].startswith("19/s ")
    assert pane(busy)[1].endswith("▂▃▅▇██▅▃▅█  p95   5 ms")
    assert pane(slow)[3:] == ["12:01:06  8 × 8 = 64", "12:01:05  7 − 9 = −2  ↻2", "12:00:41  restarted"]
    assert pane(idle)[0] == "nothing waiting"
    assert pane(idle)[3:] == [
        "12:01:07  12 ÷ 0  ✖ division by zero",
        "12:01:05  took p2 at offset 391",
        "12:01:04  joining",
    ]


@pytest.mark.parametrize("cells", [4, 12, 20, 24, 36, 60, 96])
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_no_line_of_a_pane_is_wider_than_it(cells: int, glyphs: Glyphs) -> None:
    endless = worker(
        "w" * 300, range(400), state=WorkerState.BUSY, working_on="9" * 900, took_s=1e9, per_s=1e9, rates=(1.0,) * 99,
        run_p50_s=99.0, run_p95_s=99.0, done=10**12, failed=10**12, again=10**12,
        history=(received("9" * 900, "mul", "8" * 900, "7" * 900, attempt=99), WorkerNote(NOON, "n" * 900)),
    )  # fmt: skip
    for one in (*seeded_workers(), endless):
        for lines in (1, 2, 3, 6, 12):
            drawn = pane_lines(one, OPERATIONS, cells, lines, glyphs)
            assert len(drawn) <= lines
            assert all(line_cells(line) <= cells for line in drawn)
        assert line_cells(name_line(one, cells, glyphs)) <= max(cells, 16)


@given(st.text(alphabet=st.characters(exclude_categories=())), st.integers(4, 60))
def test_what_a_worker_says_of_itself_is_only_text(text: str, cells: int) -> None:
    one = worker(
        text, (0,), state=WorkerState.BUSY, working_on=text, detail=text,
        history=(received(text, text, text, text, client_id=text), WorkerNote(NOON, text)),
    )  # fmt: skip
    lines = pane_lines(one, OPERATIONS, cells, 6, UNICODE)
    lines += [name_line(one, cells, UNICODE), *summary_lines((one,), max(40, cells), 1, None, UNICODE)]
    lines += [table_line(one, table_columns((one,), cells), False, UNICODE)]
    for line in lines:
        assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in line_text(line))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"state": WorkerState.IDLE}, "no partition to read"),
        ({"state": WorkerState.JOINING}, "waits for its partitions"),
        ({"state": WorkerState.JOINING, "detail": "since 3 s"}, "since 3 s"),
        ({"state": WorkerState.PAUSED}, "takes no requests until resumed"),
        ({"state": WorkerState.STOPPED}, "has left the group"),
        ({"state": WorkerState.KILLED}, "was killed, the group has noticed"),
        ({"state": WorkerState.KILLED, "detail": "the group notices after 10 s"}, "the group notices after 10 s"),
        ({"state": WorkerState.FAILED, "detail": "broken pipe"}, "broken pipe"),
        ({"state": WorkerState.CONNECTING}, "connecting"),
        ({"state": None}, "nothing known yet"),
        ({"state": None, "remote": True}, "runs in another process"),
    ],
)
def test_every_state_has_its_words(changes: dict[str, object], words: str) -> None:
    assert pane(replace(worker("client-7"), **changes))[0] == words


def keys_of(**changes: object) -> str:
    return line_text(key_words(replace(worker("client-0"), **changes)))


def test_the_keys_say_what_they_would_do_now() -> None:
    assert keys_of(state=WorkerState.BUSY) == "p pause  x stop  k kill  n restart  z slow"
    assert keys_of(state=WorkerState.PAUSED) == "p resume  x stop  k kill  n restart  z slow"
    assert keys_of(state=WorkerState.STOPPED) == "x start"
    assert keys_of(state=WorkerState.KILLED) == "x start"
    assert keys_of(state=WorkerState.FAILED) == "x start"
    assert keys_of(state=WorkerState.STOPPING) == ""
    assert keys_of(state=WorkerState.BUSY, remote=True) == ""


def test_keys_of_a_keymap_are_named() -> None:
    names = {**DEFAULT_KEYS, "worker_pause": "ctrl+t"}
    assert line_text(key_words(worker("client-0"), names)).startswith("^t pause  x stop  ")


@pytest.mark.parametrize(
    ("cells", "words"),
    [(40, "p pause  x stop  k kill  n restart"), (32, "p pause  x stop  k kill"), (22, "p pause  x stop"), (6, "")],
)
def test_the_most_important_keys_are_named_where_there_is_no_room_for_all(cells: int, words: str) -> None:
    assert line_text(key_words(worker("client-0"), cells=cells)) == words


def test_a_remote_worker_is_marked() -> None:
    assert (
        line_text(name_line(worker("other-3", remote=True, state=None, per_s=2.0), 30, UNICODE)) == "other-3 ● remote"
    )


def test_the_summary_of_three_workers_is_one_line_of_80_columns() -> None:
    (line,) = summary_lines(seeded_workers(), 80, 1, None, UNICODE)
    text = line_text(line)
    assert line_cells(line) <= 80
    assert [text.index(f"client-{number}") for number in range(3)] == sorted(
        text.index(f"client-{number}") for number in range(3)
    )
    for words in ("client-0 ● ", " 19/s", "client-1 ● ", " 10/s", "client-2 ○ ", " 8/s"):
        assert words in text


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("count", [1, 2, 3, 7, 12, 40, 200])
def test_a_summary_says_how_many_more_there_are(width: int, count: int) -> None:
    lines = summary_lines(crowd(count), width, 3, "client-0", UNICODE)
    assert len(lines) <= 3
    assert all(line_cells(line) <= width for line in lines)
    text = "".join(line_text(line) for line in lines)
    shown = text.count("client-")
    assert shown == count or f"+{count - shown} more" in text
    assert "▸client-0" in text


@pytest.mark.parametrize("width", WIDTHS)
def test_a_row_of_the_table_fits(width: int) -> None:
    for workers in (crowd(40), seeded_workers(), (worker("w" * 300, range(50), working_on="9" * 900),)):
        columns = table_columns(workers, width - 4)
        assert all(line_cells(table_line(one, columns, True, UNICODE)) <= width - 4 for one in workers)


@pytest.mark.parametrize(
    ("workers", "screen", "expected"),
    [
        (3, (80, 24), Arrangement(Form.SUMMARY, 1, 1)),
        (7, (80, 24), Arrangement(Form.SUMMARY, 3, 1)),
        (0, (120, 36), Arrangement(Form.SUMMARY, 1, 1)),
        (3, (120, 36), Arrangement(Form.PANES, 8, 3)),
        (1, (120, 36), Arrangement(Form.PANES, 8, 1)),
        (4, (159, 50), Arrangement(Form.PANES, 10, 4)),
        (4, (160, 50), Arrangement(Form.PANES, 13, 4)),
        (3, (160, 40), Arrangement(Form.PANES, 10, 3)),
        (3, (160, 30), Arrangement(Form.PANES, 8, 3)),
        (12, (120, 36), Arrangement(Form.PANES, 12, 5)),
        (13, (120, 36), Arrangement(Form.TABLE, 14, 1)),
        (3, (120, 24), Arrangement(Form.SUMMARY, 1, 1)),
        (3, (60, 24), Arrangement(Form.TABLE, None, 1)),
        (3, (100, 15), Arrangement(Form.TABLE, None, 1)),
    ],
)
def test_workers_take_the_form_there_is_room_for(workers: int, screen: tuple[int, int], expected: Arrangement) -> None:
    assert arrange(workers, screen[0], *screen, screen[1]) == expected


@given(st.integers(0, 250), st.integers(20, 300), st.integers(10, 120))
def test_workers_leave_more_than_half_of_the_screen_to_others(workers: int, width: int, height: int) -> None:
    arrangement = arrange(workers, width, width, height, height)
    if arrangement.lines is not None:
        assert 1 <= arrangement.lines <= max(3, height * 0.4)
    if arrangement.form is Form.PANES:
        assert arrangement.across <= max(1, workers)
        assert width // arrangement.across >= 24


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


@pytest.mark.parametrize("cells", [24, 36, 50, 80])
def test_the_course_of_a_worker_keeps_its_place_whatever_the_figures(cells: int) -> None:
    rates = tuple(range(1, 61))
    quiet = worker("a", rates=rates, per_s=0.4)
    loud = worker("a", rates=rates, per_s=12_345.0, run_p50_s=0.00008, run_p95_s=0.999)
    lines = [line_text(rate_line(one, cells, UNICODE)) for one in (quiet, loud)]
    places = [[(at, sign) for at, sign in enumerate(line) if sign in UNICODE.sparks] for line in lines]
    assert places[0] == places[1] != []
    assert len(lines[0]) == len(lines[1]) <= cells


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
