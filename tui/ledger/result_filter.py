"""Which results a person wants to see: a line of words, all of which must hold, made into one question."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tui.ledger.packing import Head, Row, read_head, read_row
from tui.ledger.searching import sought

HELP = "words that must occur, or op:mul  worker:client-1  p:2  key:a  error  again  wait>100ms  run>5ms"

_SECONDS = {"us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0}
_SLOWER = re.compile(r"(wait|run)>(\d+(?:\.\d+)?)(us|µs|ms|s|min)")
_NAMED = re.compile(r"(op|worker|p|key):(.*)", re.DOTALL)
_TAGS = ("op", "worker", "p", "key", "id")
_TAG = re.compile(r"([a-z]+):.*", re.DOTALL)
_PLACE = re.compile(r"p?([0-9]{1,9})@([0-9]{1,18})")
_TAG_CHARS = 11
"""With so many all of the sentence is seen beside the field in 80 columns."""

Test = Callable[[Head], bool]
FullTest = Callable[[Row], bool]


class FilterError(ValueError):
    """A word that means nothing; the message says what may stand there."""


@dataclass(frozen=True, slots=True)
class ResultFilter:
    """Says which results are wanted; `text` is what was typed, "" wants all of them."""

    text: str
    _words: tuple[str, ...]
    _quick: tuple[Test, ...]
    _full: tuple[FullTest, ...]

    def found(self, packed: Sequence[bytes], texts: Sequence[str]) -> Sequence[int]:
        """The indices of those results, packed and as text, of which every word holds, ascending."""
        found: Sequence[int] = range(len(packed))
        for word in self._words:
            found = [index for index in found if word in texts[index]]
        for quick in self._quick:
            found = [index for index in found if quick(read_head(packed[index]))]
        for full in self._full:
            found = [index for index in found if full(read_row(packed[index]))]
        return found


def parsed(text: str) -> ResultFilter:
    """The filter of a line of words; case does not matter. Raises FilterError."""
    words = text.split()
    plain: list[str] = []
    quick: list[Test] = []
    full: list[FullTest] = []
    for word in words:
        if (test := _quick(word)) is not None:
            quick.append(test)
        elif word.startswith("id:"):
            full.append(_id(word.removeprefix("id:")))
        elif (place := _PLACE.fullmatch(word)) is not None:
            quick.append(_partition(place[1]))
            full.append(_offset(int(place[2])))
        elif (tag := _TAG.fullmatch(word)) is not None:
            raise FilterError(f"no tag {tag[1][:_TAG_CHARS]}; only {' '.join(_TAGS)}")
        else:
            plain.append(word)
    return ResultFilter(" ".join(words), tuple(sought(plain)), tuple(quick), tuple(full))


def _quick(word: str) -> Test | None:
    """The test of a word that asks for something in the head; None if it asks for something else."""
    if word == "error":
        return lambda head: head.error is not None
    if word == "again":
        return lambda head: head.attempt > 1
    if (slower := _SLOWER.fullmatch(word)) is not None:
        return _slower(slower[1], float(slower[2]) * _SECONDS[slower[3]])
    if word.startswith(("wait>", "run>")):
        raise FilterError(f"{word}: a time is a number with us, ms, s or min, such as {word[: word.index('>')]}>100ms")
    if (named := _NAMED.fullmatch(word)) is not None:
        return _named(named[1], named[2])
    return None


def _id(value: str) -> FullTest:
    _given("id:", value)
    return lambda row: row.id == value


def _offset(offset: int) -> FullTest:
    return lambda row: row.offset == offset


def _slower(what: str, than_s: float) -> Test:
    def waited(head: Head) -> bool:
        return head.sent_at is not None and head.received_at - head.sent_at > than_s

    def ran(head: Head) -> bool:
        return head.finished_at - head.received_at > than_s

    return waited if what == "wait" else ran


def _named(name: str, value: str) -> Test:
    _given(f"{name}:", value)
    match name:
        case "op":
            return lambda head: head.operation == value
        case "worker":
            return lambda head: head.client_id == value
        case "key":
            key = value.encode()
            return lambda head: head.key == key
        case _:
            return _partition(value)


def _given(name: str, value: str) -> None:
    if not value:
        raise FilterError(f"{name} needs a value, without a blank")


def _partition(value: str) -> Test:
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise FilterError(f"p:{value}: a partition is a number, such as p:2")
    number = int(value)
    return lambda head: head.partition == number
