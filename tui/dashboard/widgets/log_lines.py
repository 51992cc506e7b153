"""Which line of the log holds which row or separator; found in the time of a search among the separators."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LogLines:
    """Rows of these numbers, one a line, the newest on line 0, and separators between them.

    The separators are numbered from `first_separator` on, the oldest first. `anchors` has for each of them, ascending,
    the number of the row above it, `rows.stop` if it lies above all rows, `rows.start` if below all.
    """

    rows: range
    anchors: tuple[int, ...] = ()
    first_separator: int = 0

    def __len__(self) -> int:
        return len(self.rows) + len(self.anchors)

    def line_of(self, row: int) -> int:
        """The line of this row."""
        return self.rows.stop - 1 - row + len(self.anchors) - bisect_right(self.anchors, row)

    def row_at(self, line: int) -> int | None:
        """The row on this line; None if a separator or nothing is there."""
        above = self._separators_above(line)
        if not 0 <= line < len(self) or self._is_separator(above, line):
            return None
        return self.rows.stop - 1 - line + above

    def separator_at(self, line: int) -> int | None:
        """The number of the separator on this line; None if a row or nothing is there."""
        above = self._separators_above(line)
        if not self._is_separator(above, line):
            return None
        return self.first_separator + len(self.anchors) - 1 - above

    def rows_above(self, line: int) -> int:
        """How many rows are above this line."""
        return line - self._separators_above(line)

    def row_beyond(self, row: int, step: int) -> int:
        """The row `step` lines below this one (above, if negative); where a separator is, the row that is nearer.

        It is always another row than this one, so it may be beyond the last.
        """
        line = self.line_of(row) + step
        if step > 0:
            return min(row - 1, self.rows.stop - self.rows_above(line + 1))
        return max(row + 1, self.rows.stop - 1 - self.rows_above(max(0, line)))

    def _is_separator(self, above: int, line: int) -> bool:
        return above < len(self.anchors) and self._line_of_separator(above) == line

    def _separators_above(self, line: int) -> int:
        return bisect_left(range(len(self.anchors)), line, key=self._line_of_separator)

    def _line_of_separator(self, from_top: int) -> int:
        return self.rows.stop - self.anchors[-1 - from_top] + from_top
