"""What can be read of a message that is no request, for a person who corrects it."""

from typing import Any

import msgspec


class Readable(msgspec.Struct, frozen=True):
    """The fields of a request as text, exactly as they were sent; None for what is missing or no text or number."""

    operator_1: str | None = None
    operator_2: str | None = None
    operation: str | None = None


class _Fields(msgspec.Struct):
    operator_1: msgspec.Raw = msgspec.Raw()
    operator_2: msgspec.Raw = msgspec.Raw()
    operation: msgspec.Raw = msgspec.Raw()


def readable(value: bytes | None) -> Readable:
    """The fields that can be read; all None of what is no JSON object. Never raises."""
    try:
        fields = msgspec.json.decode(value or b"", type=_Fields)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return Readable()
    return Readable(_text(fields.operator_1), _text(fields.operator_2), _text(fields.operation))


def _text(raw: msgspec.Raw) -> str | None:
    json = bytes(raw)
    if json[:1] in b"-0123456789":
        return json.decode() or None
    try:
        found: Any = msgspec.json.decode(json)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None
    return found if isinstance(found, str) else None
