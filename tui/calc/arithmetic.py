"""What the standard operations compute: exact, and refused before it is computed if it would be too long."""

import math
from decimal import (
    MAX_EMAX,
    MIN_EMIN,
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    Inexact,
    InvalidOperation,
    Overflow,
    Subnormal,
    Underflow,
)

from tui.calc.bounds import Bounds
from tui.calc.numbers import CalcError, Number, too_many_digits

_GUARD_DIGITS = 12
"""Carried beyond `division_digits` in a fractional power, whose last digit may be off by one."""
_RANGE_DIGITS = 10
"""Enough for the logarithm of any result within a digit limit of 10**9."""
_MAX_EXPONENT_DIGITS = 30
"""A fractional exponent of more digits before its point would need as many more digits of the logarithm."""


class Arithmetic:
    """Exact arithmetic on numbers that `bounds` has let pass; results are to be checked against it, too.

    Quotients and whole powers are exact if their digits have an end within the limit, and roots if they are
    rational; else they are rounded half to even to `limits.division_digits` significant digits. Every method
    raises `CalcError` (too_many_digits, division_by_zero, domain, out_of_range), costs no more than
    milliseconds at the standard limits, and does not depend on the thread's decimal context.
    """

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self.limits = limits = bounds.limits
        # Twice the digits hold the exact sum or product of any two operands.
        self._exact = Context(
            prec=2 * limits.max_digits + 2,
            rounding=ROUND_HALF_EVEN,
            Emin=MIN_EMIN,
            Emax=MAX_EMAX,
            traps=[InvalidOperation, DivisionByZero, Overflow, Inexact],
        )
        self._rounded = Context(
            prec=limits.division_digits,
            rounding=ROUND_HALF_EVEN,
            Emin=MIN_EMIN,
            Emax=MAX_EMAX,
            traps=[InvalidOperation, DivisionByZero, Overflow],
        )

    def sum(self, x: Number, y: Number) -> Number:
        """x + y."""
        if isinstance(x, int) and isinstance(y, int):
            return x + y
        return self._exact.add(x, y)

    def sub(self, x: Number, y: Number) -> Number:
        """x - y."""
        if isinstance(x, int) and isinstance(y, int):
            return x - y
        return self._exact.subtract(x, y)

    def diff(self, x: Number, y: Number) -> Number:
        """|x - y|, the distance."""
        return self.abs(self.sub(x, y))

    def mul(self, x: Number, y: Number) -> Number:
        """x * y."""
        if isinstance(x, int) and isinstance(y, int):
            self._bounds.refuse_bits(x.bit_length() + y.bit_length() - 2)
            return x * y
        return self._exact.multiply(x, y)

    def div(self, x: Number, y: Number) -> Number:
        """x / y: exact if the quotient has an end within the limits, else rounded."""
        x_over, x_under = x.as_integer_ratio()
        y_over, y_under = y.as_integer_ratio()
        return self.quotient(x_over * y_under, x_under * y_over)

    def mod(self, x: Number, y: Number) -> Number:
        """x - y * floor(x / y), always exact. As in Python the result has the sign of y: -7 mod 3 is 2."""
        if not y:
            raise _division_by_zero()
        if isinstance(x, int) and isinstance(y, int):
            return x % y
        x_over, x_under = x.as_integer_ratio()
        y_over, y_under = y.as_integer_ratio()
        return self.quotient(x_over * y_under % (y_over * x_under), x_under * y_under)

    def quotient(self, over: int, under: int) -> Number:
        """over / under of any two whole numbers: exact if it has an end within the limits, else rounded."""
        if not under:
            raise _division_by_zero()
        whole, rest = divmod(over, under)
        if not rest:
            return whole
        self._bounds.refuse_bits(abs(whole).bit_length() - 1)
        common = math.gcd(over, under) if under > 0 else -math.gcd(over, under)
        over, under = over // common, under // common
        places = _fraction_digits(under)
        if places is not None and places <= self.limits.max_digits:
            return self._exact.scaleb(Decimal(over * 10**places // under), -places)
        return self._rounded.divide(over, under)

    def pow(self, x: Number, y: Number) -> Number:
        """x to the power of y; 0 ^ 0 is 1. Fractional powers are rounded, and those of x < 0 are refused."""
        if not x and y < 0:
            raise _division_by_zero()
        if not y or x == 1:
            return 1
        if not x:
            return 0
        return self._whole_power(x, y) if isinstance(y, int) else self._fractional_power(x, y)

    def _whole_power(self, x: Number, y: int) -> Number:
        if x == -1:
            return -1 if y % 2 else 1
        over, under = x.as_integer_ratio()
        if y < 0:
            over, under, y = under, over, -y
        self._bounds.refuse_bits((max(abs(over), abs(under)).bit_length() - 1) * y)
        return self.quotient(over**y, under**y)

    def _fractional_power(self, x: Number, y: Decimal) -> Number:
        if x < 0:
            raise CalcError("domain", "a fractional power of a negative number is not real")
        if y.adjusted() >= _MAX_EXPONENT_DIGITS:
            raise CalcError("out_of_range", f"a fractional exponent is below 10^{_MAX_EXPONENT_DIGITS}")
        digits = self.limits.division_digits + _GUARD_DIGITS
        # The logarithm is taken to as many digits as x has: of 10,000 digits that would cost seconds.
        narrow = Context(digits + _RANGE_DIGITS + max(0, y.adjusted()), ROUND_HALF_EVEN, MIN_EMIN, MAX_EMAX)
        bounded = Context(
            prec=digits,
            rounding=ROUND_HALF_EVEN,
            Emin=-self.limits.max_digits,
            Emax=self.limits.max_digits,
            traps=[InvalidOperation, Overflow, Underflow, Subnormal],
        )
        try:
            power = bounded.power(narrow.plus(x), narrow.plus(y))
        except (Overflow, Underflow, Subnormal):
            raise too_many_digits("the result", self.limits) from None
        return self._rounded.plus(power)

    def neg(self, x: Number) -> Number:
        """-x."""
        return -x if isinstance(x, int) else x.copy_negate()

    def abs(self, x: Number) -> Number:
        """|x|."""
        return abs(x) if isinstance(x, int) else x.copy_abs()

    def sqrt(self, x: Number) -> Number:
        """The square root of x >= 0: exact if x is a square, else rounded."""
        if x < 0:
            raise CalcError("domain", "the square root of a negative number is not real")
        over, under = x.as_integer_ratio()
        over_root, under_root = math.isqrt(over), math.isqrt(under)
        if over_root * over_root == over and under_root * under_root == under:
            return self.quotient(over_root, under_root)
        return self._rounded.sqrt(x)

    def fact(self, x: Number) -> Number:
        """x!, the product of the whole numbers from 1 to x."""
        if not isinstance(x, int) or x < 0:
            raise CalcError("domain", "a factorial takes a whole number from 0")
        # From 25 on, x! has more digits than x counts; that also keeps lgamma's argument a sane float.
        if x > max(25, self.limits.max_digits) or math.lgamma(x + 1) / math.log(10) > self.limits.max_digits:
            raise too_many_digits("the result", self.limits)
        return math.factorial(x)

    def gcd(self, x: Number, y: Number) -> Number:
        """The greatest whole number that divides both; gcd(0, 0) is 0."""
        return math.gcd(_whole(x), _whole(y))

    def lcm(self, x: Number, y: Number) -> Number:
        """The smallest whole number from 0 that both divide; 0 if either is 0."""
        whole_x, whole_y = _whole(x), _whole(y)
        if not whole_x or not whole_y:
            return 0
        return self.abs(self.mul(whole_x // math.gcd(whole_x, whole_y), whole_y))


def _division_by_zero() -> CalcError:
    return CalcError("division_by_zero", "division by zero")


def _whole(value: Number) -> int:
    if not isinstance(value, int):
        raise CalcError("domain", "a common divisor or multiple takes whole numbers")
    return value


def _fraction_digits(under: int) -> int | None:
    """How many digits after the point a reduced fraction over `under` has; None if they have no end."""
    twos = (under & -under).bit_length() - 1
    odd = under >> twos
    fives = round(math.log(odd, 5))
    return max(twos, fives) if odd == 5**fives else None
