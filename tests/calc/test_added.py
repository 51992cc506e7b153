"""Operations that the configuration adds or renames."""

from decimal import Decimal
from fractions import Fraction

import pytest

from tui.calc.numbers import CalcError, Limits, Number
from tui.calc.operations import Operations

STANDARD = Operations.standard()
HERE = __name__


class _Mute(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no words")


def halved(x: Number) -> Fraction:
    return Fraction(x) / 2


def third(x: Number) -> Fraction:
    return Fraction(x) / 3


def with_default(x: Number, scale: int = 2) -> Number:
    return x * scale


def without_operands() -> int:
    return 1


def of_three(x: int, y: int, z: int) -> int:
    return x + y + z


def with_keyword(x: int, *, scale: int) -> int:
    return x * scale


async def awaited(x: int) -> int:
    return x


def outcome(x: Number) -> object:
    """What a foreign function may return or raise, chosen by number."""
    found = [True, None, "7", 1.5, float("inf"), float("nan"), Decimal("NaN"), 10**20_000, 0.1 + 0.2, b"7"]
    return found[int(x)]


def failing(x: Number) -> Number:
    errors: list[Exception] = [
        ValueError("x" * 10_000),
        KeyError("k"),
        MemoryError(),
        RecursionError(),
        _Mute(),
    ]
    raise errors[int(x)]


NOT_CALLABLE = 7


def test_an_added_function_is_an_operation_like_any_other() -> None:
    operations = STANDARD.with_added({"hypot": "math:hypot"})
    assert operations.compute("hypot", 3, 4) == 5
    assert operations.compute("hypot", Decimal("0.3"), Decimal("0.4")) == Decimal("0.5")
    assert operations.names == (*STANDARD.names, "hypot")
    assert operations["hypot"].arity == 2
    assert operations["hypot"].describe("3", "4") == "hypot(3, 4)"
    assert "hypot" not in STANDARD


@pytest.mark.parametrize(
    ("target", "arity"),
    [
        ("math:hypot", 2),
        ("math:log10", 1),
        ("math:copysign", 2),
        ("operator:add", 2),
        (f"{HERE}:halved", 1),
        (f"{HERE}:with_default", 1),
        ("decimal:Decimal.copy_sign", 2),
    ],
)
def test_the_operands_are_counted_from_the_signature(target: str, arity: int) -> None:
    assert STANDARD.with_added({"added": target})["added"].arity == arity


def test_a_result_is_taken_exactly() -> None:
    operations = STANDARD.with_added({"half": f"{HERE}:halved", "third": f"{HERE}:third", "out": f"{HERE}:outcome"})
    assert operations.compute("half", 5, None) == Decimal("2.5")
    assert type(operations.compute("half", 4, None)) is int
    assert operations.compute("third", 1, None) == Decimal("0." + "3" * 28)
    assert operations.compute("out", 3, None) == Decimal("1.5")
    assert operations.compute("out", 8, None) == Decimal("0.30000000000000004")


@pytest.mark.parametrize(
    ("x", "code"),
    [
        (0, "operation_failed"),
        (1, "operation_failed"),
        (2, "operation_failed"),
        (4, "not_finite"),
        (5, "not_finite"),
        (6, "not_finite"),
        (7, "too_many_digits"),
        (9, "operation_failed"),
        (99, "operation_failed"),
    ],
)
def test_a_result_that_is_no_finite_number_is_an_error(x: int, code: str) -> None:
    with pytest.raises(CalcError) as refused:
        STANDARD.with_added({"out": f"{HERE}:outcome"}).compute("out", x, None)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (0, "ValueError: xxx"),
        (1, "KeyError: 'k'"),
        (2, "MemoryError"),
        (3, "RecursionError"),
        (4, "_Mute: no text"),
    ],
)
def test_whatever_a_function_raises_is_an_error_of_bounded_length(x: int, text: str) -> None:
    with pytest.raises(CalcError) as refused:
        STANDARD.with_added({"bad": f"{HERE}:failing"}).compute("bad", x, None)
    assert refused.value.code == "operation_failed"
    assert refused.value.message.startswith(text)
    assert len(refused.value.message) <= 200


def test_operands_beyond_the_limit_never_reach_a_function() -> None:
    operations = Operations.standard(Limits(max_digits=3)).with_added({"half": f"{HERE}:halved"})
    with pytest.raises(CalcError, match="x has more than 3 digits"):
        operations.compute("half", 1000, None)


def test_a_renamed_operation_computes_what_the_other_does() -> None:
    operations = STANDARD.with_added({"sub": "diff"})
    assert operations.compute("sub", 2, 5) == 3
    assert operations["sub"].name == "sub"
    assert operations["sub"].describe("2", "5") == "|2 − 5|"
    assert operations.names == STANDARD.names
    assert STANDARD.compute("sub", 2, 5) == -3


def test_two_operations_can_be_exchanged() -> None:
    operations = STANDARD.with_added({"min": "max", "max": "min"})
    assert operations.compute("min", 1, 2) == 2
    assert operations.compute("max", 1, 2) == 1


def test_the_limits_stay() -> None:
    assert Operations.standard(Limits(7, 3)).with_added({"plus": "sum"}).limits == Limits(7, 3)


@pytest.mark.parametrize(
    ("added", "parts"),
    [
        ({"twice": "nosuch"}, ["operations.twice", "'nosuch'", "module:function", "sum, sub"]),
        ({"twice": 7}, ["operations.twice", "'7'", "module:function"]),
        ({"twice": "math:nosuch"}, ["operations.twice", "math:nosuch", "AttributeError"]),
        ({"twice": "no_such_module:f"}, ["operations.twice", "no_such_module:f", "ModuleNotFoundError"]),
        ({"twice": ":f"}, ["operations.twice", ":f"]),
        ({"twice": "math:"}, ["operations.twice", "math:"]),
        ({"twice": "math:pi"}, ["operations.twice", "math:pi", "no plain function"]),
        ({"twice": f"{HERE}:NOT_CALLABLE"}, ["operations.twice", "no plain function"]),
        ({"twice": f"{HERE}:awaited"}, ["operations.twice", "no plain function"]),
        ({"twice": f"{HERE}:without_operands"}, ["operations.twice", "0 operands", "1 or 2"]),
        ({"twice": f"{HERE}:of_three"}, ["operations.twice", "3 operands", "1 or 2"]),
        ({"twice": f"{HERE}:with_keyword"}, ["operations.twice", "keywords", "1 or 2"]),
        ({"": "sum"}, ["operations", "''", "1 to 32"]),
        ({"[bold]": "sum"}, ["operations", "[bold]", "1 to 32"]),
        ({"x" * 33: "sum"}, ["operations", "1 to 32"]),
        ({7: "sum"}, ["operations", "'7'", "1 to 32"]),
    ],
)
def test_a_wrong_addition_names_the_key_what_was_found_and_what_is_allowed(
    added: dict[str, str], parts: list[str]
) -> None:
    with pytest.raises(ValueError, match="operations") as refused:
        STANDARD.with_added(added)
    for part in parts:
        assert part in str(refused.value)
