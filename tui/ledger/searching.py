"""What can be searched of a result, and what is typed to find it, in the same letters: 7 × 2 is found by `7 * 2`."""

import re
from collections.abc import Sequence

from tui.calc.operations import Operations
from tui.events import ReceivedResult

_SIGNS = str.maketrans({"−": "-", "×": "*", "÷": "/", "√": "sqrt("})
_ALONE = ("+", "-", "*", "/", "^")
"""What a person may type as a word of its own. Most of it stands in every id, too, so it is sought behind its mark."""
_APART, _MARK, _X, _Y = "\x1f", "\x1e", "\x1d", "\x1c"
"""All of them are blanks, which no word contains: between parts, before a sign, and in place of the operands."""
_OPERAND = r"(?:[(|]*-?[0-9.]+(?:e[+-]?[0-9]+)?[)|!]*|\?)"
_FORMULA = re.compile(rf"(?<!\S)({_OPERAND}) ([-+*/^=]|mod) (?={_OPERAND}(?!\S))")

_Frame = tuple[str, str, str | None, str]


def sought(words: Sequence[str]) -> list[str]:
    """What must occur in the text of a result for these words; those of a formula (`7 + 2`) as one, and its sign."""
    typed = _folded(" ".join(words))
    signs = [_MARK + word for word in typed.split() if word in _ALONE]
    return [word for word in _FORMULA.sub(r"\1\2", typed).split() if word not in _ALONE] + signs


def _folded(text: str) -> str:
    """`text` without case, its signs as they are written in ASCII."""
    text = text.casefold()
    return text if text.isascii() else text.replace("√(", "√").translate(_SIGNS)


class Searchable:
    """Makes that text of results whose `operations` are written as these."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations
        self._frames: dict[tuple[str, bool], _Frame] = {}

    def text_of(self, received: ReceivedResult) -> str:
        """Everything of a result that a person can read in the log, for `sought`.

        Request and answer stand in it as in the log but without blanks: `7+2=9`.
        """
        result = received.result
        error = result.error
        before, between, after, signs = self._frame(result.operation, result.operator_1.startswith("-"))
        y = "" if after is None else f"{'?' if result.operator_2 is None else result.operator_2}{after}"
        answer = "" if result.result is None else f"={result.result}"
        request = f"{before}{result.operator_1}{between}{y}{answer}{signs}"
        parts = (request, result.operation, result.client_id, result.id)
        return _folded(_APART.join((*parts, error.code, error.message) if error else parts))

    def _frame(self, name: str, negative: bool) -> _Frame:
        """What stands before, between and behind the operands (None: there is but one), and the signs that stand
        alone; `negative` if x is."""
        if (frame := self._frames.get((name, negative))) is None:
            operation = self._operations.get(name)
            if operation is None:  # anybody's word, so it is not remembered
                return "", _APART, "", ""
            x = f"-{_X}" if negative else _X
            written = operation.describe(x, _Y, ascii=True)
            before, _, rest = written.replace(" ", "").partition(x)
            between, _, after = rest.partition(_Y)
            signs = "".join(_MARK + word for word in written.split(" ") if word in _ALONE)
            frame = self._frames[name, negative] = before, between, after if operation.arity > 1 else None, signs
        return frame
