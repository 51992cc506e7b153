"""A dead letter as the form takes it up: what can be read of it, and in words what cannot. Pure."""

from dataclasses import dataclass

from tui.calc.operations import Operations
from tui.calc.readable import readable
from tui.dashboard.formatting import place
from tui.events import DeadLetterReceived


@dataclass(frozen=True, slots=True)
class Correction:
    """What stands in the form at first: empty where nothing can be read, `operation` None to leave the chosen one.

    `key` is the letter's, its bytes that are no UTF-8 as surrogates; `typed_key` what of it a field can show, None if
    not all. `words` say what is corrected.
    """

    letter: DeadLetterReceived
    x: str
    operation: str | None
    y: str
    key: str | None
    typed_key: str | None
    words: str


def correction(letter: DeadLetterReceived, operations: Operations, most_operand: int, most_key: int) -> Correction:
    """Take up this letter; fields take at most so many characters."""
    found = readable(letter.value)
    x = _typed(found.operator_1, most_operand)
    y = _typed(found.operator_2, most_operand)
    known = found.operation is not None and found.operation in operations.names
    needs_y = not known or operations[found.operation or ""].arity > 1
    missing = [name for name, there in (("x", x), ("operation", known), ("y", y or not needs_y)) if not there]
    words = f"in place of dead letter {place(letter.partition, letter.offset)}"
    if missing:
        words += f"; not to be read: {' '.join(missing)}"
    key = None if letter.key is None else letter.key.decode(errors="surrogateescape")
    return Correction(
        letter=letter,
        x=x or "",
        operation=found.operation if known else None,
        y=y or "",
        key=key,
        typed_key="" if key is None else _typed(key, most_key) or None,
        words=words,
    )


def _typed(text: str | None, most: int) -> str | None:
    """The text if a person could have typed it into a field of so many characters, else None."""
    return text if text is not None and len(text) <= most and text.isprintable() else None
