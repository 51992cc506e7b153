"""How a request and its answer are written, in the log and in the panes, in as many cells as there are."""

from rich.cells import cell_len

from tui.calc.messages import Result, ResultError
from tui.calc.operations import Operations
from tui.dashboard.formatting import clean, number, signed
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.widgets.drawing import Line, line_cells

_SHORT_WORDS = {
    "division_by_zero": "÷ by zero",
    "too_many_digits": "too long",
    "not_a_number": "no number",
    "not_finite": "not finite",
    "operand_missing": "needs y",
    "unknown_operation": "unknown",
    "out_of_range": "out of range",
    "operation_failed": "failed",
}
_LONGEST_TRIED = 400
"""A formula with longer operands is never shown whole, so it is not even written out."""


def request_text(result: Result, operations: Operations, cells: int, glyphs: Glyphs) -> str:
    """The request as people write it ("5 × 3"); operands too long for `cells` are shortened, each as far as needed."""
    operation = operations.get(result.operation)
    x, y = result.operator_1, result.operator_2
    if operation is None:
        return clean(f"{clean(result.operation, 12, glyphs)} {x[:cells]} {(y or '')[:cells]}".rstrip(), cells, glyphs)
    if operation.arity == 1:
        y = None
    if len(x) + len(y or "") < _LONGEST_TRIED:
        x_text = clean(x, cells, glyphs)
        y_text = None if y is None else clean(y, cells, glyphs)
        text = signed(operation.describe(x_text, y_text, ascii=glyphs.ascii), glyphs)
        whole = clean(text, cells, glyphs)
        if whole == text and x_text in (x, signed(x, glyphs)):
            return whole
    frame = len(operation.describe("", None if y is None else "", ascii=glyphs.ascii))
    room = max(1, cells - frame - (2 if x.startswith("-") else 0))
    x_cells, y_cells = shared(len(x), len(y or ""), room)
    x_text = operand(x, x_cells, glyphs)
    y_text = None if y is None else operand(y, y_cells, glyphs)
    return clean(signed(operation.describe(x_text, y_text, ascii=glyphs.ascii), glyphs), cells, glyphs)


def operand(text: str, cells: int, glyphs: Glyphs) -> str:
    """An operand or a result in at most `cells` cells, with the minus as it stands on the wire."""
    return number(text, cells, glyphs).replace(glyphs.minus, "-")


def answer_line(result: Result, cells: int, glyphs: Glyphs) -> Line:
    """The answer, or what went wrong: `✖ division by zero`."""
    if result.error is not None:
        return ((clean(f"{glyphs.failed} {_error_words(result.error, cells - 2, glyphs)}", cells, glyphs), "error"),)
    if result.result is None:
        return ((glyphs.nothing, "muted"),)
    return ((number(result.result, cells, glyphs), "strong"),)


def _error_words(error: ResultError, cells: int, glyphs: Glyphs) -> str:
    """What went wrong, in the short words of its kind where the message has no room."""
    message = error.message
    if cell_len(message[:_LONGEST_TRIED]) <= cells or error.code not in _SHORT_WORDS:
        return message
    short = _SHORT_WORDS[error.code]
    return short.replace("÷", "/") if glyphs.ascii else short


def request_and_answer(result: Result, operations: Operations, cells: int, glyphs: Glyphs) -> tuple[str, Line]:
    """Both in at most `cells` cells together; where one is short the other has its room."""
    request = request_text(result, operations, cells, glyphs)
    answer = answer_line(result, cells, glyphs)
    left, right = shared(cell_len(request), line_cells(answer), cells)
    if left < cell_len(request):
        request = request_text(result, operations, left, glyphs)
    if right < line_cells(answer):
        answer = answer_line(result, right, glyphs)
    return request, answer


def shared(left: int, right: int, cells: int) -> tuple[int, int]:
    """How two texts that want `left` and `right` cells share `cells`: what one leaves over is the other's."""
    half = cells // 2
    if left <= half:
        return left, min(right, cells - left)
    if right <= cells - half:
        return min(left, cells - right), right
    return half, cells - half
