"""Values for the requests topic by kind: a few good ones, and every way we know to spoil one."""

import json
from collections.abc import Callable
from random import Random
from typing import NamedTuple

from tui.calc.messages import MAX_REQUEST_BYTES

NAMES = ("sum", "sub", "mul", "div", "mod", "pow", "diff", "min", "max", "gcd", "lcm", "neg", "abs", "sqrt", "fact")
FIELDS = ("operator_1", "operator_2", "operation", "id")
HUGE_BYTES = 1_500_000

RESULT = "result"
ERROR = "error"
DEAD_LETTER = "dead letter"


class Outcome(NamedTuple):
    """What comes of a message: a result and its text, an error and its code, or a dead letter and its reason."""

    kind: str
    text: str


class Value(NamedTuple):
    """A value and what must come of it; None if anything that is well-formed may."""

    value: bytes | None
    must: Outcome | None = None


Make = Callable[[Random], Value]


def _dumped(fields: object) -> bytes:
    return json.dumps(fields).encode()


def _request(chance: Random, **changed: object) -> dict[str, object]:
    fields: dict[str, object] = {
        "operator_1": str(chance.randrange(-999, 999)),
        "operator_2": chance.choice([str(chance.randrange(1, 999)), chance.randrange(-9, 9), 2.5, None]),
        "operation": chance.choice(NAMES),
        "id": chance.choice([f"id-{chance.randrange(1 << 40)}", chance.randrange(1 << 70), "", "ключ", None]),
    }
    return fields | changed


def _valid(chance: Random) -> Value:
    x, y = chance.randrange(-(10**12), 10**12), chance.randrange(10**12)
    operation, found = chance.choice([("sum", x + y), ("sub", x - y), ("mul", x * y), ("min", min(x, y))])
    fields = _request(chance, operator_1=chance.choice([x, str(x)]), operator_2=str(y), operation=operation)
    return Value(_dumped(fields), Outcome(RESULT, str(found)))


def _hostile(chance: Random) -> Value:
    """Requests that would cost time or memory, if they were not refused before they are computed."""
    digits = "9" * chance.randrange(5_001, 6_001)
    x, operation, y, code = chance.choice(
        [
            ("9", "pow", "387420489", "too_many_digits"),
            ("1000000000", "fact", None, "too_many_digits"),
            ("-1", "sqrt", None, "domain"),
            ("1", "div", "0", "division_by_zero"),
            ("1e999999999", "sum", "1", "too_many_digits"),
            (f"1e{'9' * chance.randrange(1, 5_000)}9999", "neg", None, "too_many_digits"),
            ("9" * 10_001, "abs", None, "too_many_digits"),
            (digits, "mul", digits, "too_many_digits"),
            ("0.5", "gcd", "3", "domain"),
            ("1", chance.choice(["", "SUM", "__import__", "\x1b[2J", "sum\0", "9" * 9_999]), "1", "unknown_operation"),
        ]
    )
    return Value(_dumped(_request(chance, operator_1=x, operation=operation, operator_2=y)), Outcome(ERROR, code))


def _costly(chance: Random) -> Value:
    """Requests near the bounds of what is computed."""
    digits = chance.choice("123456789") * chance.randrange(1, 10_001)
    point = chance.randrange(len(digits) + 1)
    fraction = f"{digits[:point]}.{digits[point:]}"
    operation = chance.choice(["sqrt", "fact", "div", "mod", "gcd", "lcm", "pow", "sum"])
    x, y = chance.choice([digits, fraction, "0.1", "2"]), chance.choice([digits, fraction, "1e-9999", "3", "-7.5"])
    return Value(_dumped(_request(chance, operator_1=x, operation=operation, operator_2=y)))


def _noise(chance: Random) -> Value:
    noise = chance.randbytes(chance.randrange(1, 300))
    return Value(noise if chance.random() < 0.5 else bytes(byte & 0x7F for byte in noise))


def _mutilated(chance: Random) -> Value:
    """A good request that lost, gained or changed some bytes."""
    value = bytearray(_dumped(_request(chance)))
    other = _dumped(_request(chance))
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(len(value) + 1)
        match chance.randrange(6):
            case 0:
                del value[at:]
            case 1 if at < len(value):
                value[at] ^= 1 << chance.randrange(8)
            case 2:
                value *= 2
            case 3:
                value[at:] = other[chance.randrange(len(other)) :]
            case 4:
                value[at:at] = chance.choice([b"\\", b'"', b"\x00", b"{", b"\xff", b",", b"\\ud83d", b"\\q"])
            case _:
                del value[at : at + chance.randrange(1, 9)]
    return Value(bytes(value))


def _wrong_type(chance: Random) -> Value:
    found = chance.choice([True, False, [], {}, ["5"], {"a": {"b": [1]}}, None, -0.0, 1e300, 2**400, ""])
    return Value(_dumped(_request(chance, **{chance.choice(FIELDS): found})))


def _missing(chance: Random) -> Value:
    fields = _request(chance)
    for name in chance.sample(FIELDS, chance.randrange(1, 5)):
        del fields[name]
    return Value(_dumped(fields))


def _no_number(chance: Random) -> Value:
    # The other operand is none of those refused for another reason, so that it is always this one which decides.
    text = chance.choice(
        ["NaN", "sNaN1", "-Infinity", "inf", "five", "５", "0x10", "1_000", "", " ", "1 2", "--1", "١"]
    )
    fields = _request(chance, operator_1=text, operation=chance.choice(NAMES), id="n")
    return Value(_dumped(fields), Outcome(DEAD_LETTER, "operand_not_a_number"))


def _no_json_number(chance: Random) -> Value:
    token = chance.choice(["NaN", "Infinity", "-Infinity", "01", "+1", ".5", "1.", "1e", "0x1", "１", "- 1"])
    value = f'{{"operator_1": {token}, "operator_2": 1, "operation": "sum"}}'
    return Value(value.encode(), Outcome(DEAD_LETTER, "not_json"))


def _json_number(chance: Random) -> Value:
    token = chance.choice(["1e999999999", "-1E+99999", "1e10000", "9" * 10_001, "1e-999999999999999999999"])
    value = f'{{"operator_1": {token}, "operator_2": 1, "operation": "sum"}}'
    return Value(value.encode(), Outcome(ERROR, "too_many_digits"))


def _twice(chance: Random) -> Value:
    """Keys that come twice; the last counts."""
    x = chance.randrange(1_000)
    first = chance.choice(["[]", "null", '"x"', "true", "1e99999", '"\\u0000"'])
    names = '"operation": "sum", "operator_2": "1"'
    return Value(f'{{"operator_1": {first}, {names}, "operator_1": "{x}"}}'.encode(), Outcome(RESULT, str(x + 1)))


def _text(chance: Random) -> Value:
    """Surrogates, control characters, markup and marks, in any field or as a key."""
    nasty = chance.choice(
        ["\\ud800", "\\udfff\\ud800", "\\u0000", "\\u001b[31m", "\x1b", "\n", "\u202e", "[b]", "\x7f"]
    )
    name = chance.choice([*FIELDS, "other"])
    value = _dumped(_request(chance) | {name: "@@"}).replace(b"@@", nasty.encode())
    return Value(value if chance.random() < 0.8 else value.replace(name.encode(), nasty.encode()))


def _not_utf8(chance: Random) -> Value:
    bad = chance.choice([b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xe2\x82", b"\x80"])
    value = _dumped(_request(chance) | {chance.choice([*FIELDS, "other"]): "@@"})
    return Value(value.replace(b"@@", bad), Outcome(DEAD_LETTER, "not_utf8"))


def _marked(chance: Random) -> Value:
    """A byte order mark, or another encoding altogether."""
    text = _dumped(_request(chance)).decode()
    encoding = chance.choice(["utf-8-sig", "utf-16-le", "utf-16-be", "utf-32-le"])
    return Value(text.encode(encoding), Outcome(DEAD_LETTER, "not_json"))


def _deep(chance: Random) -> Value:
    depth = chance.randrange(1, 30_000)
    opening, closing = chance.choice([("[", "]"), ('{"a":', "}")])
    inside = opening * (depth // len(opening)) + chance.choice(["", "1"]) + closing * chance.choice([0, depth // 2])
    return Value(chance.choice([inside, f'{{"other": {inside}, "operator_1": 1, "operation": "neg"}}']).encode())


def _no_object(chance: Random) -> Value:
    value = chance.choice(["[1, 2]", '"sum"', "5", "null", "true", "[]", "-0", '""', "[{}]"])
    return Value(value.encode(), Outcome(DEAD_LETTER, "not_an_object"))


def _long_id(chance: Random) -> Value:
    chars = chance.choice([256, 257, 10_000])
    fields = _request(chance, operator_1="1", operator_2="2", operation="sum", id=chance.choice("iж7") * chars)
    must = Outcome(RESULT, "3") if chars == 256 else Outcome(DEAD_LETTER, "too_large")
    return Value(json.dumps(fields, ensure_ascii=False).encode(), must)


def _near_limit(chance: Random) -> Value:
    """A good request filled up to a few bytes around the limit."""
    size = MAX_REQUEST_BYTES + chance.randrange(-2, 3)
    head = b'{"operator_1": "1", "operator_2": "2", "operation": "sum", "other": "'
    value = head + b"x" * (size - len(head) - 2) + b'"}'
    return Value(value, Outcome(RESULT, "3") if size <= MAX_REQUEST_BYTES else Outcome(DEAD_LETTER, "too_large"))


def _huge(chance: Random) -> Value:
    size = chance.randrange(MAX_REQUEST_BYTES + 1, HUGE_BYTES)
    return Value((chance.choice([b"[", b"9", b"\xff", b'{"a":']) * size)[:size], Outcome(DEAD_LETTER, "too_large"))


def _null(_: Random) -> Value:
    return Value(None, Outcome(DEAD_LETTER, "null_value"))


def _empty(chance: Random) -> Value:
    return Value(chance.choice([b"", b" ", b"\n\n", b"\x00"]), Outcome(DEAD_LETTER, "not_json"))


KINDS: dict[str, tuple[float, Make]] = {
    "valid": (200, _valid),
    "hostile": (60, _hostile),
    "costly": (5, _costly),
    "noise": (80, _noise),
    "mutilated": (200, _mutilated),
    "wrong type": (80, _wrong_type),
    "field missing": (50, _missing),
    "no number": (40, _no_number),
    "no JSON number": (30, _no_json_number),
    "JSON number": (10, _json_number),
    "key twice": (30, _twice),
    "nasty text": (60, _text),
    "not UTF-8": (30, _not_utf8),
    "marked": (20, _marked),
    "deep": (10, _deep),
    "no object": (20, _no_object),
    "long id": (10, _long_id),
    "near the limit": (2, _near_limit),
    "huge": (0.1, _huge),
    "null": (30, _null),
    "empty": (20, _empty),
}
"""By name: how often, relative to the others, and what makes one."""
