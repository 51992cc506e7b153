"""Rows and separators share the lines of the log: each is on exactly one, in order, however many rows there are."""

from hypothesis import given
from hypothesis import strategies as st

from tui.dashboard.widgets.log_lines import LogLines


@st.composite
def few(draw: st.DrawFn) -> LogLines:
    """Up to 30 rows with up to 8 separators anywhere between, above and below them."""
    start, count = draw(st.integers(0, 10**9)), draw(st.integers(0, 30))
    anchors = draw(st.lists(st.integers(start, start + count), max_size=8))
    return LogLines(range(start, start + count), tuple(sorted(anchors)), draw(st.integers(0, 500)))


@st.composite
def very_many(draw: st.DrawFn) -> LogLines:
    """A million million rows: whoever counts them never ends."""
    start = draw(st.integers(0, 10**9))
    anchors = draw(st.lists(st.integers(start, start + 10**12), max_size=200))
    return LogLines(range(start, start + 10**12), tuple(sorted(anchors)), 7)


def plainly(lines: LogLines) -> list[tuple[str, int]]:
    """What stands on each line, put together row by row."""
    stand: list[tuple[str, int]] = []
    separators = list(enumerate(lines.anchors, lines.first_separator))
    for row in range(lines.rows.stop, lines.rows.start - 1, -1):
        if row < lines.rows.stop:
            stand.append(("row", row))
        stand += [("separator", number) for number, anchor in reversed(separators) if anchor == row]
    return stand


@given(few())
def test_every_row_and_every_separator_is_on_exactly_one_line_in_order(lines: LogLines) -> None:
    stand = plainly(lines)
    assert len(lines) == len(stand) == len(lines.rows) + len(lines.anchors)
    for line, (kind, number) in enumerate(stand):
        assert lines.row_at(line) == (number if kind == "row" else None)
        assert lines.separator_at(line) == (number if kind == "separator" else None)
        assert lines.rows_above(line) == sum(kind == "row" for kind, _ in stand[:line])


@given(few())
def test_the_line_of_a_row_leads_back_to_the_row(lines: LogLines) -> None:
    assert [lines.row_at(lines.line_of(row)) for row in lines.rows] == list(lines.rows)


@given(few(), st.integers(-3, 50))
def test_beside_the_lines_there_is_nothing(lines: LogLines, beyond: int) -> None:
    for line in (-1 - abs(beyond), len(lines) + abs(beyond)):
        assert lines.row_at(line) is None
        assert lines.separator_at(line) is None


@given(very_many(), st.data())
def test_no_row_is_counted_to_find_a_line(lines: LogLines, data: st.DataObject) -> None:
    line = data.draw(st.integers(0, len(lines) - 1))
    row, separator = lines.row_at(line), lines.separator_at(line)
    assert (row is None) != (separator is None)
    if row is not None:
        assert lines.line_of(row) == line
    near = data.draw(st.sampled_from([*lines.anchors, lines.rows.start, lines.rows.stop - 1]))
    row = min(near, lines.rows.stop - 1)
    assert lines.row_at(lines.line_of(row)) == row


@given(few().filter(lambda lines: lines.rows), st.integers(-12, 12).filter(bool), st.data())
def test_a_step_leads_to_another_row_and_never_past_the_line_it_aims_at(
    lines: LogLines, step: int, data: st.DataObject
) -> None:
    row = data.draw(st.sampled_from(lines.rows))
    reached = lines.row_beyond(row, step)
    assert (reached < row) == (step > 0)
    if reached in lines.rows and abs(reached - row) > 1:
        way = lines.line_of(reached) - lines.line_of(row)
        assert 0 < way / step <= 1
        passed = range(min(way, step) + 1, max(way, step)) if step > 0 else range(step, way)
        assert all(lines.row_at(lines.line_of(row) + beyond) is None for beyond in passed)


def test_one_step_goes_over_separators() -> None:
    lines = LogLines(range(5), (3, 3, 5))
    assert [lines.separator_at(line) for line in range(len(lines))] == [2, None, None, 1, 0, None, None, None]
    assert (lines.row_beyond(3, 1), lines.row_beyond(2, -1), lines.row_beyond(4, 2)) == (2, 3, 3)
