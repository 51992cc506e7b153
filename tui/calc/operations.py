"""The operations by name: what they are called, how they are written, and the registry that computes them."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from tui.calc.arithmetic import Arithmetic
from tui.calc.bounds import Bounds
from tui.calc.numbers import STANDARD_LIMITS, CalcError, Limits, Number, shown

_PLACEHOLDER = re.compile(r"\b[xy]\b")
_ASCII = str.maketrans({"−": "-", "×": "*", "÷": "/"})
_TIGHT = frozenset({"x ^ y", "x!", "√x", "−x", "-x"})
"""Notations in which a negative x needs brackets to be read right."""
_NAME = re.compile(r"[A-Za-z0-9_-]{1,32}")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of `arity` operands, 1 or 2, which its `notation` calls `x` and `y`.

    `apply` takes that many numbers, refuses what is beyond the limits before it computes, and raises
    `CalcError`.
    """

    name: str
    arity: int
    symbol: str
    notation: str
    apply: Callable[..., Number]

    def describe(self, x_text: str, y_text: str | None, ascii: bool = False) -> str:
        """The operation written with its operands, on one line if they are: "0.1 + 0.2", "√16", "gcd(4, 6)".

        With `ascii` it uses ASCII signs: "sqrt(16)", "2 * 3". An operand that is missing is written "?".
        The texts are taken as they are: whoever shows them escapes them.
        """
        notation = self.notation
        if ascii:
            notation = notation.replace("√x", "sqrt(x)").translate(_ASCII)
        if x_text.startswith("-") and notation in _TIGHT:
            x_text = f"({x_text})"
        texts = {"x": x_text, "y": "?" if y_text is None else y_text}
        return _PLACEHOLDER.sub(lambda found: texts[found[0]], notation)


class Operations:
    """The operations this process knows, by name, in display order; never changed once made."""

    def __init__(self, operations: Mapping[str, Operation], bounds: Bounds) -> None:
        self._by_name = dict(operations)
        self._bounds = bounds
        self.limits = bounds.limits
        self.names = tuple(self._by_name)

    @classmethod
    def standard(cls, limits: Limits = STANDARD_LIMITS) -> "Operations":
        """The operations every kcalc knows."""
        bounds = Bounds(limits)
        unary, binary, a = bounds.unary, bounds.binary, Arithmetic(bounds)
        operations = (
            Operation("sum", 2, "+", "x + y", binary(a.sum)),
            Operation("sub", 2, "−", "x − y", binary(a.sub)),
            Operation("mul", 2, "×", "x × y", binary(a.mul)),
            Operation("div", 2, "÷", "x ÷ y", binary(a.div)),
            Operation("mod", 2, "mod", "x mod y", binary(a.mod)),
            Operation("pow", 2, "^", "x ^ y", binary(a.pow)),
            Operation("diff", 2, "|−|", "|x − y|", binary(a.diff)),
            Operation("min", 2, "min", "min(x, y)", binary(min)),
            Operation("max", 2, "max", "max(x, y)", binary(max)),
            Operation("gcd", 2, "gcd", "gcd(x, y)", binary(a.gcd)),
            Operation("lcm", 2, "lcm", "lcm(x, y)", binary(a.lcm)),
            Operation("neg", 1, "−", "−x", unary(a.neg)),
            Operation("abs", 1, "| |", "|x|", unary(a.abs)),
            Operation("sqrt", 1, "√", "√x", unary(a.sqrt)),
            Operation("fact", 1, "!", "x!", unary(a.fact)),
        )
        return cls({operation.name: operation for operation in operations}, bounds)

    def with_added(self, added: Mapping[str, str]) -> "Operations":
        """These and the `added` ones, of which one with a known name takes its place.

        A value "module:function" is imported; any other is the name of an operation, which always means the
        one that had it before (so two can be exchanged). The code that is imported is trusted, and what it
        costs is its author's care: the digit limit holds for its operands and its result only.

        Raises ValueError that names the key, what was found and what is allowed.
        """
        from tui.calc.added import imported

        operations, arithmetic = dict(self._by_name), Arithmetic(self._bounds)
        for name, target in added.items():
            if not isinstance(name, str) or not _NAME.fullmatch(name):
                raise ValueError(
                    f"operations: found the name {shown(str(name))}, allowed are 1 to 32 letters, digits, _ and -"
                )
            if isinstance(target, str) and target in self._by_name:
                operations[name] = replace(self._by_name[target], name=name)
            elif isinstance(target, str) and ":" in target:
                operations[name] = imported(name, target, self._bounds, arithmetic)
            else:
                raise ValueError(
                    f"operations.{name}: found {shown(str(target))}, allowed are module:function"
                    f" and the names {', '.join(self.names)}"
                )
        return Operations(operations, self._bounds)

    def compute(self, name: str, x: Number, y: Number | None) -> Number:
        """The result of operation `name`, whose second operand is ignored if it takes one.

        Raises `CalcError`: unknown_operation, operand_missing, and whatever the operation raises.
        """
        operation = self._by_name.get(name)
        if operation is None:
            raise CalcError("unknown_operation", f"there is no operation {shown(name)}")
        if operation.arity == 1:
            return operation.apply(x)
        if y is None:
            raise CalcError("operand_missing", f"{name} takes two operands")
        return operation.apply(x, y)

    def get(self, name: str) -> Operation | None:
        """The operation of that name, or None."""
        return self._by_name.get(name)

    def __getitem__(self, name: str) -> Operation:
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __iter__(self) -> Iterator[Operation]:
        return iter(self._by_name.values())

    def __len__(self) -> int:
        return len(self._by_name)
