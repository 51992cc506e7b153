"""A rebalance as one line among the results: its generation, its cause, and as much of its cost as there is room."""

from collections.abc import Iterator

from tui.dashboard.formatting import clean, count, duration, time_of_day
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.widgets.drawing import GAP, Line, Span, cut, line_cells
from tui.dashboard.widgets.result_rows import RowLayout
from tui.ledger.figures import Rebalance

_RULE = 2
"""Pieces of border before the words, and at least as many behind them."""
_MOST_NAMED = 6
"""Partitions that are named one by one."""


def separator_line(entry: Rebalance, before: int | None, layout: RowLayout, cells: int, glyphs: Glyphs) -> Line:
    """It in `cells` cells, its time in the column of `layout` if there is one; `before` is the generation before it.

    Of its cost is said what fits: what moved before the standstill, that before what was answered again.
    """
    timed = layout.columns[0][0].name == "time"
    time: Line = ((time_of_day(entry.at) + GAP, "muted"),) if timed else ()
    room = cells - line_cells(time) - 2 * (_RULE + 1)
    words = cut(_what(entry, before, room, glyphs), room, glyphs.ellipsis) if room > 0 else ()
    used = line_cells(words)
    for alternatives in _costs(entry, glyphs):
        for part in alternatives:
            with_dot: Line = ((f" {glyphs.dot} ", "muted"), part)
            if used + line_cells(with_dot) <= room:
                words, used = (*words, *with_dot), used + line_cells(with_dot)
                break
    rest = max(0, room - used) + _RULE
    line = (*time, (glyphs.edge * _RULE + " ", "frame"), *words, (" " + glyphs.edge * rest, "frame"))
    return cut(line, cells, glyphs.ellipsis)


def _what(entry: Rebalance, before: int | None, cells: int, glyphs: Glyphs) -> Line:
    cause: Span = (clean(entry.cause, max(0, cells), glyphs), "muted")
    if entry.generation is None:
        return (cause,)
    change = f"g{entry.generation}: "
    if before is not None and before != entry.generation:
        change = f"g{before} {glyphs.arrow} {change}"
    return ((change, "muted"), cause)


def _costs(entry: Rebalance, glyphs: Glyphs) -> Iterator[tuple[Span, ...]]:
    """The most important first; each in words of which the first that fit are taken."""
    if entry.moved:
        names = " ".join(f"p{number}" for number in entry.moved[:_MOST_NAMED])
        named = ((f"{names} moved", "muted"),) if len(entry.moved) <= _MOST_NAMED else ()
        yield (*named, (f"{count(len(entry.moved))} moved", "muted"))
    if entry.stood_still:
        longest = max(took for _, took in entry.stood_still)
        yield ((f"stood still {duration(longest, glyphs)}", "muted"),)
    if entry.again:
        yield ((f"{glyphs.again} {count(entry.again)}", "warning"),)
