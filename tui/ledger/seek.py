"""Finds the place of a moment among the results that are kept."""

from bisect import bisect_left, bisect_right

from tui.ledger.filtered import FilteredResults
from tui.ledger.ring import ResultRing


def first_since(rows: ResultRing | FilteredResults, at: float) -> int:
    """Number of the first row that was seen at or after Unix time `at`; `rows.total` if there is none yet."""
    return rows.first + bisect_left(range(rows.first, rows.total), at, key=lambda number: rows[number].at)


def first_after(rows: ResultRing | FilteredResults, at: float) -> int:
    """Number of the first row that was seen after Unix time `at`; `rows.total` if there is none yet."""
    return rows.first + bisect_right(range(rows.first, rows.total), at, key=lambda number: rows[number].at)
