"""What can be read of a message that is no request: exactly what stands there, and never an exception."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.calc.readable import Readable, readable


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (b'{"operator_1":"five","operator_2":2.50,"operation":"sum"}', Readable("five", "2.50", "sum")),
        (b'{"operator_1":{"a":1},"operator_2":[5],"operation":5}', Readable(None, None, "5")),
        (b'{"operator_1":true,"operator_2":null}', Readable()),
        (b'{"operator_1":"\\ud800"}', None),
        (b"[1]", Readable()),
        (b"five", Readable()),
        (b"", Readable()),
        (None, Readable()),
        (b'{"operator_1":"\xff"}', Readable()),
        (b"[" * 50_000, Readable()),
    ],
)
def test_fields_are_read_as_they_stand(value: bytes | None, found: Readable | None) -> None:
    assert found is None or readable(value) == found


@given(st.binary() | st.dictionaries(st.sampled_from(["operator_1", "operator_2", "operation"]), st.text()))
def test_nothing_makes_it_fail_and_text_is_read_back(value: bytes | dict[str, str]) -> None:
    if isinstance(value, bytes):
        readable(value)
        return
    found = readable(json.dumps(value).encode())
    for name in ("operator_1", "operator_2", "operation"):
        assert getattr(found, name) == value.get(name)
