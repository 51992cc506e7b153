"""A result as a line of the log: the columns that fit, and nothing from Kafka that does harm."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.dashboard.hosting import WIDTHS
from tests.dashboard.seeded import received, seeded_results
from tui.calc.messages import ResultError
from tui.calc.operations import Operations
from tui.dashboard.glyphs import ASCII, UNICODE, Glyphs
from tui.dashboard.widgets.answers import answer_line, request_text
from tui.dashboard.widgets.drawing import line_cells, line_text
from tui.dashboard.widgets.result_rows import result_row, row_layout, title_row
from tui.events import ReceivedResult

OPERATIONS = Operations.standard()


pytestmark = pytest.mark.usefixtures("utc")


ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=80)


def rows(width: int, results: list[ReceivedResult] | None = None, glyphs: Glyphs = UNICODE) -> list[str]:
    layout = row_layout(width)
    shown = seeded_results()[::-1] if results is None else results
    lines = [title_row(layout, glyphs), *(result_row(row, layout, OPERATIONS, glyphs) for row in shown)]
    return [line_text(line).rstrip() for line in lines]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ResultError("division_by_zero", "division by zero"), "✖ ÷ by zero"),
        (ResultError("too_many_digits", "the result has more than 1000 digits"), "✖ too long"),
        (ResultError("mine", "a message of my own"), "✖ a message …"),
    ],
)
def test_an_error_without_room_is_said_in_short_words(error: ResultError, words: str) -> None:
    result = received("12", "div", "0", None, error=error).result
    assert line_text(answer_line(result, 13, UNICODE)) == words
    assert line_text(answer_line(result, 60, UNICODE)) == f"✖ {error.message}"
    assert line_text(answer_line(result, 13, ASCII)).isascii()


def test_the_rows_of_a_window_of_80_columns_read_as_in_the_frame() -> None:
    assert rows(76) == [
        "time      request              result  worker    p@off          wait     run",
        "12:01:07  15 ÷ 5                    3  client-0  0@411          3 ms    2 ms",
        "12:01:07  12 ÷ 0   ✖ division by zero  client-2  2@398          3 ms    1 ms",
        "12:01:06  8 × 8                    64  client-1  1@376        880 ms   81 ms",
        "12:01:05  7 − 9                    −2  client-1  1@375   ↻2     9 ms   81 ms",
        "12:01:03  6 × 7                    42  client-0  0@407          4 ms    1 ms",
        "12:01:02  0.1 + 0.2               0.3  client-0  0@406          4 ms    1 ms",
    ]


def test_from_160_columns_key_attempt_and_the_place_of_the_result_are_shown() -> None:
    titles, row = rows(156, [received("1", "sum", "2", "3", key=b"k\x1b1", attempt=2)])
    assert titles.split()[-4:] == ["key", "attempt", "result", "at"]
    assert row.split()[-3:] == ["k\\x1b1", "2", "0@411"]
    assert "attempt" not in rows(109, [])[0]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_no_row_is_wider_than_the_window(width: int, glyphs: Glyphs) -> None:
    layout = row_layout(width - 4)
    for row in [*seeded_results(), received("9" * 10_000, "mul", "-" + "9" * 10_000, "8" * 10_000)]:
        line = result_row(row, layout, OPERATIONS, glyphs)
        assert line_cells(line) == line_cells(title_row(layout, glyphs)) <= width - 4
        assert "\n" not in line_text(line)


@pytest.mark.parametrize("width", range(1, 60))
def test_columns_go_by_their_rank_and_the_result_stays(width: int) -> None:
    layout = row_layout(width)
    assert any(column.name == "result" for column, _ in layout.columns)
    line = result_row(received("1", "sum", "2", "3"), layout, OPERATIONS, UNICODE)
    assert line_cells(line) <= width
    assert "3" in line_text(line)


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT, ANY_TEXT, st.binary(max_size=40), st.integers(20, 170))
def test_nothing_from_kafka_widens_a_row_or_reaches_the_terminal(
    x: str, operation: str, result: str, client_id: str, key: bytes, width: int
) -> None:
    layout = row_layout(width)
    for row in (
        received(x, operation, result, result, client_id=client_id, key=key),
        received(x, "div", None, None, error=ResultError("any", x), client_id=client_id),
    ):
        text = line_text(result_row(row, layout, OPERATIONS, UNICODE))
        assert line_cells(result_row(row, layout, OPERATIONS, UNICODE)) <= width
        assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in text)


@pytest.mark.parametrize(
    ("x", "operation", "y", "shown"),
    [
        ("5", "mul", "3", "5 × 3"),
        ("16", "sqrt", None, "√16"),
        ("16", "sqrt", "7", "√16"),
        ("-2", "pow", "3", "(−2) ^ 3"),
        ("0", "sub", "-5", "0 − −5"),
        ("4", "gcd", "6", "gcd(4, 6)"),
        ("1", "nosuch", "2", "nosuch 1 2"),
        ("1", "\x1b[2J", "2", "\\x1b[2J 1 2"),
        ("9" * 40, "mul", "2", "9.99999999…e39 × 2"),
        ("2", "pow", "9" * 40, "2 ^ 9.99999999…e39"),
        ("9" * 40, "mul", "8" * 40, "9.9…e39 × 8.88…e39"),
    ],
)
def test_a_request_reads_as_people_write_it(x: str, operation: str, y: str | None, shown: str) -> None:
    text = request_text(received(x, operation, y, "1").result, OPERATIONS, 18, UNICODE)
    assert text == shown


def test_a_request_without_a_send_time_has_an_unknown_wait() -> None:
    row = received("1", "sum", "2", "3")
    unstamped = replace(row, result=msgspec.structs.replace(row.result, sent_at=None))
    assert rows(76, [unstamped])[1].split()[-3:] == ["?", "2", "ms"]


def test_the_wider_the_window_the_more_is_said_of_a_result() -> None:
    def names(cells: int) -> list[str]:
        return [column.name for column, _ in row_layout(cells).columns]

    assert not {"key", "attempt", "result_place", "id"} & set(names(96))
    assert names(114)[-3:] == ["key", "attempt", "result_place"]
    assert names(156)[-3:] == ["key", "attempt", "result_place"]
    assert names(196)[-1] == "id"


@pytest.mark.parametrize("cells", [76, 96, 116, 156, 196])
def test_the_columns_of_a_result_leave_nothing_blank_behind_them(cells: int) -> None:
    assert line_cells(title_row(row_layout(cells), UNICODE)) >= cells - 2
