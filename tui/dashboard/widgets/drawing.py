"""Lines of text with roles instead of colours: how wide they are, how they are cut, aligned and joined."""

from collections.abc import Iterable
from functools import lru_cache
from typing import TypeAlias

from rich.cells import cell_len, set_cell_size

from tui.dashboard.glyphs import Glyphs
from tui.dashboard.hues import hue_index

Span: TypeAlias = tuple[str, str]
"""Harmless text and its role. A role may end in `@action`: a click on the text runs that action of the widget."""
Line: TypeAlias = tuple[Span, ...]

GAP = "  "


@lru_cache(maxsize=1_024)
def hue_role(client_id: str) -> str:
    """The role of a worker's name and bars."""
    return f"hue-{hue_index(client_id)}"


def line_cells(line: Line) -> int:
    """How many cells a line takes."""
    cells = 0
    for text, _ in line:
        # Harmless ASCII is as wide as it is long; finding that out is three times faster than measuring it.
        cells += len(text) if text.isascii() else cell_len(text)
    return cells


def line_text(line: Line) -> str:
    """A line without its roles."""
    return "".join(text for text, _ in line)


def cut(line: Line, cells: int, ellipsis: str) -> Line:
    """The line in at most `cells` cells, its end replaced by the ellipsis if it was longer."""
    if line_cells(line) <= cells:
        return line
    kept: list[Span] = []
    room = cells - 1
    for text, role in line:
        if room < 0:
            break
        taken = cell_len(text)
        if taken > room:
            kept.append((set_cell_size(text, room).rstrip() + ellipsis, role))
            break
        kept.append((text, role))
        room -= taken
    return tuple(kept)


def aligned(line: Line, cells: int, right: bool, ellipsis: str) -> Line:
    """The line in exactly `cells` cells: cut, or filled with blanks on its other side."""
    blanks = cells - line_cells(line)
    if blanks < 0:
        line = cut(line, cells, ellipsis)
        blanks = cells - line_cells(line)
    if not blanks:
        return line
    fill = (" " * blanks, "text")
    return (fill, *line) if right else (*line, fill)


def first_fitting(lines: Iterable[Line], cells: int, ellipsis: str) -> Line:
    """The first of these lines that fits into `cells`; the last one, cut, if none does."""
    line: Line = ()
    for line in lines:
        if line_cells(line) <= cells:
            return line
    return cut(line, cells, ellipsis)


def edge(left: Line, right: Line, cells: int, glyphs: Glyphs) -> Line:
    """A border's text in `cells` cells: `left`, the border going on, `right`, which is left out if there is no room."""
    if not (left and right):
        return cut(left or right, cells, glyphs.ellipsis)
    between = cells - line_cells(left) - line_cells(right) - 2
    if between < 1:
        return cut(left, cells, glyphs.ellipsis)
    return (*left, (f" {glyphs.edge * between} ", "frame"), *right)
