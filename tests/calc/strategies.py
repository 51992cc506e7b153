"""Numbers, texts and messages for the tests of calc."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from hypothesis import strategies as st

from tui.calc.messages import NoRequest, NoResult
from tui.calc.numbers import CalcError, Limits, Number, parse_number

Refusal = CalcError | NoRequest | NoResult
_Found = TypeVar("_Found")


def tried(compute: Callable[[], _Found]) -> _Found | Refusal:
    """What `compute` returns, or the refusal it raises."""
    try:
        return compute()
    except (CalcError, NoRequest, NoResult) as refusal:
        return refusal


def shortly(value: object) -> str:
    """A test's name for a value that may be a million digits long."""
    if isinstance(value, int) and value.bit_length() > 64:
        return f"{value.bit_length()} bits"
    return ascii(value)[:40]


SMALL = Limits(max_digits=50, division_digits=10)

decimal_texts = st.from_regex(r"[+-]?([0-9]{1,25}(\.[0-9]{0,25})?|\.[0-9]{1,25})([eE][+-]?[0-9]{1,3})?", fullmatch=True)
"""Texts that are numbers, many of them beyond the digits of SMALL."""


@st.composite
def numbers(draw: st.DrawFn, digits: int = 12) -> Number:
    """Whole numbers and fractions, small ones and round ones more often than chance has them."""
    coefficient = draw(st.one_of(st.integers(-12, 12), st.integers(-(10**digits), 10**digits)))
    return parse_number(str(Decimal(coefficient).scaleb(draw(st.integers(-digits, digits // 2)))))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3),
    max_leaves=8,
)
field_names = st.sampled_from(["operator_1", "operator_2", "operation", "id", "other"])
json_requests = st.dictionaries(field_names, json_values, max_size=5).map(lambda fields: json.dumps(fields).encode())
"""JSON objects with the keys of a request and any values."""


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A good request with some of its bytes replaced, removed or repeated."""
    value = bytearray(b'{"operator_1": "5", "operator_2": 2.5, "operation": "sum", "id": "a\\u00e9\xc3\xa9"}')
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(value)))
        end = draw(st.integers(start, min(start + 4, len(value))))
        value[start:end] = draw(st.binary(max_size=4) | st.just(bytes(value[start:end]) * 2))
    return bytes(value)


messages = st.one_of(st.none(), st.binary(max_size=80), json_requests, mutated())
"""Whatever may stand on a requests topic."""
