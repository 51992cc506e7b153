"""Lines out of sight are not written."""

from tests.dashboard.hosting import Host, drawn_lines
from tests.dashboard.seeded import partition, seeded_figures
from tests.dashboard.shown import until
from tui.dashboard.glyphs import UNICODE
from tui.dashboard.widgets.drawing import Line
from tui.dashboard.widgets.lazy_lines import LazyLines
from tui.dashboard.widgets.partition_table import PartitionTable


def test_a_line_is_written_once_and_only_if_it_is_seen() -> None:
    written: list[int] = []

    def write(number: int) -> Line:
        written.append(number)
        return ((str(number), "text"),)

    lines = LazyLines(100, write)
    assert [lines[98], lines[99], lines[98]] == [(("98", "text"),), (("99", "text"),), (("98", "text"),)]
    assert (written, len(lines)) == ([98, 99], 100)


async def test_rows_scrolled_to_are_there_at_once() -> None:
    table = PartitionTable(UNICODE)
    figures = seeded_figures(partitions=tuple(partition(number, f"client-{number}") for number in range(256)))
    async with Host(table).run_test(size=(80, 24)) as pilot:
        table.show(figures)
        await pilot.pause()
        table.scroll_end(animate=False)
        await until(lambda: drawn_lines(table)[-2].startswith("255  client-255"), "the last row")
