"""The words after `kcalc send`."""

import pytest

from tui.calc.operations import Operations
from tui.commands.operands import Asked, NotARequest, asked

OPERATIONS = Operations.standard().with_added({"hypot": "math:hypot"})


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["5", "2", "sum"], Asked("5", "2", "sum")),
        (["-5", "2.5", "mul"], Asked("-5", "2.5", "mul")),
        (["-.5", "-1e3", "div"], Asked("-.5", "-1e3", "div")),
        (["16", "sqrt"], Asked("16", None, "sqrt")),
        (["3", "4", "hypot"], Asked("3", "4", "hypot")),
    ],
)
def test_the_operation_comes_last_and_says_how_many_operands_there_are(words: list[str], expected: Asked) -> None:
    assert asked(words, OPERATIONS) == expected


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["5", "2", "sun"], ["'sun' is no operation", "did you mean sum?", "hypot"]),
        (["5", "sum", "2"], ["'2' is no operation", "comes last", "sum"]),
        (["sum"], ["sum takes X Y", "found 0 operands", "kcalc send X Y sum"]),
        (["5", "sum"], ["sum takes X Y", "found 1 operands"]),
        (["5", "2", "sqrt"], ["sqrt takes X", "found 2 operands", "kcalc send X sqrt"]),
        (["1", "2", "3", "sum"], ["found 3 operands"]),
        (["five", "2", "sum"], ["'five' is not a number"]),
        (["１２", "2", "sum"], ["is not a number", "only the digits 0 to 9"]),
        (["NaN", "2", "sum"], ["not a finite number"]),
        (["1e999999", "2", "sum"], ["more than 10000 digits"]),
        (["9" * 10_001, "2", "sum"], ["more than 10000 digits"]),
        (["", "2", "sum"], ["no number given"]),
        (["\x1b[31m", "2", "sum"], ["'\\x1b[31m' is not a number"]),
        (["5", "2", "sum", "--tmies", "3"], ["no option '--tmies'", "did you mean --times?"]),
        (["5", "2", "sum", "--times=3x"], ["no option '--times=3x'"]),
        (["-x", "2", "sum"], ["no option '-x'"]),
        (["-", "2", "sum"], ["no option '-'"]),
    ],
)
def test_what_is_no_request_is_told_what_was_found_and_what_is_allowed(words: list[str], parts: list[str]) -> None:
    with pytest.raises(NotARequest) as caught:
        asked(words, OPERATIONS)
    assert [part for part in parts if part not in str(caught.value)] == []
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 300
