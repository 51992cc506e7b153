"""Lines out of sight are not written, nor those that would be the same again."""

from functools import partial

from tests.dashboard.hosting import Host, drawn_lines
from tests.dashboard.seeded import partition, seeded_figures
from tests.dashboard.shown import until
from tui.dashboard.glyphs import UNICODE
from tui.dashboard.widgets.drawing import Line, line_text
from tui.dashboard.widgets.lazy_lines import LazyLines, Lines
from tui.dashboard.widgets.partition_table import PartitionTable


def test_a_line_is_written_once_and_only_if_it_is_seen() -> None:
    written: list[int] = []

    def write(number: int) -> Line:
        written.append(number)
        return ((str(number), "text"),)

    lines = LazyLines(100, lambda number: (partial(write, number),))
    assert [lines[98], lines[99], lines[98]] == [(("98", "text"),), (("99", "text"),), (("98", "text"),)]
    assert (written, len(lines)) == ([98, 99], 100)


def test_only_those_pieces_of_a_line_are_written_again_for_which_there_is_something_else_to_write() -> None:
    written: list[str] = []

    def write(text: str) -> Line:
        written.append(text)
        return ((text, "text"),)

    def name(text: str) -> Line:
        return write(text)

    def figure(text: str, *, unit: str) -> Line:
        return write(text + unit)

    def shown(names: str, figures: str, unit: str, before: Lines) -> tuple[LazyLines, str]:
        del written[:]
        writers = [(partial(name, names[n]), partial(figure, figures[n], unit=unit)) for n in (0, 1)]
        lines = LazyLines(2, writers.__getitem__, before)
        return lines, " ".join(line_text(line) for line in lines)

    lines, text = shown("ab", "12", "s", [(("nothing yet", "text"),)])
    assert (text, written) == ("a1s b2s", ["a", "1s", "b", "2s"])
    lines, text = shown("ab", "12", "s", lines)
    assert (text, written) == ("a1s b2s", [])
    lines, text = shown("ab", "13", "s", lines)
    assert (text, written) == ("a1s b3s", ["3s"])
    lines, text = shown("xb", "13", "m", lines)
    assert (text, written) == ("x1m b3m", ["x", "1m", "3m"])


async def test_rows_scrolled_to_are_there_at_once() -> None:
    table = PartitionTable(UNICODE)
    figures = seeded_figures(partitions=tuple(partition(number, f"client-{number}") for number in range(256)))
    async with Host(table).run_test(size=(80, 24)) as pilot:
        table.show(figures)
        await pilot.pause()
        table.scroll_end(animate=False)
        await until(lambda: drawn_lines(table)[-2].startswith("255  client-255"), "the last row")
