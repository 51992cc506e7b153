"""Results as lines for a terminal."""

import json

import pytest

from tui.calc.messages import Result, ResultError
from tui.calc.operations import Operations
from tui.commands.lines import escaped, json_line, line

OPERATIONS = Operations.standard()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("0.1 + 0.2 = 0.3 × √ ✖", "0.1 + 0.2 = 0.3 × √ ✖"),
        ("\x1b[31mred\x07", "\\x1b[31mred\\x07"),
        ("two\nlines\r\ttab", "two\\nlines\\r\\ttab"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("null\x00", "null\\x00"),
        ("\ud800", "\\ud800"),
        ("c1\x9b31m", "c1\\x9b31m"),
        ("[bold]", "[bold]"),
    ],
)
def test_what_a_terminal_could_act_on_is_shown_instead(text: str, shown: str) -> None:
    assert escaped(text) == shown


def test_a_json_line_means_the_same_and_holds_nothing_that_a_terminal_could_act_on() -> None:
    text = "\x1b\x7f\x9b\u202e\U000e0001 × \U0001f600"
    shown = json_line(Result(text, "1", None, "neg", "-1", None, "client-0", 0, 0, 1, 1.0, 2.0))
    assert shown.isprintable()
    assert "× \U0001f600" in shown
    assert json.loads(shown)["id"] == text


def test_a_result_says_when_who_where_from_and_what() -> None:
    result = Result("id", "0.1", "0.2", "sum", "0.3", None, "client-1", 2, 41, 1, 1.0, 2.0)
    shown = line(OPERATIONS, result)
    assert shown.endswith("  client-1  2@41  0.1 + 0.2 = 0.3")
    assert shown.startswith(("1970-01-01 ", "1969-12-31 "))


def test_an_error_says_why_there_is_no_result() -> None:
    error = ResultError("division_by_zero", "division by zero\x1b[2J")
    result = Result("id", "12", "0", "div", None, error, "client\n0", 2, 41, 1, 1.0, 2.0)
    assert line(OPERATIONS, result).endswith("  client\\n0  2@41  12 ÷ 0  ✖ division by zero\\x1b[2J")


def test_an_operation_that_is_not_known_here_is_shown_by_its_name() -> None:
    result = Result("id", "1", None, "nope\x1b", None, ResultError("x", "y"), "c", 0, 0, 1, 1.0, 2.0)
    assert line(OPERATIONS, result).endswith("  nope\\x1b(1)  ✖ y")
