"""What a record of the results or dead-letter topic says, and whether it may say that of a message."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.faults.stored import Stored
from tests.fuzz.malformed import Malformed
from tests.fuzz.values import DEAD_LETTER, ERROR, RESULT, Outcome
from tui.calc.messages import NoResult, Result, decode_result, encode_result
from tui.calc.numbers import CalcError, parse_number

REASONS = {"null_value", "too_large", "not_utf8", "not_json", "not_an_object", "no_operation", "operand_missing"} | {
    "wrong_type",
    "operand_not_a_number",
}
SAID = ("reason", "message", "topic", "partition", "offset", "timestamp", "client-id", "request-id")
"""The headers that a dead letter has after those of its message, in this order, each with `kcalc-dlq-` before it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer: the place it answers, what it is, and what is wrong with it as the answer to a message."""

    place: tuple[int, int]
    outcome: Outcome
    wrong: Callable[[Malformed, int | None], Iterator[str]]


def result(stored: Stored, requests_topic: str) -> Reading | None:
    """A record of the results topic; None if it is no result."""
    try:
        found = decode_result(stored.value)
    except NoResult:
        return None

    def wrong(message: Malformed, timestamp_ms: int | None) -> Iterator[str]:
        if encode_result(found) != stored.value:
            yield "another result when encoded again"
        if (found.result is None) == (found.error is None) or not _is_number(found.result):
            yield "neither a number nor an error"
        if timestamp_ms is not None and found.sent_at != timestamp_ms / 1_000:
            yield f"not sent at {timestamp_ms} ms"
        if not _answers(found, message.value, f"{requests_topic}/{found.partition}/{found.offset}"):
            yield "the answer to another question"

    outcome = Outcome(RESULT, found.result or "") if found.error is None else Outcome(ERROR, found.error.code)
    return Reading((found.partition, found.offset), outcome, wrong)


def dead_letter(stored: Stored, requests_topic: str) -> Reading | None:
    """A record of the dead-letter topic; None if it does not say where it comes from."""
    added = dict(stored.headers[-len(SAID) :])
    said = {name: (added.get(f"kcalc-dlq-{name}") or b"").decode(errors="replace") for name in SAID}
    if len(added) < len(SAID) or not all(said.values()):
        return None
    if not said["partition"].isdecimal() or not said["offset"].isdecimal():
        return None

    def wrong(message: Malformed, timestamp_ms: int | None) -> Iterator[str]:
        if stored.value != message.value:
            yield "another value"
        if stored.headers[: -len(SAID)] != message.headers:
            yield "other headers"
        if said["reason"] not in REASONS or said["topic"] != requests_topic:
            yield "an unknown reason or another topic"
        if timestamp_ms is not None and said["timestamp"] != str(timestamp_ms):
            yield f"not sent at {timestamp_ms} ms"

    return Reading((int(said["partition"]), int(said["offset"])), Outcome(DEAD_LETTER, said["reason"]), wrong)


def _is_number(text: str | None) -> bool:
    try:
        if text is not None:
            parse_number(text)
    except CalcError:
        return False
    return True


def _answers(found: Result, value: bytes | None, place: str) -> bool:
    """Whether Python's own JSON reads that question in the value, too."""
    try:
        fields = json.loads((value or b"").decode(), parse_int=str, parse_float=str)
    except RecursionError:
        return True  # in a field that nobody reads: msgspec goes deeper
    except ValueError:
        return False
    if not isinstance(fields, dict):
        return False
    asked = tuple(fields.get(name) for name in ("operator_1", "operator_2", "operation"))
    return (found.operator_1, found.operator_2, found.operation) == asked and found.id == (fields.get("id") or place)
