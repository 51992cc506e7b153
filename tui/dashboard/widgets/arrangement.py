"""How workers share the screen: a pane each while there is room, else one line or one table."""

from dataclasses import dataclass
from enum import Enum

MOST_PANES = 12
"""Composed panes cost 16 ms a tick at 8, 199 ms at 128; beyond a dozen one drawn table is also easier to read."""
WIDE, HIGH = 120, 30
"""A window of this size has room for panes."""
_WIDEST = 160
"""From this many columns on a pane shows more of its history."""
NARROW, LOW = 80, 20
"""In a smaller window there is one view at a time, so the workers have all of it."""
_GOOD_CELLS, _LEAST_CELLS = 38, 24
_GOOD_LINES, _LEAST_LINES = 6, 3
_FILL_LINES = 5
"""A pane of less says less than a row of the table."""
_SHARE = 0.4
_LEAST_TABLE = 5
_SUMMARY_LINES = 3
_SUMMARY_CELLS = 27


class Form(Enum):
    """In which form workers are shown."""

    PANES = "panes"
    SUMMARY = "summary"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Arrangement:
    """`lines` is the height of it all, None: as high as there is room. Panes stand in `across` columns."""

    form: Form
    lines: int | None
    across: int = 1


def arrange(workers: int, cells: int, screen_cells: int, screen_lines: int, spare: int) -> Arrangement:
    """The best form for so many workers in `cells` columns of a screen of this size, where others leave `spare` lines.

    Where less is spare than a table needs, it gets that nevertheless.
    """
    if screen_cells < NARROW or screen_lines < LOW:
        return Arrangement(Form.TABLE, None)
    if not workers:
        return Arrangement(Form.SUMMARY, 1)
    if screen_cells < WIDE or screen_lines < HIGH:
        across = max(1, cells // _SUMMARY_CELLS) if workers > 3 else 3
        return Arrangement(Form.SUMMARY, min(_SUMMARY_LINES, -(-workers // across)))
    room = max(_LEAST_TABLE, min(int(screen_lines * _SHARE), spare))
    if workers > MOST_PANES:
        return Arrangement(Form.TABLE, min(workers + 3, room))
    return _panes(workers, cells, room, max(8, room * 2 // 3 if screen_cells >= _WIDEST else room // 2))


def fill(workers: int, cells: int, lines: int) -> Arrangement:
    """The best form for so many workers in a window that is all theirs."""
    if not workers:
        return Arrangement(Form.SUMMARY, 1)
    if workers <= MOST_PANES:
        widest = max(1, min(workers, cells // _GOOD_CELLS))
        for across in range(widest, max(widest, min(workers, cells // _LEAST_CELLS)) + 1):
            if lines // -(-workers // across) >= _FILL_LINES:
                return Arrangement(Form.PANES, None, across)
    return Arrangement(Form.TABLE, None)


def _panes(workers: int, cells: int, room: int, most: int) -> Arrangement:
    """As few rows as keep panes readable, of at most `most` lines each; narrower panes before lower ones."""
    widest = max(1, min(workers, cells // _GOOD_CELLS))
    narrowest = max(widest, min(workers, cells // _LEAST_CELLS))
    for across in range(widest, narrowest + 1):
        rows = -(-workers // across)
        if room // rows >= _GOOD_LINES:
            return Arrangement(Form.PANES, rows * min(most, room // rows), across)
    rows = -(-workers // narrowest)
    if room // rows >= _LEAST_LINES:
        return Arrangement(Form.PANES, rows * (room // rows), narrowest)
    return Arrangement(Form.TABLE, min(workers + 3, room))
