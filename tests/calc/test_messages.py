"""Requests and results on the wire: what is read, what is refused and why."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.calc.strategies import messages, shortly, tried
from tui.calc.messages import (
    MAX_RESULT_BYTES,
    NoRequest,
    NoResult,
    Request,
    Result,
    ResultError,
    decode_request,
    decode_result,
    encode_request,
    encode_result,
    request_id,
)

texts = st.text(st.characters(codec="utf-8"), max_size=60)
requests = st.builds(Request, texts, st.none() | texts, texts, st.none() | texts.filter(bool))
times = st.floats(0, 4e9)
results = st.builds(
    Result,
    *(
        texts,
        texts,
        st.none() | texts,
        texts,
        st.none() | texts,
        st.none() | st.builds(ResultError, texts, texts),
    ),
    *(texts, st.integers(0, 2**31 - 1), st.integers(0, 2**63 - 1), st.integers(1, 99), times, times),
)


def reason(value: bytes | None) -> str:
    with pytest.raises(NoRequest) as refused:
        decode_request(value)
    assert len(refused.value.message) <= 120
    assert str(refused.value) == refused.value.message
    return refused.value.reason


@pytest.mark.parametrize(
    ("value", "request_"),
    [
        (b'{"operator_1": "5", "operator_2": "2", "operation": "sum"}', Request("5", "2", "sum")),
        (b'{"operator_1": 5, "operator_2": 0.10, "operation": "sum"}', Request("5", "0.10", "sum")),
        (b'{"operator_1": -1e3, "operator_2": "2", "operation": "sum"}', Request("-1e3", "2", "sum")),
        (b'{"operator_1": "16", "operation": "sqrt"}', Request("16", None, "sqrt")),
        (b'{"operator_1": "16", "operator_2": null, "operation": "sqrt"}', Request("16", None, "sqrt")),
        (b'{"operator_1": "16", "operation": "sqrt", "id": "a"}', Request("16", None, "sqrt", "a")),
        (b'{"operator_1": "16", "operation": "sqrt", "id": null}', Request("16", None, "sqrt")),
        (b'{"operator_1": "16", "operation": "sqrt", "id": ""}', Request("16", None, "sqrt")),
        (b'{"operator_1": "16", "operation": "sqrt", "id": 42}', Request("16", None, "sqrt", "42")),
        (b'{"operator_1": "16", "operation": "sqrt", "id": -7}', Request("16", None, "sqrt", "-7")),
        (b'{"operator_1": 5, "operation": "fact", "id": "\\u00e9"}', Request("5", None, "fact", "é")),
        (b' \n{"operation":"nosuch","operator_1":"x","more":[{}]} ', Request("x", None, "nosuch")),
        (b'{"operator_1":"1","operator_1":"2","operation":"neg"}', Request("2", None, "neg")),
        (b'{"operator_1":1,"operator_1":2,"operation":"neg","operation":"abs"}', Request("2", None, "abs")),
        (b'{"operator_1": "NaN", "operation": "neg"}', Request("NaN", None, "neg")),
    ],
    ids=shortly,
)
def test_a_request_is_read_as_the_text_that_was_sent(value: bytes, request_: Request) -> None:
    assert decode_request(value) == request_


def test_a_json_number_keeps_every_digit() -> None:
    digits = "0." + "1234567890" * 40
    value = b'{"operator_1": %b, "operation": "neg"}' % digits.encode()
    assert decode_request(value).operator_1 == digits
    huge = b"9" * 9000
    value = b'{"operator_1": %b, "operator_2": 1e999999, "operation": "sum"}' % huge
    assert decode_request(value) == Request(huge.decode(), "1e999999", "sum")


GOOD = b'{"operator_1": "5", "operator_2": "2", "operation": "sum"%b}'


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "null_value"),
        (b"", "not_json"),
        (b"garbage", "not_json"),
        (b"\x00", "not_json"),
        (b'{"operator_1": "5", ', "not_json"),
        (GOOD % b"" + b"x", "not_json"),
        (b"\xef\xbb\xbf" + GOOD % b"", "not_json"),
        (b'{"operator_1": NaN, "operation": "neg"}', "not_json"),
        (b'{"operator_1": Infinity, "operation": "neg"}', "not_json"),
        (b'{"operator_1": 01, "operation": "neg"}', "not_json"),
        (b'{"operator_1": 1.2.3, "operation": "neg"}', "not_json"),
        (b'{"operator_1": "\x00", "operation": "neg"}', "not_json"),
        (b'{"operator_1": "\x1b[31m", "operation": "neg"}', "not_json"),
        (b'{"operator_1": "\\ud800", "operation": "neg"}', "not_json"),
        (b'{"operator_1": 5, "operation": "\\ud800"}', "not_json"),
        (b'{"operator_1": 5, "operation": "\\ud800\\u0041"}', "not_json"),
        (b'{"operator_1": 5, "operation": "\\udc00"}', "not_json"),
        (b"[" * 60_000, "not_an_object"),
        (b'{"a":' * 10_000, "not_json"),
        (b'{"operator_1":' + b"[" * 20_000 + b"]" * 20_000 + b"}", "not_json"),
        (b"[]", "not_an_object"),
        (b'["5", "2", "sum"]', "not_an_object"),
        (b"null", "not_an_object"),
        (b"7", "not_an_object"),
        (b'"sum"', "not_an_object"),
        (b"{}", "no_operation"),
        (b'{"operator_1": "5", "operator_2": "2"}', "no_operation"),
        (b'{"operator_1": "5", "operator_2": "2", "operation": null}', "no_operation"),
        (b'{"operation": "sum"}', "operand_missing"),
        (b'{"operator_1": null, "operator_2": "2", "operation": "sum"}', "operand_missing"),
        (b'{"operator_1": "5", "operator_2": "2", "operation": 7}', "wrong_type"),
        (b'{"operator_1": "5", "operator_2": "2", "operation": ["sum"]}', "wrong_type"),
        (b'{"operator_1": true, "operator_2": "2", "operation": "sum"}', "wrong_type"),
        (b'{"operator_1": [5], "operator_2": "2", "operation": "sum"}', "wrong_type"),
        (b'{"operator_1": {"x": {"y": 5}}, "operator_2": "2", "operation": "sum"}', "wrong_type"),
        (b'{"operator_1": "5", "operator_2": false, "operation": "sum"}', "wrong_type"),
        (GOOD % b', "id": 1.5', "wrong_type"),
        (GOOD % b', "id": true', "wrong_type"),
        (GOOD % b', "id": {"a": 1}', "wrong_type"),
        (GOOD % (b', "id": "' + b"i" * 257 + b'"'), "too_large"),
        (GOOD % (b', "id": ' + b"7" * 257), "too_large"),
        (GOOD % (b', "more": "' + b"m" * 2_000_000 + b'"'), "too_large"),
        (b"\xff\xfe", "not_utf8"),
        (b'{"operator_1": "\xff", "operation": "neg"}', "not_utf8"),
        (GOOD % b', "more": "\xed\xa0\x80"', "not_utf8"),
    ],
    ids=shortly,
)
def test_what_is_no_request_is_a_dead_letter_with_its_reason(value: bytes | None, expected: str) -> None:
    assert reason(value) == expected


def test_markup_and_control_characters_are_text_like_any_other() -> None:
    text = "[bold]\x1b[31m\u202e\x00\r\n</b>"
    request = Request(text, text, text, text)
    value = encode_request(request)
    assert decode_request(value) == request
    assert not any(byte < 0x20 for byte in value)


def test_a_request_is_written_for_programs_that_know_only_the_reference_format() -> None:
    assert encode_request(Request("5", "2", "sum")) == b'{"operator_1":"5","operator_2":"2","operation":"sum"}'
    assert encode_request(Request("16", None, "sqrt", "a")) == b'{"operator_1":"16","operation":"sqrt","id":"a"}'


def test_the_limit_of_bytes_is_inclusive() -> None:
    value = GOOD % b""
    assert decode_request(value, max_bytes=len(value)) == Request("5", "2", "sum")
    with pytest.raises(NoRequest, match=f"at most {len(value) - 1}"):
        decode_request(value, max_bytes=len(value) - 1)


@given(requests)
def test_a_request_read_back_is_the_same(request_: Request) -> None:
    value = encode_request(request_)
    assert decode_request(value) == request_
    assert json.loads(value)["operator_1"] == request_.operator_1


@given(messages)
def test_every_message_is_a_request_or_a_dead_letter(value: bytes | None) -> None:
    found = tried(lambda: decode_request(value))
    if isinstance(found, NoRequest):
        assert found.reason
        assert len(found.message) <= 200
    else:
        assert isinstance(found, Request)
        assert value is not None
        assert json.loads(value)["operation"] == found.operation
        assert decode_request(encode_request(found)) == found


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (b"", None),
        (b'{"id": "a"}', "a"),
        (b'{"id": "a", "operation": 7, "operator_1": {"deep": []}}', "a"),
        (b'{"id": 42}', "42"),
        (b'{"id": ""}', None),
        (b'{"id": null}', None),
        (b'{"id": [1]}', None),
        (b'{"id": 1.5}', None),
        (b'{"id": "a"} garbage', None),
        (b'["id", "a"]', None),
        (b'{"id": "\xff"}', None),
        (b'{"id": "a", "more": "\xff"}', "a"),
        (b'{"id": "' + b"i" * 257 + b'"}', None),
        (b'{"id": "a", "more": "' + b"m" * 2_000_000 + b'"}', "a"),
        (b'{"id": "a", "more": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", None),
    ],
    ids=shortly,
)
def test_the_id_of_a_dead_letter_is_found_where_it_can_be_read(value: bytes | None, expected: str | None) -> None:
    assert request_id(value) == expected


@given(messages)
def test_looking_for_the_id_of_anything_never_fails(value: bytes | None) -> None:
    found = request_id(value)
    assert found is None or 0 < len(found) <= 256


@given(results)
def test_a_result_read_back_is_the_same(result: Result) -> None:
    assert decode_result(encode_result(result)) == result


def test_a_result_says_everything_the_design_promises() -> None:
    result = Result("a", "5", "2", "sum", "7", None, "client-0", 0, 41, 1, 1.5, 2.5, 1.25)
    assert json.loads(encode_result(result)) == {
        "id": "a",
        "operator_1": "5",
        "operator_2": "2",
        "operation": "sum",
        "result": "7",
        "error": None,
        "client_id": "client-0",
        "partition": 0,
        "offset": 41,
        "attempt": 1,
        "received_at": 1.5,
        "finished_at": 2.5,
        "sent_at": 1.25,
    }
    failed = msgspec.structs.replace(result, result=None, error=ResultError("domain", "no"))
    assert json.loads(encode_result(failed))["error"] == {"code": "domain", "message": "no"}


RESULT = encode_result(Result("a", "5", "2", "sum", "7", None, "client-0", 0, 41, 1, 1.5, 2.5, 1.25))


@pytest.mark.parametrize(
    "value",
    [
        None,
        b"",
        b"garbage",
        b"[]",
        b"{}",
        b"\xff",
        RESULT[:-1],
        RESULT.replace(b'"7"', b"7"),
        RESULT.replace(b"41", b'"41"'),
        RESULT.replace(b"41", b"9" * 9000),
        RESULT.replace(b"1.5", b"1e999"),
        RESULT.replace(b"1.5", b"NaN"),
        RESULT.replace(b'"a"', b'"\xff"'),
        RESULT.replace(b'"a"', b'"\\ud800"'),
        RESULT.replace(b'"id"', b'"more":' + b"[" * 100_000 + b',"id"'),
        RESULT.replace(b'"a"', b'"' + b"a" * MAX_RESULT_BYTES + b'"'),
    ],
    ids=shortly,
)
def test_what_is_no_result_is_refused(value: bytes | None) -> None:
    with pytest.raises(NoResult) as refused:
        decode_result(value)
    assert len(str(refused.value)) <= 200


@given(st.none() | st.binary(max_size=80) | st.binary(max_size=4).map(lambda extra: RESULT[:90] + extra + RESULT[90:]))
def test_every_value_on_the_results_topic_is_a_result_or_none(value: bytes | None) -> None:
    found = tried(lambda: decode_result(value))
    assert isinstance(found, Result | NoResult)
    assert isinstance(found, NoResult) or decode_result(encode_result(found)) == found
