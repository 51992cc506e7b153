"""Requests and results as they stand on the wire: UTF-8 JSON objects, and what is none of them."""

from typing import Final

import msgspec

MAX_REQUEST_BYTES: Final = 65_536
MAX_RESULT_BYTES: Final = 1_048_576
"""The broker's own default limit of a message (message.max.bytes)."""
MAX_ID_CHARS: Final = 256
SENT_AGAIN: Final = "kcalc-again-"
"""How those headers of a request begin that name the dead letter of which it is a copy."""


class Request(msgspec.Struct, frozen=True, gc=False):
    """What is asked: operands as the text that was sent, exact; `id` is None if the sender gave none."""

    operator_1: str
    operator_2: str | None
    operation: str
    id: str | None = None


class ResultError(msgspec.Struct, frozen=True, gc=False):
    """Why there is no result: a snake_case code and a short text for a person."""

    code: str
    message: str


class Result(msgspec.Struct, frozen=True, gc=False):
    """What was answered: `result` or `error`, never both; times are Unix seconds with fraction.

    `partition` and `offset` are those of the request, `client_id` names the worker that computed it. `sent_at` is the
    request's record timestamp, None if it has none; `received_at` is when its worker took it up, after those before it
    in the batch. So a request waited `received_at - sent_at` and ran `finished_at - received_at`.
    """

    id: str
    operator_1: str
    operator_2: str | None
    operation: str
    result: str | None
    error: ResultError | None
    client_id: str
    partition: int
    offset: int
    attempt: int
    received_at: float
    finished_at: float
    sent_at: float | None = None


class NoRequest(ValueError):
    """A value that is no request, and so a dead letter: `reason` is a code, `message` is for a person.

    Reasons: null_value, too_large, not_utf8, not_json, not_an_object, no_operation, operand_missing,
    wrong_type, operand_not_a_number.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(reason, message)
        self.reason = reason
        self.message = message

    def __str__(self) -> str:
        return self.message


class NoResult(ValueError):
    """A value on the results topic that is no result."""


class _Wire(msgspec.Struct, kw_only=True, omit_defaults=True, gc=False):
    operator_1: str
    operator_2: str | None = None
    operation: str
    id: str | None = None


class _Fields(msgspec.Struct, gc=False):
    """The fields of a request as raw JSON, empty if missing; whatever else the object holds is skipped."""

    operator_1: msgspec.Raw = msgspec.Raw()
    operator_2: msgspec.Raw = msgspec.Raw()
    operation: msgspec.Raw = msgspec.Raw()
    id: msgspec.Raw = msgspec.Raw()


_encode = msgspec.json.Encoder().encode
_decode_wire = msgspec.json.Decoder(_Wire).decode
_decode_fields = msgspec.json.Decoder(_Fields).decode
_decode_str = msgspec.json.Decoder(str).decode
_decode_result = msgspec.json.Decoder(Result).decode


def encode_request(request: Request) -> bytes:
    """The request as JSON, without `operator_2` and `id` where they are None."""
    return _encode(
        _Wire(
            operator_1=request.operator_1,
            operator_2=request.operator_2,
            operation=request.operation,
            id=request.id,
        )
    )


def decode_request(value: bytes | None, max_bytes: int = MAX_REQUEST_BYTES) -> Request:
    """The request in `value`, of at most `max_bytes` bytes; raises `NoRequest` and nothing else.

    Operands may be JSON strings or numbers and are returned as the text that was sent, whether or not it is
    a number: `answer` decides that. An id may be a string or a whole number; an empty one is none. Of a key
    that comes twice the last counts, unknown keys are ignored.
    """
    if value is None:
        raise NoRequest("null_value", "the value is null")
    if len(value) > max_bytes:
        raise NoRequest("too_large", f"the value has {len(value)} bytes, at most {max_bytes} are read")
    if not value.isascii():
        try:
            value.decode()
        except UnicodeDecodeError as error:
            raise NoRequest("not_utf8", f"byte {error.start} of the value is not UTF-8") from None
    try:
        wire = _decode_wire(value)
    except (msgspec.DecodeError, RecursionError):
        return _request_from_fields(value)
    if wire.id is not None and len(wire.id) > MAX_ID_CHARS:
        raise _id_too_long()
    return Request(wire.operator_1, wire.operator_2, wire.operation, wire.id or None)


def _request_from_fields(value: bytes) -> Request:
    """The request in JSON that is not all strings, or what is wrong with it."""
    try:
        fields = _decode_fields(value)
    except msgspec.ValidationError:
        raise NoRequest("not_an_object", "the value is no JSON object") from None
    except msgspec.DecodeError as error:
        raise NoRequest("not_json", f"the value is not JSON: {error}") from None
    except RecursionError:
        raise NoRequest("not_json", "the value is JSON nested too deep to read") from None
    operation = _text(fields.operation, "operation")
    if operation is None:
        raise NoRequest("no_operation", "the request has no operation")
    operator_1 = _text(fields.operator_1, "operator_1", numbers=True)
    if operator_1 is None:
        raise NoRequest("operand_missing", "the request has no operator_1")
    return Request(operator_1, _text(fields.operator_2, "operator_2", numbers=True), operation, _id(fields.id))


def _text(raw: msgspec.Raw, name: str, numbers: bool = False) -> str | None:
    """The text of a raw string (or number, if `numbers`), None of null and of what is missing."""
    json = bytes(raw)
    if json in (b"", b"null"):
        return None
    if json.startswith(b'"'):
        return _decode_str(json)
    if numbers and json[0] in b"-0123456789":
        return json.decode()
    allowed = "a string or a number" if numbers else "a string"
    raise NoRequest("wrong_type", f"{name} is {_kind(json)}, allowed is {allowed}")


def _kind(json: bytes) -> str:
    return {b"{": "an object", b"[": "a list", b"t": "true", b"f": "false"}.get(json[:1], "a number")


def _id(raw: msgspec.Raw) -> str | None:
    json = bytes(raw)
    if json.removeprefix(b"-").isdigit():
        text: str | None = json.decode()
    else:
        text = _text(raw, "id")
    if text is not None and len(text) > MAX_ID_CHARS:
        raise _id_too_long()
    return text or None


def _id_too_long() -> NoRequest:
    return NoRequest("too_large", f"the id is longer than {MAX_ID_CHARS} characters")


def request_id(value: bytes | None) -> str | None:
    """The id in a message that is no valid request, if one can be read; never raises."""
    if value is None:
        return None
    try:
        return _id(_decode_fields(value).id)
    except (msgspec.DecodeError, NoRequest, RecursionError, UnicodeDecodeError):
        return None


def encode_result(result: Result) -> bytes:
    """The result as JSON."""
    return _encode(result)


def decode_result(value: bytes | None) -> Result:
    """The result in `value`, of at most `MAX_RESULT_BYTES`; raises `NoResult` and nothing else."""
    if value is None:
        raise NoResult("the value is null")
    if len(value) > MAX_RESULT_BYTES:
        raise NoResult(f"the value has {len(value)} bytes, at most {MAX_RESULT_BYTES} are read")
    try:
        return _decode_result(value)
    except RecursionError:
        raise NoResult("the value is JSON nested too deep to read") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NoResult(f"the value is no result: {error}") from None
