"""Results as lines for a terminal: everything that came through Kafka is data, and shown as such."""

import time
from typing import TYPE_CHECKING

from tui.calc.json_text import printable

if TYPE_CHECKING:
    from tui.calc.messages import Result
    from tui.calc.operations import Operations


def escaped(text: str) -> str:
    """`text` with every character that a terminal could act on (controls, bidi, line ends) as `\\x1b`."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def json_line(result: "Result") -> str:
    """The result message as JSON on one line, in which a terminal finds nothing to act on either."""
    from tui.calc.messages import encode_result

    return printable(encode_result(result).decode())


def formula(operations: "Operations", operation: str, x: str, y: str | None) -> str:
    """A request as a person writes it ("0.1 + 0.2"), escaped."""
    known = operations.get(operation)
    if known is not None:
        return escaped(known.describe(x, y))
    return escaped(f"{operation}({x})" if y is None else f"{operation}({x}, {y})")


def line(operations: "Operations", result: "Result") -> str:
    """One result on one line: when, who, which request, and the answer."""
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(result.finished_at))
    who = f"{escaped(result.client_id)}  {result.partition}@{result.offset}"
    asked = formula(operations, result.operation, result.operator_1, result.operator_2)
    if result.error is not None:
        return f"{when}  {who}  {asked}  ✖ {escaped(result.error.message)}"
    return f"{when}  {who}  {asked} = {escaped(result.result or '')}"
