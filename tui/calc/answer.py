"""The answer to one request message: a result, or the reason why it is a dead letter."""

from collections.abc import Callable

from tui.calc.messages import MAX_REQUEST_BYTES, NoRequest, Request, Result, ResultError, decode_request
from tui.calc.numbers import CalcError, Limits, Number, number_text, parse_number
from tui.calc.operations import Operations

_NO_NUMBER = frozenset({"empty", "not_finite", "not_a_number"})
"""Codes of texts that are no operands at all; any other refusal is of a number, and so a result."""


def answer(
    value: bytes | None,
    operations: Operations,
    *,
    topic: str,
    partition: int,
    offset: int,
    client_id: str,
    attempt: int,
    received_at: float,
    sent_at: float | None,
    clock: Callable[[], float],
    max_bytes: int = MAX_REQUEST_BYTES,
) -> Result:
    """The result of the request in `value`, read from `topic`, `partition` and `offset`.

    What cannot be computed (unknown operation, operand out of range, division by zero) is a result with an
    error. A request without an id gets `topic/partition/offset`, so that a redelivery has the same. Times are
    Unix seconds; `clock` is read once, at the end. Raises `NoRequest`, and nothing else, for a dead letter.
    """
    request = decode_request(value, max_bytes)
    text: str | None = None
    error: ResultError | None = None
    try:
        text = _computed(request, operations)
    except CalcError as refused:
        error = ResultError(refused.code, refused.message)
    return Result(
        request.id or f"{topic}/{partition}/{offset}",
        request.operator_1,
        request.operator_2,
        request.operation,
        text,
        error,
        client_id,
        partition,
        offset,
        attempt,
        received_at,
        clock(),
        sent_at,
    )


def _computed(request: Request, operations: Operations) -> str:
    operation = operations.get(request.operation)
    y_text = None if operation is not None and operation.arity == 1 else request.operator_2
    try:
        x = parse_number(request.operator_1, operations.limits)
        y = None if y_text is None else parse_number(y_text, operations.limits)
    except CalcError:
        raise _refusal(request.operator_1, y_text, operations.limits) from None
    return number_text(operations.compute(request.operation, x, y))


def _refusal(x_text: str, y_text: str | None, limits: Limits) -> CalcError:
    """Why the operands are refused; raises `NoRequest` if any of them is no number, whatever the other is."""
    refused: list[CalcError] = []
    for name, text in (("operator_1", x_text), ("operator_2", y_text)):
        try:
            _parse_optional(text, limits)
        except CalcError as error:
            if error.code in _NO_NUMBER:
                raise NoRequest("operand_not_a_number", f"{name}: {error.message}") from None
            refused.append(CalcError(error.code, f"{name}: {error.message}"))
    return refused[0]


def _parse_optional(text: str | None, limits: Limits) -> Number | None:
    return None if text is None else parse_number(text, limits)
