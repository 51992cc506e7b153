"""Columns that fit: the less important ones go when the window is narrow, and no line is ever wrapped."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from rich.cells import cell_len

from tui.dashboard.widgets.drawing import GAP, Line, Span, cut, line_cells


@dataclass(frozen=True, slots=True)
class Column:
    """`rank`: the higher, the earlier it goes. `cells` is its least width; it grows to `most` in shares of `grow`."""

    name: str
    title: str
    cells: int
    rank: int
    right: bool = False
    grow: int = 0
    most: int = 0


Fitted: TypeAlias = tuple[tuple[Column, int], ...]
"""The columns that fit, each with its width, in the order of the screen."""


def fit(columns: Sequence[Column], cells: int) -> Fitted:
    """The most important of these columns that fit into `cells`, wide as they may be."""
    kept = list(columns)
    while len(kept) > 1 and _needed(kept) > cells:
        kept.remove(max(kept, key=lambda column: column.rank))
    widths = {column.name: min(column.cells, cells) for column in kept}
    spare = max(0, cells - _needed(kept))
    growing = [column for column in kept if column.grow]
    while spare and growing:
        shares = sum(column.grow for column in growing)
        given = 0
        for column in growing:
            most = max(column.most, column.cells) - widths[column.name]
            more = min(most, max(1, spare * column.grow // shares), spare - given)
            widths[column.name] += more
            given += more
        spare -= given
        growing = [column for column in growing if widths[column.name] < column.most]
        if not given:
            break
    return tuple((column, widths[column.name]) for column in kept)


def _needed(columns: Collection[Column]) -> int:
    return sum(column.cells for column in columns) + len(GAP) * (len(columns) - 1)


def row(fitted: Fitted, cells: Mapping[str, Line], ellipsis: str) -> Line:
    """One line of a table, as wide as its columns; a column without a cell stays blank.

    All blanks between two texts are one span: the fewer spans, the sooner a line is drawn.
    """
    spans: list[Span] = []
    before = 0
    for column, width in fitted:
        line, blanks = cells.get(column.name, ()), width
        for text, _ in line:  # line_cells, written out: this is done for every cell of every row
            blanks -= len(text) if text.isascii() else cell_len(text)
        if blanks < 0:
            line = cut(line, width, ellipsis)
            blanks = width - line_cells(line)
        if column.right:
            before, blanks = before + blanks, 0
        if line and before:
            spans.append((" " * before, "text"))
            before = 0
        spans += line
        before += blanks + len(GAP)
    if before > len(GAP):
        spans.append((" " * (before - len(GAP)), "text"))
    return tuple(spans)


def titles(fitted: Fitted, ellipsis: str) -> Line:
    """The table's first line."""
    return row(fitted, {column.name: ((column.title, "muted"),) for column, _ in fitted}, ellipsis)
