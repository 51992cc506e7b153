"""What is read as a number, how it is written, and what its digits cost."""

import sys
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given

from tests.calc.strategies import SMALL, decimal_texts, numbers, shortly, tried
from tui.calc.numbers import CalcError, Limits, Number, canonical, number_text, parse_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("+5", 5),
        ("-2.5", Decimal("-2.5")),
        ("0.1", Decimal("0.1")),
        (".5", Decimal("0.5")),
        ("5.", 5),
        ("1e3", 1000),
        ("1E+3", 1000),
        ("1e-2", Decimal("0.01")),
        ("1.50", Decimal("1.5")),
        ("1.5e1", 15),
        ("2.0", 2),
        ("007", 7),
        ("-0", 0),
        ("-0.00", 0),
        ("0e999999", 0),
        (" \t5\r\n", 5),
        ("1e000000000000000000000000000000003", 1000),
    ],
    ids=shortly,
)
def test_a_decimal_text_is_its_exact_value(text: str, value: Number) -> None:
    parsed = parse_number(text)
    assert parsed == value
    assert type(parsed) is type(value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("NaN", "not_finite"),
        ("-sNaN12", "not_finite"),
        ("Infinity", "not_finite"),
        ("-inf", "not_finite"),
        ("abc", "not_a_number"),
        ("5a", "not_a_number"),
        ("1_000", "not_a_number"),
        ("1,5", "not_a_number"),
        ("1 000", "not_a_number"),
        ("0x10", "not_a_number"),
        ("\uff15", "not_a_number"),
        ("٥", "not_a_number"),
        ("²", "not_a_number"),
        ("\u00a05", "not_a_number"),
        ("−5", "not_a_number"),
        ("--5", "not_a_number"),
        (".", "not_a_number"),
        ("-", "not_a_number"),
        ("e5", "not_a_number"),
        ("1e", "not_a_number"),
        ("1e1.5", "not_a_number"),
        ("1.2.3", "not_a_number"),
        ("5\x00", "not_a_number"),
        ("[bold]5", "not_a_number"),
        ("\x1b[31m5", "not_a_number"),
        ("a" * 10**6, "not_a_number"),
        ("1" * 10**6 + "x", "not_a_number"),
        ("1" * 10**6, "too_many_digits"),
        ("1e999999", "too_many_digits"),
        ("-1e999999", "too_many_digits"),
        ("1e-999999", "too_many_digits"),
        ("1e" + "9" * 10**6, "too_many_digits"),
        ("1e-" + "9" * 10**6, "too_many_digits"),
    ],
    ids=shortly,
)
def test_what_is_no_number_is_refused_with_a_short_reason(text: str, code: str) -> None:
    with pytest.raises(CalcError) as refused:
        parse_number(text)
    assert refused.value.code == code
    assert str(refused.value) == refused.value.message
    assert len(refused.value.message) <= 120
    assert refused.value.message.isprintable()


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("\uff15", "only the digits 0 to 9"),
        ("1_000", "underscores"),
        ("1,5", "point"),
        ("1 000", "blanks"),
        ("0x10", "decimal"),
    ],
    ids=shortly,
)
def test_the_reason_says_how_to_write_it(text: str, advice: str) -> None:
    with pytest.raises(CalcError, match=advice):
        parse_number(text)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("123", 3),
        ("1e3", 4),
        ("0.001", 3),
        ("1.001", 4),
        ("100.5", 4),
        ("001.500", 2),
        ("-12", 2),
        ("12e-1", 2),
    ],
    ids=shortly,
)
def test_the_limit_counts_the_digits_written_out(text: str, digits: int) -> None:
    value = parse_number(text, Limits(max_digits=digits))
    assert parse_number(number_text(value), Limits(max_digits=digits)) == value
    if digits > 1:
        with pytest.raises(CalcError, match=f"more than {digits - 1} digits"):
            parse_number(text, Limits(max_digits=digits - 1))


def test_zeros_that_mean_nothing_are_no_digits() -> None:
    assert parse_number("0" * 20_000 + "1") == 1
    assert parse_number("1." + "0" * 20_000) == 1
    assert parse_number("0." + "0" * 20_000 + "1e20001") == 1


def test_ten_thousand_digits_pass_whatever_the_interpreter_allows() -> None:
    text = "7" * 10_000
    allowed = sys.get_int_max_str_digits()
    assert number_text(parse_number(text)) == text
    assert number_text(parse_number("-0." + text)) == "-0." + text
    assert sys.get_int_max_str_digits() == allowed


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-7, "-7"),
        (10**18, "1" + "0" * 18),
        (-(10**5000), "-1" + "0" * 5000),
        (Decimal("1E+3"), "1000"),
        (Decimal("-0"), "0"),
        (Decimal("-0.00"), "0"),
        (Decimal("1.500"), "1.5"),
        (Decimal("100.0"), "100"),
        (Decimal("1E-7"), "0.0000001"),
    ],
    ids=shortly,
)
def test_a_number_is_written_out_without_exponent_and_idle_zeros(value: Number, text: str) -> None:
    assert number_text(value) == text


@pytest.mark.parametrize("value", ["NaN", "sNaN", "-Infinity"])
def test_what_is_not_finite_is_not_written(value: str) -> None:
    with pytest.raises(CalcError) as refused:
        number_text(Decimal(value))
    assert refused.value.code == "not_finite"


@given(numbers())
def test_a_number_read_back_is_the_same(value: Number) -> None:
    text = number_text(value)
    assert parse_number(text) == value
    assert type(parse_number(text)) is type(value)
    assert number_text(parse_number(text)) == text


@given(decimal_texts)
def test_a_text_is_its_exact_value_or_has_too_many_digits(text: str) -> None:
    exact = Fraction(text)
    written = format(Decimal(text), "f").strip("+-")
    whole, _, fraction = written.partition(".")
    digits = len(whole.lstrip("0")) + len(fraction.rstrip("0"))
    found = tried(lambda: parse_number(text, SMALL))
    if digits > SMALL.max_digits:
        assert isinstance(found, CalcError)
        assert found.code == "too_many_digits"
    else:
        assert isinstance(found, int | Decimal)
        assert Fraction(found) == exact
        assert isinstance(found, int) == (exact.denominator == 1)


def test_reading_and_writing_ignore_the_decimal_context_of_the_thread() -> None:
    with localcontext() as context:
        context.prec = 1
        context.Emax = 1
        context.clear_flags()
        for signal in context.traps:
            context.traps[signal] = True
        assert number_text(parse_number("123456.789")) == "123456.789"
        assert number_text(parse_number("1e50")) == "1" + "0" * 50
        assert canonical(Decimal("1234.50")) == Decimal("1234.5")


@pytest.mark.parametrize("name", ["max_digits", "division_digits"])
@pytest.mark.parametrize("found", [0, -1, 2.5, "9"])
def test_limits_are_whole_numbers_from_one(name: str, found: object) -> None:
    with pytest.raises(ValueError, match=name):
        Limits(**{name: found})  # type: ignore[arg-type]
