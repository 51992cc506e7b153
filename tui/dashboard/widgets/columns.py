"""Columns that fit: the less important ones go when the window is narrow, and no line is ever wrapped."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tui.dashboard.widgets.drawing import GAP, Line, aligned


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
    """One line of a table, as wide as its columns; a column without a cell stays blank."""
    spans: list[tuple[str, str]] = []
    for column, width in fitted:
        if spans:
            spans.append((GAP, "text"))
        spans.extend(aligned(cells.get(column.name, ()), width, column.right, ellipsis))
    return tuple(spans)


def titles(fitted: Fitted, ellipsis: str) -> Line:
    """The table's first line."""
    return row(fitted, {column.name: ((column.title, "muted"),) for column, _ in fitted}, ellipsis)
