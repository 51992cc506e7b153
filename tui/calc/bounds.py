"""The digit limit, held: what operands and results are checked against, before and after computing."""

from collections.abc import Callable

from tui.calc.numbers import CalcError, Limits, Number, canonical, too_many_digits


class Bounds:
    """Refuses numbers beyond `limits` (`CalcError` too_many_digits) and what is not finite (not_finite)."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._bound = 10**limits.max_digits
        self._bound_bits = self._bound.bit_length()

    def checked(self, value: Number, what: str = "the result") -> Number:
        """`value`, refused if it is not finite or has more than `max_digits` digits."""
        if isinstance(value, int):
            if -self._bound < value < self._bound:
                return value
            raise too_many_digits(what, self.limits)
        if not value.is_finite():
            raise CalcError("not_finite", f"{what} is not a finite number")
        if not value:
            return 0
        # `adjusted` costs nothing; it keeps `as_tuple` and `int` away from exponents that were never parsed.
        if not -self.limits.max_digits <= value.adjusted() < self.limits.max_digits:
            raise too_many_digits(what, self.limits)
        value = canonical(value)
        if isinstance(value, int):
            return value
        exponent = value.as_tuple().exponent
        assert isinstance(exponent, int)
        if max(value.adjusted(), -1) + 1 - exponent > self.limits.max_digits:
            raise too_many_digits(what, self.limits)
        return value

    def unary(self, compute: Callable[[Number], Number]) -> Callable[[Number], Number]:
        """`compute` with its operand and its result checked."""

        def apply(x: Number) -> Number:
            return self.checked(compute(self.checked(x, "x")))

        return apply

    def binary(self, compute: Callable[[Number, Number], Number]) -> Callable[[Number, Number], Number]:
        """`compute` with its operands and its result checked."""

        def apply(x: Number, y: Number) -> Number:
            return self.checked(compute(self.checked(x, "x"), self.checked(y, "y")))

        return apply

    def refuse_bits(self, bits: int) -> None:
        """Refuse a result of at least 2**bits, if that alone is beyond the digit limit."""
        if bits > self._bound_bits:
            raise too_many_digits("the result", self.limits)
