"""What each operation computes, refuses, and is written like."""

import math
from decimal import Context, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.calc.strategies import SMALL, numbers, shortly, tried
from tui.calc.numbers import CalcError, Limits, Number, number_text, parse_number
from tui.calc.operations import Operation, Operations

OPERATIONS = Operations.standard()
BOUNDED = Operations.standard(SMALL)


def computed(name: str, x: str, y: str | None = None, operations: Operations = OPERATIONS) -> str:
    limits = operations.limits
    result = operations.compute(name, parse_number(x, limits), None if y is None else parse_number(y, limits))
    return number_text(result)


def refusal(name: str, x: str, y: str | None = None, operations: Operations = OPERATIONS) -> str:
    with pytest.raises(CalcError) as refused:
        computed(name, x, y, operations)
    return refused.value.code


@pytest.mark.parametrize(
    ("name", "x", "y", "result"),
    [
        ("sum", "0.1", "0.2", "0.3"),
        ("sum", "5", "2", "7"),
        ("sum", "0.5", "0.5", "1"),
        ("sum", "1e30", "1e-30", "1" + "0" * 30 + "." + "0" * 29 + "1"),
        ("sub", "5", "7", "-2"),
        ("sub", "0.3", "0.1", "0.2"),
        ("mul", "-5", "2.5", "-12.5"),
        ("mul", "0.2", "5", "1"),
        ("mul", "99999999999999999999", "99999999999999999999", "9999999999999999999800000000000000000001"),
        ("div", "6", "3", "2"),
        ("div", "1", "4", "0.25"),
        ("div", "0.3", "0.1", "3"),
        ("div", "-1", "8", "-0.125"),
        ("div", "1", "-8", "-0.125"),
        ("div", "1", "3", "0.3333333333333333333333333333"),
        ("div", "2", "3", "0.6666666666666666666666666667"),
        ("div", "-2", "3", "-0.6666666666666666666666666667"),
        ("div", "0", "3", "0"),
        ("div", "1", "1" + "0" * 60, "0." + "0" * 59 + "1"),
        ("mod", "7", "3", "1"),
        ("mod", "-7", "3", "2"),
        ("mod", "7", "-3", "-2"),
        ("mod", "7.5", "2", "1.5"),
        ("mod", "-0.1", "0.3", "0.2"),
        ("mod", "0.1", "-0.3", "-0.2"),
        ("pow", "2", "10", "1024"),
        ("pow", "2", "-2", "0.25"),
        ("pow", "-2", "-3", "-0.125"),
        ("pow", "1.5", "2", "2.25"),
        ("pow", "0.5", "-3", "8"),
        ("pow", "3", "-1", "0.3333333333333333333333333333"),
        ("pow", "0", "0", "1"),
        ("pow", "0", "5", "0"),
        ("pow", "0", "0.5", "0"),
        ("pow", "4", "0.5", "2"),
        ("pow", "2.25", "1.5", "3.375"),
        ("pow", "4", "-0.5", "0.5"),
        ("pow", "2", "0.5", "1.414213562373095048801688724"),
        ("pow", "1", "1e5000", "1"),
        ("pow", "-1", "1e5000", "1"),
        ("diff", "5", "7", "2"),
        ("diff", "0.1", "0.3", "0.2"),
        ("min", "1", "0.5", "0.5"),
        ("max", "1", "0.5", "1"),
        ("gcd", "12", "18", "6"),
        ("gcd", "-4", "6", "2"),
        ("gcd", "0", "0", "0"),
        ("lcm", "4", "6", "12"),
        ("lcm", "-4", "6", "12"),
        ("lcm", "0", "6", "0"),
        ("neg", "5", None, "-5"),
        ("neg", "0", None, "0"),
        ("neg", "-2.5", None, "2.5"),
        ("abs", "-2.5", None, "2.5"),
        ("abs", "-3", None, "3"),
        ("sqrt", "16", None, "4"),
        ("sqrt", "0.25", None, "0.5"),
        ("sqrt", "0", None, "0"),
        ("sqrt", "2", None, "1.414213562373095048801688724"),
        ("sqrt", "2.5", None, "1.581138830084189665999446772"),
        ("fact", "0", None, "1"),
        ("fact", "5", None, "120"),
        ("fact", "2e1", None, "2432902008176640000"),
    ],
    ids=shortly,
)
def test_an_operation_gives_its_exact_or_rounded_result(name: str, x: str, y: str | None, result: str) -> None:
    assert computed(name, x, y) == result


@pytest.mark.parametrize(
    ("name", "x", "y", "code"),
    [
        ("div", "1", "0", "division_by_zero"),
        ("div", "0.5", "-0.0", "division_by_zero"),
        ("mod", "1", "0", "division_by_zero"),
        ("mod", "0.5", "0", "division_by_zero"),
        ("pow", "0", "-1", "division_by_zero"),
        ("pow", "0", "-0.5", "division_by_zero"),
        ("pow", "-4", "0.5", "domain"),
        ("pow", "1.5", "1" + "0" * 40 + ".5", "out_of_range"),
        ("sqrt", "-1", None, "domain"),
        ("fact", "-1", None, "domain"),
        ("fact", "2.5", None, "domain"),
        ("gcd", "0.5", "2", "domain"),
        ("lcm", "2", "0.5", "domain"),
        ("sum", "1", None, "operand_missing"),
        ("nosuch", "1", "2", "unknown_operation"),
        ("", "1", "2", "unknown_operation"),
    ],
    ids=shortly,
)
def test_what_cannot_be_computed_is_refused_with_a_code(name: str, x: str, y: str | None, code: str) -> None:
    assert refusal(name, x, y) == code


def test_the_refusal_of_a_long_name_is_short_and_printable() -> None:
    with pytest.raises(CalcError) as refused:
        OPERATIONS.compute("\x1b[31m\u202e" * 10_000, 1, 2)
    assert len(refused.value.message) < 250
    assert refused.value.message.isprintable()


def test_an_operation_of_one_operand_ignores_the_second() -> None:
    assert OPERATIONS.compute("sqrt", 16, 3) == 4


@pytest.mark.parametrize(
    ("name", "x", "y"),
    [
        ("pow", "9", str(9**9)),
        ("pow", "9", "1e9999"),
        ("pow", "1e5000", "1e5000"),
        ("pow", "1e-5000", "1e5000"),
        ("pow", "1e5000", "-1e5000"),
        ("pow", "1.000000001", "1e5000"),
        ("pow", "3", "1e5000"),
        ("pow", "2", "1e29"),
        ("pow", "2", "99999.5"),
        ("pow", "0.5", "99999.5"),
        ("pow", "1" + "0" * 9000, "12345678901234567890.5"),
        ("fact", "1e9", None),
        ("fact", "1e9999", None),
        ("fact", "3249", None),
        ("sum", "1e5000", "1e-5000"),
        ("sub", "1e9999", "0.01"),
        ("mul", "1e5000", "1e5000"),
        ("mul", "1e-5000", "1e-5001"),
        ("lcm", "9" * 6000, "7" * 6001),
        ("div", "1e9999", "1e-9999"),
        ("div", "1e-9999", "3"),
        ("div", "1e-9999", "100"),
    ],
    ids=shortly,
)
def test_a_result_of_too_many_digits_is_refused(name: str, x: str, y: str | None) -> None:
    assert refusal(name, x, y) == "too_many_digits"


@pytest.mark.parametrize(
    "x", [10**1_000_000, -(10**1_000_000), Decimal("1E+999999999"), Decimal("1E-999999999")], ids=shortly
)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_an_operand_of_too_many_digits_is_refused_by_every_operation(operation: Operation, x: Number) -> None:
    """The factorial of Decimal("1E+999999999") would not end: that this test ends is what it states."""
    with pytest.raises(CalcError, match="x has more than 10000 digits"):
        operation.apply(*[x, 2][: operation.arity])


@pytest.mark.parametrize(
    ("name", "x", "y", "digits"),
    [
        ("pow", "2", "33219", 10_000),
        ("pow", "0.5", "-33219", 10_000),
        ("pow", "2", "-10000", 10_000),
        ("fact", "3248", None, 9_998),
        ("sqrt", "9" * 9999, None, 5_000),
        ("sum", "1e4999", "1e-5000", 10_000),
        ("pow", "7" * 9999, "0.3", 3_000),
    ],
    ids=shortly,
)
def test_results_up_to_the_limit_are_computed(name: str, x: str, y: str | None, digits: int) -> None:
    assert len(computed(name, x, y).removeprefix("0").replace(".", "")) == digits


def test_the_limit_is_what_was_configured() -> None:
    operations = Operations.standard(Limits(max_digits=5, division_digits=3))
    assert computed("mul", "99", "99", operations) == "9801"
    assert refusal("mul", "999", "999", operations) == "too_many_digits"
    assert computed("div", "2", "3", operations) == "0.667"
    assert computed("fact", "8", None, operations) == "40320"
    assert refusal("fact", "9", None, operations) == "too_many_digits"
    assert computed("pow", "4", "0.5", operations) == "2"


@given(numbers(), numbers(), st.sampled_from(["sum", "sub", "mul", "diff", "min", "max"]))
def test_sums_and_products_are_those_of_fractions(x: Number, y: Number, name: str) -> None:
    a, b = Fraction(x), Fraction(y)
    exact = {"sum": a + b, "sub": a - b, "mul": a * b, "diff": abs(a - b), "min": min(a, b), "max": max(a, b)}
    result = OPERATIONS.compute(name, x, y)
    assert Fraction(result) == exact[name]
    assert isinstance(result, int) == (exact[name].denominator == 1)


@given(numbers(), numbers())
def test_a_remainder_is_that_of_fractions(x: Number, y: Number) -> None:
    assume(y)
    assert Fraction(OPERATIONS.compute("mod", x, y)) == Fraction(x) % Fraction(y)


@given(numbers(), numbers())
def test_a_quotient_is_exact_if_it_has_an_end_and_else_rounded_to_the_last_digit(x: Number, y: Number) -> None:
    assume(y)
    exact = Fraction(x) / Fraction(y)
    result = OPERATIONS.compute("div", x, y)
    rest = exact.denominator
    for factor in (2, 5):
        while rest % factor == 0:
            rest //= factor
    if rest == 1:
        assert Fraction(result) == exact
    else:
        last_digit = Fraction(10) ** (Decimal(result).adjusted() - OPERATIONS.limits.division_digits + 1)
        assert abs(Fraction(result) - exact) <= last_digit / 2


@given(numbers(digits=4), st.integers(-12, 12))
def test_a_whole_power_is_exact_if_it_has_an_end(x: Number, y: int) -> None:
    assume(x or y >= 0)
    exact = Fraction(x) ** y
    result = Fraction(OPERATIONS.compute("pow", x, y))
    assert result == exact or abs(result / exact - 1) < Fraction(1, 10**27)


@given(numbers(digits=8).map(abs).filter(bool), st.integers(-12, 12) | st.integers(-999, 999), st.integers(1, 999))
def test_a_fractional_power_is_right_to_its_last_digit(x: Number, whole: int, thousandths: int) -> None:
    y = whole + Decimal(thousandths).scaleb(-3)
    result = tried(lambda: OPERATIONS.compute("pow", x, y))
    precise = Context(prec=80).power(Decimal(x), Decimal(y))
    if abs(precise.adjusted()) > OPERATIONS.limits.max_digits:
        assert isinstance(result, CalcError)
    elif abs(precise.adjusted()) < OPERATIONS.limits.max_digits - 30:
        assert isinstance(result, int | Decimal)
        assert abs(Fraction(result) / Fraction(precise) - 1) < Fraction(1, 10**27)


@given(numbers())
def test_the_root_of_a_square_is_exact(x: Number) -> None:
    assert OPERATIONS.compute("sqrt", OPERATIONS.compute("mul", x, x), None) == abs(x)


@given(numbers())
def test_a_root_is_right_to_its_last_digit(x: Number) -> None:
    assume(x > 0)
    root = Fraction(OPERATIONS.compute("sqrt", x, None))
    assert abs(root * root / Fraction(x) - 1) < Fraction(1, 10**27)


@given(st.integers(-(10**12), 10**12), st.integers(-(10**12), 10**12))
def test_common_divisors_and_multiples_are_those_of_whole_numbers(x: int, y: int) -> None:
    assert OPERATIONS.compute("gcd", x, y) == math.gcd(x, y)
    assert OPERATIONS.compute("lcm", x, y) == math.lcm(x, y)


@given(numbers(digits=20), numbers(digits=20), st.sampled_from(OPERATIONS.names))
def test_every_result_is_within_the_limit_or_refused(x: Number, y: Number, name: str) -> None:
    result = tried(lambda: BOUNDED.compute(name, x, y))
    if isinstance(result, CalcError):
        assert result.code in {"too_many_digits", "division_by_zero", "domain", "out_of_range"}
    else:
        assert isinstance(result, int | Decimal)
        assert parse_number(number_text(result), SMALL) == result
        assert isinstance(result, int) or result != int(result)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_no_operation_depends_on_the_decimal_context_of_the_thread(operation: Operation) -> None:
    cases = [(9, 4), (Decimal("2.25"), Decimal("1.5")), (7, Decimal("0.3"))]

    def outcomes() -> list[object]:
        found: list[object] = []
        for case in cases:
            try:
                found.append(number_text(operation.apply(*case[: operation.arity])))
            except CalcError as error:
                found.append(error.code)
        return found

    expected = outcomes()
    with localcontext() as context:
        context.prec, context.Emax, context.Emin = 1, 1, 0
        for signal in context.traps:
            context.traps[signal] = True
        assert outcomes() == expected


def test_the_standard_operations_come_in_the_order_of_the_form() -> None:
    assert OPERATIONS.names == (
        *("sum", "sub", "mul", "div", "mod", "pow", "diff", "min", "max", "gcd", "lcm"),
        *("neg", "abs", "sqrt", "fact"),
    )
    assert [operation.name for operation in OPERATIONS] == list(OPERATIONS.names)
    assert len(OPERATIONS) == 15


def test_operations_are_found_by_name() -> None:
    assert OPERATIONS["sqrt"].arity == 1
    assert OPERATIONS.get("sum") is OPERATIONS["sum"]
    assert OPERATIONS.get("nosuch") is None
    assert "sum" in OPERATIONS
    assert "nosuch" not in OPERATIONS
    with pytest.raises(KeyError):
        OPERATIONS["nosuch"]


@pytest.mark.parametrize(
    ("name", "x", "y", "text", "ascii_text"),
    [
        ("sum", "0.1", "0.2", "0.1 + 0.2", "0.1 + 0.2"),
        ("sub", "5", "-2", "5 − -2", "5 - -2"),
        ("mul", "2", "3", "2 × 3", "2 * 3"),
        ("div", "6", "3", "6 ÷ 3", "6 / 3"),
        ("mod", "7", "3", "7 mod 3", "7 mod 3"),
        ("pow", "-2", "2", "(-2) ^ 2", "(-2) ^ 2"),
        ("diff", "5", "2", "|5 − 2|", "|5 - 2|"),
        ("max", "x", "y", "max(x, y)", "max(x, y)"),
        ("max", "y", "x", "max(y, x)", "max(y, x)"),
        ("gcd", "4", "6", "gcd(4, 6)", "gcd(4, 6)"),
        ("neg", "5", None, "−5", "-5"),
        ("neg", "-5", None, "−(-5)", "-(-5)"),
        ("abs", "-5", None, "|-5|", "|-5|"),
        ("sqrt", "16", "7", "√16", "sqrt(16)"),
        ("sqrt", "-4", None, "√(-4)", "sqrt(-4)"),
        ("fact", "5", None, "5!", "5!"),
        ("sum", "5", None, "5 + ?", "5 + ?"),
        ("sum", "\\1", "\\g<0>", "\\1 + \\g<0>", "\\1 + \\g<0>"),
    ],
    ids=shortly,
)
def test_an_operation_is_written_as_people_write_it(
    name: str, x: str, y: str | None, text: str, ascii_text: str
) -> None:
    assert OPERATIONS[name].describe(x, y) == text
    assert OPERATIONS[name].describe(x, y, ascii=True) == ascii_text


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_every_operation_can_be_written_in_ascii(operation: Operation) -> None:
    assert operation.describe("1", "2", ascii=True).isascii()
