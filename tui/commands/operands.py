"""`X [Y] OPERATION` as typed after `kcalc send`: which word is what, and what is wrong with it."""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.calc.operations import Operations

OPTIONS = (
    "--times",
    "--key",
    "--partition",
    "--no-wait",
    "--timeout",
    "--config",
    "--bootstrap-servers",
    "--json",
)


class NotARequest(ValueError):
    """The words are no request; the text says what was found and what is allowed."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be sent. `y` is None for an operation of one operand."""

    x: str
    y: str | None
    operation: str


def asked(words: list[str], operations: "Operations") -> Asked:
    """The request in `words`; NotARequest otherwise. The operands stay the text that was typed."""
    for word in words:
        if word.startswith("--") or (word.startswith("-") and not word[1:2].isdigit() and word[1:2] != "."):
            raise NotARequest(f"there is no option {word!r}{_guess(word.partition('=')[0], OPTIONS)}")
    *operands, name = words
    operation = operations.get(name)
    if operation is None:
        named = next((word for word in operands if word in operations), None)
        hint = f"; the operation comes last: … {named}" if named else _guess(name, operations.names)
        raise NotARequest(f"{name!r:.80} is no operation{hint}; operations: {', '.join(operations.names)}")
    if len(operands) != operation.arity:
        usage = "X" if operation.arity == 1 else "X Y"
        raise NotARequest(f"{name} takes {usage}, found {len(operands)} operands: kcalc send {usage} {name}")
    for operand in operands:
        _check_number(operand, operations)
    return Asked(operands[0], operands[1] if operation.arity == 2 else None, name)


def _check_number(text: str, operations: "Operations") -> None:
    from tui.calc.numbers import CalcError, parse_number

    try:
        parse_number(text, operations.limits)
    except CalcError as error:
        raise NotARequest(str(error)) from None


def _guess(word: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(word, known, n=1)
    return f" (did you mean {near[0]}?)" if near else ""
