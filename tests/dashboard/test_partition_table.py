"""Partition ▸ worker admits what it does not know, drops columns instead of wrapping, and says what state it is in."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.dashboard.hosting import WIDTHS, Host, drawn_lines, frame_texts
from tests.dashboard.seeded import because, first_figures, partition, seeded_figures, worker
from tests.dashboard.shown import until
from tui.dashboard.glyphs import ASCII, UNICODE, Glyphs
from tui.dashboard.widgets.columns import Column, fit
from tui.dashboard.widgets.drawing import Line, edge, line_cells, line_text
from tui.dashboard.widgets.partition_columns import partition_columns
from tui.dashboard.widgets.partition_rows import (
    age_line,
    no_rows_line,
    partition_lines,
    remark_line,
    totals_line,
)
from tui.dashboard.widgets.partition_table import PartitionTable
from tui.events import Link, WorkerState
from tui.ledger.figures import Figures, PartitionFigures


def table(figures: Figures, cells: int, glyphs: Glyphs = UNICODE) -> list[Line]:
    return list(partition_lines(figures, partition_columns(figures, cells), glyphs))


def row(cells: int, **changes: object) -> str:
    only: PartitionFigures = replace(partition(0, "client-0"), **changes)
    return line_text(table(seeded_figures(partitions=(only,)), cells)[1])


def columns_at(cells: int) -> list[str]:
    return [column.name for column, _ in partition_columns(seeded_figures(), cells)]


def test_the_table_of_a_window_of_80_columns_reads_as_in_the_frame() -> None:
    assert [line_text(line).rstrip() for line in table(seeded_figures(), 76)] == [
        "p  worker         lag  queue         in/s  out/s  working on            took",
        "0  client-0 ●      3↓  ━━╌╌╌╌╌╌╌╌╌   11.0   11.2  5 × 3                20 ms",
        "1  client-1 ●      9↑  ━━━━━━╌╌╌╌╌   14.1    9.8  9 × 9                80 ms",
        "2  client-2 ○      0   ╌╌╌╌╌╌╌╌╌╌╌    8.0    8.0  –                        –",
        "3  client-0 ·      0   ╌╌╌╌╌╌╌╌╌╌╌    8.1    8.1  – client-0 on p0         –",
    ]


def test_all_blanks_between_two_texts_of_a_row_are_one_span() -> None:
    for line in table(seeded_figures(), 116):
        blank = [text.isspace() for text, _ in line]
        assert any(blank)
        assert (True, True) not in pairwise(blank)


def test_columns_go_in_the_order_of_their_priority() -> None:
    order = ["leader", "end", "committed", "trend", "oldest", "took", "in", "out", "working", "queue", "lag", "worker"]
    seen = columns_at(200)
    gone: list[str] = []
    for cells in range(200, 0, -1):
        now = columns_at(cells)
        gone += [name for name in seen if name not in now]
        seen = now
    assert gone == order
    assert seen == ["partition"]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_no_line_is_wider_than_the_window(width: int, glyphs: Glyphs) -> None:
    long = seeded_figures(
        partitions=tuple(
            partition(number, "w" * 300, lag=10**12, committed=10**15, end=10**16, in_per_s=1e9, working_on="9" * 900)
            for number in (0, 99_999)
        ),
        workers=tuple(worker(f"client-{number}") for number in range(200)),
        reasons=because("n" * 500),
        trouble="t" * 500,
    )
    for figures in (seeded_figures(), long):
        cells = width - 4
        lines = [*table(figures, cells, glyphs), remark_line(figures, cells, glyphs)]
        lines += [totals_line(figures, cells, glyphs), age_line(figures, cells, glyphs)]
        assert all(line_cells(line) <= cells for line in lines)
        assert all("\n" not in line_text(line) for line in lines)


@given(st.text(alphabet=st.characters(exclude_categories=())), st.integers(10, 120))
def test_names_and_requests_from_kafka_are_only_text(text: str, cells: int) -> None:
    figures = seeded_figures(
        partitions=(partition(0, text or "w", working_on=text), partition(1, text or "w", waits_for=0)),
        reasons=because(text),
    )
    for line in (*table(figures, cells), remark_line(figures, cells, UNICODE)):
        assert line_cells(line) <= cells
        assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in line_text(line))


def test_what_is_unknown_is_a_question_mark_and_what_is_not_there_a_dash() -> None:
    unknown = row(
        116, leader=None, owner=None, owner_state=None, committed=None, end=None, lag=None, in_per_s=None
    ).split()
    assert unknown[:9] == ["0", "?", "?", "?", "?", "?", "?", "?", "?"]
    assert row(116, committed=None, end=7, lag=7).split()[3:5] == ["○", "–"]
    assert "– nobody" in row(76, owner="", owner_state=None)


@pytest.mark.parametrize(
    ("state", "sign"),
    [
        (WorkerState.BUSY, "●"),
        (WorkerState.IDLE, "○"),
        (WorkerState.PAUSED, "‖"),
        (WorkerState.FAILED, "✖"),
        (WorkerState.JOINING, "…"),
        (WorkerState.STOPPED, "–"),
        (None, "?"),
    ],
)
def test_a_state_is_told_by_a_sign_not_only_by_colour(state: WorkerState | None, sign: str) -> None:
    assert f"client-0 {sign} " in row(76, owner_state=state)


def test_a_worker_that_does_not_keep_up_is_yellow() -> None:
    busy = partition(0, "client-0", owner_state=WorkerState.BUSY, lag=9, in_per_s=14.0, out_per_s=9.0, lag_per_s=5.0)
    slow, steady = (
        next(role for text, role in table(seeded_figures(partitions=(one,)), 76)[1] if text == "●")
        for one in (busy, partition(0, "client-0", owner_state=WorkerState.BUSY, lag=9))
    )
    assert (slow, steady) == ("warning", "success")


def test_a_bar_has_its_workers_hue() -> None:
    line = table(seeded_figures(), 76)[2]
    assert [role for text, role in line if "━" in text or "client" in text] == ["hue-1", "hue-1"]


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        (None, "connecting…"),
        (first_figures(), "connecting…"),
        (first_figures(link_detail="starting the broker"), "starting the broker"),
        (first_figures(link=Link.CONNECTED), "connected, reading the topics…"),
        (first_figures(link=Link.CONNECTED, age_s=0.1), "no topics yet"),
        (
            first_figures(link=Link.NO_BROKER, link_detail="127.0.0.1:9092 refuses"),
            "✖ no broker: 127.0.0.1:9092 refuses",
        ),
        (first_figures(link=Link.CONNECTED, trouble="no permission: DESCRIBE"), "no permission: DESCRIBE"),
    ],
)
def test_a_table_without_rows_says_why(figures: Figures | None, words: str) -> None:
    assert line_text(no_rows_line(figures, 76, UNICODE)) == words


def test_the_sums_stand_below_the_table() -> None:
    figures = seeded_figures()
    assert line_text(totals_line(figures, 74, UNICODE)) == "4 partitions · 3 workers · lag 12 ↑"
    assert line_text(totals_line(figures, 20, UNICODE)) == "4p · 3w · lag 12 ↑"
    assert line_text(totals_line(figures, 10, UNICODE)) == "lag 12 ↑"
    assert line_text(totals_line(figures, 114, UNICODE)) == (
        "busiest/mean 1.4 · 4 partitions · 3 workers · 1 idle · lag 12 ↑"
    )
    silent = seeded_figures(totals=replace(figures.totals, skew=None))
    assert line_text(totals_line(silent, 114, UNICODE)) == "4 partitions · 3 workers · 1 idle · lag 12 ↑"
    unknown = seeded_figures(totals=replace(figures.totals, lag=None))
    assert line_text(totals_line(unknown, 10, UNICODE)) == "lag ?", "nobody knows whether it grows"
    one = seeded_figures(partitions=figures.partitions[:1], workers=figures.workers[:1])
    assert line_text(totals_line(one, 74, UNICODE)).startswith("1 partition · 1 worker · ")


def test_who_was_stopped_or_killed_is_no_worker_of_the_sums() -> None:
    away = [worker(f"client-{n}", state=state) for n, state in enumerate((WorkerState.STOPPED, WorkerState.KILLED), 3)]
    figures = seeded_figures(workers=(*seeded_figures().workers, *away))
    assert "3 workers · 1 idle" in line_text(totals_line(figures, 114, UNICODE))
    assert line_text(totals_line(figures, 20, UNICODE)) == "4p · 3w · lag 12 ↑"


def test_while_no_broker_answers_the_line_above_says_it_and_rates_are_unknown() -> None:
    gone = seeded_figures(link=Link.NO_BROKER, reasons=because("the broker has been gone for 14 s"))
    assert remark_line(gone, 76, UNICODE) == ()
    assert row(116, in_per_s=None, out_per_s=None).split().count("?") == 2


def test_the_age_of_the_figures_is_told_and_old_ones_warn() -> None:
    assert age_line(seeded_figures(), 30, UNICODE) == (("0.4 s", "muted"),)
    assert age_line(seeded_figures(age_s=12.0), 30, UNICODE) == (("12 s", "warning"),)
    assert age_line(seeded_figures(age_s=None), 30, UNICODE) == ()
    assert line_text(age_line(seeded_figures(trouble="no permission: DESCRIBE on group kcalc"), 60, UNICODE)) == (
        "no permission: DESCRIBE on group kcalc"
    )


@given(
    st.lists(st.tuples(st.integers(1, 30), st.integers(0, 3), st.integers(1, 40)), min_size=1, max_size=9), st.data()
)
def test_columns_never_take_more_than_there_is(shapes: list[tuple[int, int, int]], data: st.DataObject) -> None:
    columns = [
        Column(str(index), "", cells, rank=index, grow=grow, most=most)
        for index, (cells, grow, most) in enumerate(shapes)
    ]
    room = data.draw(st.integers(0, 200))
    fitted = fit(columns, room)
    assert fitted[0][0].name == "0"
    assert sum(width for _, width in fitted) + 2 * (len(fitted) - 1) <= room
    assert all(width <= max(column.cells, column.most) for column, width in fitted)


def test_a_frame_carries_one_text_left_and_one_right_or_only_the_left() -> None:
    left, right = (("Results", "title"),), (("0.4 s", "muted"),)
    assert line_text(edge(left, right, 20, UNICODE)) == "Results ────── 0.4 s"
    assert line_text(edge(left, right, 12, UNICODE)) == "Results"
    assert line_text(edge(left, (), 4, UNICODE)) == "Res…"
    assert line_text(edge((), right, 9, UNICODE)) == "0.4 s"


async def test_the_table_is_as_high_as_its_rows_and_scrolls_beyond_its_share() -> None:
    shown = PartitionTable(glyphs=UNICODE)
    async with Host(shown).run_test(size=(80, 30)) as pilot:
        assert drawn_lines(shown)[0] == "connecting…"
        shown.show(seeded_figures())
        await until(lambda: shown.outer_size.height == 8, "four rows, titles, remark and frame")
        assert drawn_lines(shown)[5].startswith("▲ p1 grows by 4/s")
        assert "0.4 s" in frame_texts(shown)[0]
        assert "lag 12 ↑" in frame_texts(shown)[1]
        shown.show(seeded_figures(partitions=tuple(partition(n, f"client-{n % 3}") for n in range(40))))
        await until(lambda: shown.outer_size.height == 12, "two fifths of the screen")
        await pilot.pause()
        shown.focus()
        assert drawn_lines(shown)[1].startswith("0 ")
        await pilot.press("end")
        await until(lambda: drawn_lines(shown)[8].startswith("39"), "the last row")
        lines = drawn_lines(shown)
        assert lines[0].startswith("p ")
        assert lines[9].startswith("▲ p1 grows"), "titles and remark stay"


async def test_a_table_without_workers_says_how_to_get_one() -> None:
    shown = PartitionTable(glyphs=UNICODE)
    figures = seeded_figures(partitions=(partition(0, ""),), workers=(), reasons=())
    async with Host(shown).run_test(size=(80, 30)) as pilot:
        shown.show(figures)
        await pilot.pause()
        assert "no workers: press esc, then w to add one" in drawn_lines(shown)


async def test_old_figures_are_dimmed_and_the_owners_with_them() -> None:
    shown = PartitionTable(glyphs=UNICODE)
    async with Host(shown).run_test(size=(80, 30)) as pilot:
        shown.show(seeded_figures())
        await pilot.pause()
        assert shown.styles.text_opacity == 1.0
        shown.show(seeded_figures(age_s=14.0))
        await pilot.pause()
        assert shown.styles.text_opacity < 1.0
        assert "14 s" in frame_texts(shown)[0]


def test_what_stands_above_the_panels_is_not_said_again_below_the_table() -> None:
    denied = "no permission: Describe group kcalc"
    assert remark_line(seeded_figures(trouble=denied, reasons=because(denied)), 76, UNICODE) == ()
    assert remark_line(seeded_figures(trouble=denied), 76, UNICODE) != ()


async def test_figures_that_did_not_change_cost_no_repaint(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = PartitionTable(glyphs=UNICODE)
    async with Host(shown).run_test(size=(80, 30)) as pilot:
        shown.show(seeded_figures())
        await pilot.pause()
        shown.show(seeded_figures())
        await pilot.pause()
        repaints: list[object] = []
        monkeypatch.setattr(shown, "refresh", lambda *regions, **options: repaints.append(regions))
        shown.show(seeded_figures())
        assert not repaints
        shown.show(seeded_figures(partitions=(partition(0, "client-0"),)))
        assert repaints
