"""Exact operands: parsed from text, bounded in digits, written back as text."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

Number: TypeAlias = int | Decimal
"""An exact value. Whole values are always `int`; a `Decimal` has a fraction and no trailing zeros."""

BLANKS = " \t\r\n\f\v"
_DECIMAL = re.compile(r"([+-]?)([0-9]*+)(?:\.([0-9]*+))?(?:[eE]([+-]?)([0-9]++))?")
_NOT_FINITE = re.compile(r"[+-]?(?:s?nan[0-9]*|inf(?:inity)?)", re.IGNORECASE)
_PLAIN_INT = 10**18
"""Below it `str` and `int` are cheapest, and far below the interpreter's limit for int text (4300 digits)."""
_SHOWN_CHARS = 24
_ADVISED_CHARS = 256


class CalcError(ValueError):
    """What cannot be computed: a snake_case `code` for programs, and a short `message` for a person."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class Limits:
    """How long numbers may become.

    `max_digits`: digits of any operand and result, written out without an exponent (1e3 has 4, 0.001 has 3).
    `division_digits`: significant digits that are kept, rounded half to even, of what has no end.
    """

    max_digits: int = 10_000
    division_digits: int = 28

    def __post_init__(self) -> None:
        for name in ("max_digits", "division_digits"):
            found = getattr(self, name)
            if type(found) is not int or found < 1:
                raise ValueError(f"{name}: found {found!r}, allowed are whole numbers from 1")


STANDARD_LIMITS = Limits()


def shown(text: str) -> str:
    """`text` quoted for a message: control characters escaped, and cut after 24 characters."""
    return repr(text) if len(text) <= _SHOWN_CHARS else repr(text[:_SHOWN_CHARS])[:-1] + "…'"


def too_many_digits(what: str, limits: Limits) -> CalcError:
    """The refusal of an operand or a result (`what`) beyond `limits.max_digits`."""
    return CalcError("too_many_digits", f"{what} has more than {limits.max_digits} digits")


def parse_number(text: str, limits: Limits = STANDARD_LIMITS) -> Number:
    """The exact value of a decimal text such as "5", "-2.5" or "1e3", ASCII blanks around it ignored.

    Raises `CalcError`: empty, not_finite, not_a_number, too_many_digits. Digits are counted before
    anything is converted and the exponent is bounded before it is expanded, so the cost is linear in
    `len(text)`, plus what a number of `limits.max_digits` digits costs.
    """
    if len(text) <= 18 and text.isdecimal() and text.isascii() and len(text) <= limits.max_digits:
        return int(text)
    text = text.strip(BLANKS)
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise _refused(text)
    sign, whole, fraction, exponent_sign, exponent = match.groups("")
    if not whole and not fraction:
        raise _refused(text)
    digits = (whole + fraction).lstrip("0")
    significant = digits.rstrip("0")
    if not significant:
        return 0
    shift = _bounded_exponent(exponent_sign, exponent, len(text), limits)
    shift += len(digits) - len(significant) - len(fraction)
    written = len(significant) + shift if shift >= 0 else max(len(significant), -shift)
    if written > limits.max_digits:
        raise too_many_digits("the number", limits)
    value = Decimal(f"{sign}{significant}E{shift}")
    return int(value) if shift >= 0 else value


def _bounded_exponent(sign: str, digits: str, text_chars: int, limits: Limits) -> int:
    """The exponent; one so large that no digits of the text could bring it back is refused unread."""
    digits = digits.lstrip("0")
    if len(digits) > len(str(limits.max_digits + text_chars)):
        raise too_many_digits("the number", limits)
    return int(sign + (digits or "0"))


def _refused(text: str) -> CalcError:
    if not text:
        return CalcError("empty", "no number given")
    if _NOT_FINITE.fullmatch(text):
        return CalcError("not_finite", f"{shown(text)} is not a finite number")
    return CalcError("not_a_number", f"{shown(text)} is not a number{_advice(text[:_ADVISED_CHARS])}")


def _advice(text: str) -> str:
    if any(char.isdigit() and not char.isascii() for char in text):
        return ": only the digits 0 to 9 are read"
    if "_" in text:
        return ": leave out the underscores"
    if "," in text:
        return ": use a point for the fraction and nothing between thousands"
    if any(char in BLANKS for char in text):
        return ": leave out the blanks"
    if text[:3].lower().lstrip("+-").startswith(("0x", "0o", "0b")):
        return ": write it in decimal"
    return ""


def number_text(value: Number) -> str:
    """`value` written out: exact, no exponent, no trailing zeros, no minus before zero.

    `parse_number(number_text(value)) == value` within the limits. Raises `CalcError` not_finite.
    """
    if isinstance(value, int):
        # `str` refuses ints beyond a limit that is global to the interpreter; Decimal has none.
        return str(int(value)) if -_PLAIN_INT < value < _PLAIN_INT else str(Decimal(value))
    if not value.is_finite():
        raise CalcError("not_finite", f"{value} is not a finite number")
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def canonical(value: Decimal) -> Number:
    """A finite `value` as a `Number`: an `int` if it is whole, else without trailing zeros."""
    _, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    if exponent >= 0:
        return int(value)
    if digits[-1]:
        return value
    text = number_text(value)
    return Decimal(text) if "." in text else int(Decimal(text))
