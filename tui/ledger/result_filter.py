"""Which results a person wants to see: a line of words, all of which must hold, made into one question."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from tui.calc.messages import Result
from tui.events import ReceivedResult

HELP = "words that must occur, or op:mul  worker:client-1  p:2  key:a  error  again  wait>100ms  run>5ms"

_SECONDS = {"us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0}
_SLOWER = re.compile(r"(wait|run)>(\d+(?:\.\d+)?)(us|µs|ms|s|min)")
_NAMED = re.compile(r"(op|worker|p|key|id):(.*)", re.DOTALL)

Test = Callable[[ReceivedResult], bool]


class FilterError(ValueError):
    """A word that means nothing; the message says what may stand there."""


@dataclass(frozen=True, slots=True)
class ResultFilter:
    """`matches` says of one result whether it is wanted; `text` is what was typed, "" wants all of them."""

    text: str
    _tests: tuple[Test, ...]

    def matches(self, received: ReceivedResult) -> bool:
        """True if every word holds."""
        return all(test(received) for test in self._tests)


def parsed(text: str) -> ResultFilter:
    """The filter of a line of words; case does not matter. Raises FilterError."""
    words = text.split()
    return ResultFilter(" ".join(words), tuple(_test(word) for word in words))


def _test(word: str) -> Test:
    if word == "error":
        return lambda received: received.result.error is not None
    if word == "again":
        return lambda received: received.result.attempt > 1
    if (slower := _SLOWER.fullmatch(word)) is not None:
        return _slower(slower[1], float(slower[2]) * _SECONDS[slower[3]])
    if word.startswith(("wait>", "run>")):
        raise FilterError(f"{word}: a time is a number with us, ms, s or min, such as {word[: word.index('>')]}>100ms")
    if (named := _NAMED.fullmatch(word)) is not None:
        return _named(named[1], named[2])
    wanted = word.casefold()
    return lambda received: any(wanted in part.casefold() for part in _parts(received.result))


def _slower(what: str, than_s: float) -> Test:
    def waited(received: ReceivedResult) -> bool:
        result = received.result
        return result.sent_at is not None and result.received_at - result.sent_at > than_s

    def ran(received: ReceivedResult) -> bool:
        return received.result.finished_at - received.result.received_at > than_s

    return waited if what == "wait" else ran


def _named(name: str, value: str) -> Test:
    if not value:
        raise FilterError(f"{name}: is to be followed by what is looked for, without a blank")
    match name:
        case "op":
            return lambda received: received.result.operation == value
        case "worker":
            return lambda received: received.result.client_id == value
        case "id":
            return lambda received: received.result.id == value
        case "key":
            key = value.encode()
            return lambda received: received.key == key
        case _:
            return _partition(value)


def _partition(value: str) -> Test:
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise FilterError(f"p:{value}: a partition is a number, such as p:2")
    number = int(value)
    return lambda received: received.result.partition == number


def _parts(result: Result) -> tuple[str, ...]:
    """Everything of a result that a person can read in the log."""
    error = result.error
    return (
        result.operator_1,
        result.operation,
        result.operator_2 or "",
        result.result or "",
        result.client_id,
        result.id,
        f"{error.code} {error.message}" if error else "",
    )
