"""Operations that config.yml adds: imported functions, whose operands, results and errors are bounded."""

import importlib
import inspect
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import reduce

from tui.calc.arithmetic import Arithmetic
from tui.calc.bounds import Bounds
from tui.calc.numbers import CalcError, Number
from tui.calc.operations import Operation

_MESSAGE_CHARS = 200


def imported(name: str, target: str, bounds: Bounds, arithmetic: Arithmetic) -> Operation:
    """Operation `name` that calls `target`, a "module:function" of one or two operands.

    Raises ValueError that names the key, what was found and what is allowed.
    """
    function = _function(name, target)
    arity = _arity(name, target, function)
    apply = bounds.unary if arity == 1 else bounds.binary
    notation = f"{name}(x)" if arity == 1 else f"{name}(x, y)"
    return Operation(name, arity, name, notation, apply(_guarded(function, arithmetic)))


def _function(name: str, target: str) -> Callable[..., object]:
    module, _, attribute = target.partition(":")
    try:
        function = reduce(getattr, attribute.split("."), importlib.import_module(module))
    except Exception as error:  # importing runs foreign code, which may raise anything
        raise ValueError(
            f"operations.{name}: found {target}, which cannot be imported ({_described(error)});"
            " allowed is module:function of an installed module"
        ) from error
    if not callable(function) or inspect.iscoroutinefunction(function):
        raise ValueError(f"operations.{name}: found {target}, which is no plain function of 1 or 2 operands")
    return function


def _arity(name: str, target: str, function: Callable[..., object]) -> int:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (ValueError, TypeError):
        return 2  # builtins such as math.hypot(*coordinates) do not tell
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    required = sum(p.default is p.empty for p in positional)
    most = 2 if any(p.kind is p.VAR_POSITIONAL for p in parameters) else len(positional)
    keywords = any(p.kind is p.KEYWORD_ONLY and p.default is p.empty for p in parameters)
    arity = required or min(most, 2)
    if keywords or arity not in (1, 2):
        found = "keywords are required" if keywords else f"{arity} operands"
        raise ValueError(f"operations.{name}: found {target} with {found}; allowed are 1 or 2 operands")
    return arity


def _guarded(function: Callable[..., object], arithmetic: Arithmetic) -> Callable[..., Number]:
    def apply(*operands: Number) -> Number:
        try:
            found = function(*operands)
        except Exception as error:  # foreign code may raise anything; the request is answered with it
            raise CalcError("operation_failed", _described(error)) from error
        return _number(found, arithmetic)

    return apply


def _number(found: object, arithmetic: Arithmetic) -> Number:
    """What a function returned, as an exact number; a float means the decimal that Python writes for it."""
    if isinstance(found, float):
        return Decimal(float.__repr__(found))
    if isinstance(found, Fraction):
        return arithmetic.quotient(found.numerator, found.denominator)
    if isinstance(found, Decimal):
        return Decimal(found)
    if isinstance(found, int) and not isinstance(found, bool):
        return int(found)
    raise CalcError("operation_failed", f"the function returned {type(found).__name__}, which is no number")


def _described(error: Exception) -> str:
    try:
        text = str(error)
    except Exception:  # an exception of foreign code, whose own text may fail
        text = "no text"
    text = f"{type(error).__name__}: {text}"
    return text if len(text) <= _MESSAGE_CHARS else text[: _MESSAGE_CHARS - 1] + "…"
