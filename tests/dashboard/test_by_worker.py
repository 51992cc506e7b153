"""Rows by worker: every worker with its partitions, those without one too, and what nobody owns first."""

import pytest

from tests.dashboard.fakes import FakeSession
from tests.dashboard.hosting import WIDTHS, Host, drawn_lines, frame_texts
from tests.dashboard.seeded import partition, seeded_figures, seeded_workers, worker
from tests.dashboard.shown import opened, screen_text, until
from tui.dashboard.glyphs import ASCII, UNICODE, Glyphs
from tui.dashboard.widgets.drawing import line_cells, line_text
from tui.dashboard.widgets.partition_columns import partition_columns
from tui.dashboard.widgets.partition_table import PartitionTable
from tui.dashboard.widgets.partitions_by_worker import lines_by_worker
from tui.events import WorkerState
from tui.ledger.figures import Figures


def rows(figures: Figures, cells: int = 76, glyphs: Glyphs = UNICODE) -> list[str]:
    lines = lines_by_worker(figures, partition_columns(figures, cells, by_worker=True), glyphs)
    return [line_text(line).rstrip() for line in lines][1:]


def starts(figures: Figures, cells: int = 76) -> list[str]:
    """The worker and the partition of each row."""
    return [" ".join(row[:13].split()) for row in rows(figures, cells)]


def test_each_worker_is_named_once_above_its_partitions() -> None:
    assert starts(seeded_figures()) == ["client-0 ● 0", "· 3", "client-1 ● 1", "client-2 ○ 2"]


def test_workers_without_a_partition_are_shown_with_their_state() -> None:
    extra = (worker("client-5"), worker("client-6", state=WorkerState.STOPPED), worker("client-7", state=None))
    shown = rows(seeded_figures(workers=(*seeded_workers(), *extra)))
    assert shown[4:] == [
        "client-5 ○  –  idle: no partition",
        "client-6 –  –  stopped: no partition",
        "client-7 ?  –  unknown: no partition",
    ]


def test_what_nobody_owns_or_nobody_knows_comes_first() -> None:
    figures = seeded_figures(
        partitions=(partition(0, "client-0"), partition(1, ""), partition(2, None)), workers=(worker("client-0"),)
    )
    assert starts(figures) == ["– nobody 1", "? 2", "client-0 ○ 0"]


def test_an_owner_of_whom_nothing_else_is_known_is_there_too() -> None:
    figures = seeded_figures(partitions=(partition(0, "stranger"),), workers=())
    assert starts(figures) == ["stranger ○ 0"]


@pytest.mark.parametrize("width", [*WIDTHS, 24, 14, 5])
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_no_line_is_wider_than_the_window(width: int, glyphs: Glyphs) -> None:
    figures = seeded_figures(workers=(*seeded_workers(), worker("w" * 99)))
    for line in lines_by_worker(figures, partition_columns(figures, width, by_worker=True), glyphs):
        assert line_cells(line) <= width
        assert not glyphs.ascii or line_text(line).isascii()


@pytest.mark.parametrize(("glyphs", "signs"), [(UNICODE, ("↑ 4.3", "↓ 1.2", "→")), (ASCII, ("^ 4.3", "v 1.2", ">"))])
def test_the_trend_is_told_by_an_arrow_and_a_rate_where_there_is_room(glyphs: Glyphs, signs: tuple[str, ...]) -> None:
    up, down, level = signs
    first, second, third, fourth = rows(seeded_figures(), 116, glyphs)
    assert f" {down} " in first
    assert f" {level} " in second
    assert f" {up} " in third
    assert f" {level} " in fourth
    narrow = rows(seeded_figures(), 76, glyphs)
    assert f"3{down[0]} " in narrow[0]
    assert f"9{up[0]} " in narrow[2]


async def test_the_table_regroups_and_says_in_its_frame_how_it_is_grouped() -> None:
    shown = PartitionTable(glyphs=UNICODE)
    async with Host(shown).run_test(size=(120, 30)) as pilot:
        shown.show(seeded_figures(workers=(*seeded_workers(), worker("client-3"))))
        await until(lambda: shown.outer_size.height == 8, "four rows, titles, remark and frame")
        assert frame_texts(shown)[0].startswith("Partition ▸ worker ")
        assert frame_texts(shown)[0].endswith("o by worker   e explain   0.4 s")
        shown.action_regroup()
        await until(lambda: shown.outer_size.height == 9, "a row for the worker without a partition")
        assert frame_texts(shown)[0].startswith("Worker ▸ partition ")
        assert "o by partition" in frame_texts(shown)[0]
        await until(lambda: drawn_lines(shown)[0].startswith("worker "), "the worker first")
        assert drawn_lines(shown)[5] == "client-3 ○  –  idle: no partition"
        assert drawn_lines(shown)[6].startswith("▲ p1 grows")
        await pilot.click(PartitionTable, offset=(frame_texts(shown)[0].index("o by") + 3, 0))
        await until(lambda: frame_texts(shown)[0].startswith("Partition ▸ worker "), "grouped by partition again")


async def test_a_key_and_the_palette_regroup(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        app.tick()
        await pilot.press("escape", "o")
        await until(lambda: "Worker ▸ partition" in screen_text(app))
        app.regroup_partitions()
        await until(lambda: "Partition ▸ worker" in screen_text(app))
