"""One request in, one result or dead letter out."""

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.calc.strategies import SMALL, messages, shortly, tried
from tui.calc.answer import answer
from tui.calc.messages import NoRequest, Result, decode_result, encode_result
from tui.calc.operations import Operations

OPERATIONS = Operations.standard()


def answered(value: bytes | None, operations: Operations = OPERATIONS) -> Result:
    return answer(
        value,
        operations,
        topic="kcalc.requests",
        partition=3,
        offset=41,
        client_id="client-0",
        attempt=2,
        received_at=1000.5,
        sent_at=1000.25,
        clock=lambda: 1000.75,
    )


def asked(x: object, y: object, operation: object = "sum") -> bytes:
    return json.dumps({"operator_1": x, "operator_2": y, "operation": operation}).encode()


def test_a_request_is_answered_with_everything_that_is_known_about_it() -> None:
    value = b'{"operator_1": "0.1", "operator_2": " 0.20", "operation": "sum", "id": "a"}'
    expected = Result("a", "0.1", " 0.20", "sum", "0.3", None, "client-0", 3, 41, 2, 1000.5, 1000.75, 1000.25)
    assert answered(value) == expected


def test_a_request_without_an_id_keeps_its_id_when_redelivered() -> None:
    assert answered(asked(5, 2)).id == "kcalc.requests/3/41"
    assert answered(asked(5, 2)) == answered(asked(5, 2))


@pytest.mark.parametrize(
    ("x", "y", "operation", "result"),
    [
        ("5", "2", "sum", "7"),
        (5, 2, "sum", "7"),
        (0.1, 0.2, "sum", "0.3"),
        ("-5", "2.5", "mul", "-12.5"),
        ("16", None, "sqrt", "4"),
        ("16", "is ignored", "sqrt", "4"),
        ("1e3", "1", "sum", "1001"),
    ],
    ids=shortly,
)
def test_operands_may_be_strings_or_numbers(x: object, y: object, operation: str, result: str) -> None:
    found = answered(asked(x, y, operation))
    assert (found.result, found.error) == (result, None)


@pytest.mark.parametrize(
    ("x", "y", "operation", "code"),
    [
        ("1", "0", "div", "division_by_zero"),
        ("1", "2", "nosuch", "unknown_operation"),
        ("1", None, "nosuch", "unknown_operation"),
        ("1", "2", "", "unknown_operation"),
        ("1", "2", "[bold]\x1b[31m\u202e\x00", "unknown_operation"),
        ("1", None, "sum", "operand_missing"),
        ("-1", None, "sqrt", "domain"),
        ("1e999999", "1", "sum", "too_many_digits"),
        ("1", "-1e-999999", "sum", "too_many_digits"),
        ("1" * 20_000, "1", "sum", "too_many_digits"),
        ("9", "387420489", "pow", "too_many_digits"),
        ("1e9", None, "fact", "too_many_digits"),
    ],
    ids=shortly,
)
def test_wrong_arithmetic_is_a_result_with_an_error(x: object, y: object, operation: str, code: str) -> None:
    found = answered(asked(x, y, operation))
    assert found.result is None
    assert found.error is not None
    assert found.error.code == code
    assert len(found.error.message) <= 200
    assert found.error.message.isprintable()


def test_an_absurd_json_number_is_a_number_out_of_range() -> None:
    found = answered(b'{"operator_1": 1e999999, "operator_2": 1, "operation": "sum"}')
    assert found.error is not None
    assert found.error.code == "too_many_digits"
    assert "operator_1" in found.error.message


@pytest.mark.parametrize(
    ("x", "y", "operation"),
    [
        ("abc", "1", "sum"),
        ("", "1", "sum"),
        ("   ", "1", "sum"),
        ("1", "", "sum"),
        ("1", "NaN", "sum"),
        ("Infinity", "1", "sum"),
        ("\uff15", "1", "sum"),
        ("1 0", "1", "sum"),
        ("[bold]", "1", "sum"),
        ("\x1b[31m5", "1", "sum"),
        ("\u202e5", "1", "sum"),
        ("5\x00", "1", "sum"),
        ("x" * 50_000, "1", "sum"),
        ("1e999999", "abc", "sum"),
        ("abc", "1", "nosuch"),
        ("1", "abc", "nosuch"),
        ("abc", None, "sqrt"),
    ],
    ids=shortly,
)
def test_operands_that_are_no_numbers_are_dead_letters(x: str, y: str | None, operation: str) -> None:
    with pytest.raises(NoRequest) as refused:
        answered(asked(x, y, operation))
    assert refused.value.reason == "operand_not_a_number"
    assert len(refused.value.message) <= 200
    assert refused.value.message.isprintable()


def test_a_message_larger_than_allowed_is_a_dead_letter() -> None:
    with pytest.raises(NoRequest) as refused:
        answered(asked("1", "2" * 2_000_000))
    assert refused.value.reason == "too_large"


def test_the_digit_limit_is_that_of_the_operations() -> None:
    found = answered(asked("9" * 30, "9" * 30, "mul"), Operations.standard(SMALL))
    assert found.error is not None
    assert found.error.message == "the result has more than 50 digits"


numbers = st.from_regex(r"-?[0-9]{1,30}(\.[0-9]{1,10})?(e-?[0-9]{1,5})?", fullmatch=True)
calculations = st.builds(asked, numbers, st.none() | numbers, st.sampled_from([*OPERATIONS.names, "nosuch"]))


@given(calculations | messages)
def test_every_message_is_answered_once_or_a_dead_letter(value: bytes | None) -> None:
    found = tried(lambda: answered(value))
    if isinstance(found, NoRequest):
        assert found.reason
    else:
        assert isinstance(found, Result)
        assert (found.result is None) != (found.error is None)
        assert decode_result(encode_result(found)) == found
        assert found.result is None or len(found.result) <= OPERATIONS.limits.max_digits + len("-0.")


def test_calc_imports_none_of_the_other_rooms() -> None:
    program = "import sys, tui.calc.answer, tui.calc.added; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    modules = {name for name in run.stdout.split() if name.split(".")[0] in ("tui", "kafka", "aiokafka", "textual")}
    assert {name for name in modules if not name.startswith("tui.calc")} == {"tui"}
