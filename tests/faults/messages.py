"""What a run sends: request `number` and the answer it must get, computed here anew and not by the product."""

import json
import random
from dataclasses import dataclass

KEYS = 64
NUMBER = "run-number"
"""The header that says which request of its run a message is."""

Headers = tuple[tuple[str, bytes | None], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The result that a request must get: `result`, or the code of an `error`."""

    result: str | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Message:
    """One request as it is sent. `id` is None if it has none, `answer` is None if it must become a dead letter."""

    number: int
    key: bytes | None
    value: bytes | None
    headers: Headers
    partition: int
    id: str | None
    fields: tuple[str, str | None, str] | None
    answer: Answer | None


def message(run: str, number: int, partitions: int) -> Message:
    """Request `number` of a run: always the same. Some have no key, no id, or are no requests at all."""
    lot = number * 2_654_435_761 % 1_000  # Knuth's multiplier: neighbours differ
    key = None if lot % 16 == 5 else f"key-{number % KEYS}".encode()
    partition = number % KEYS % partitions
    headers: Headers = ((NUMBER, str(number).encode()),)
    if lot < 10:
        return Message(number, key, _garbage(run, number), _odd_headers(number, headers), partition, None, None, None)
    request_id = None if lot < 40 else f"{run}-{number}"
    fields, answer = _asked(number, lot)
    names = ("operator_1", "operator_2", "operation")
    value = {name: text for name, text in zip(names, fields, strict=True) if text is not None}
    if request_id is not None:
        value["id"] = request_id
    return Message(number, key, json.dumps(value).encode(), headers, partition, request_id, fields, answer)


def _asked(number: int, lot: int) -> tuple[tuple[str, str | None, str], Answer]:
    """Operands and operation as text, and the answer to them."""
    x, y = number, lot - 500
    if lot < 50:
        return (str(x), "0", "div"), Answer(None, "division_by_zero")
    if lot < 60:
        return (str(x), str(y), "no such operation"), Answer(None, "unknown_operation")
    match number % 5:
        case 0:
            return (str(x), str(y), "sum"), Answer(str(x + y), None)
        case 1:
            return (str(x), str(y), "sub"), Answer(str(x - y), None)
        case 2:
            return (str(x), str(y), "mul"), Answer(str(x * y), None)
        case 3:
            return (str(x), str(y), "diff"), Answer(str(abs(x - y)), None)
        case _:
            return (str(y), None, "neg"), Answer(str(-y), None)


def _garbage(run: str, number: int) -> bytes | None:
    chance = random.Random(f"{run} {number}")
    noise = chance.randbytes(chance.randrange(1, 200))
    return [
        None,
        b"",
        b"\xff" + noise,
        b'{"operator_1": "1", "operation"',
        b"[1, 2]",
        b'{"operator_1": "x1", "operator_2": "2", "operation": "sum"}',
    ][number % 6]


def _odd_headers(number: int, headers: Headers) -> Headers:
    odd: Headers = (("kcalc-dlq-reason", b"not ours"), ("twice", b"\x00\xff"), ("twice", None), ("", b""))
    return headers + odd[: number % 5]
