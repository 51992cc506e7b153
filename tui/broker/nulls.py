"""What kafka.protocol decodes without complaint: null where the schema wants a value, lists of any length."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class _Field:
    """A field that needs a look: its attribute, whether null is allowed, and what its elements consist of."""

    name: str
    nullable: bool
    is_array: bool
    fields: tuple[_Field, ...]


def has_forbidden_null(request: Any, request_class: Any, version: int) -> bool:
    """Whether a decoded request has null in a field, at any depth, that is not nullable in this version."""
    return _any_null(request, _fields_of(request_class, version))


def count_elements(request: Any, request_class: Any, version: int) -> int:
    """How many elements the lists of a decoded request have, at every depth."""
    return _elements(request, _fields_of(request_class, version))


@cache
def _fields_of(request_class: Any, version: int) -> tuple[_Field, ...]:
    return _to_check(request_class.json["fields"], version)


def _to_check(schema: Sequence[Mapping[str, Any]], version: int) -> tuple[_Field, ...]:
    """Tagged fields are left out: they have defaults."""
    found = (_field(each, version) for each in schema if "tag" not in each and _covers(each["versions"], version))
    return tuple(each for each in found if each is not None)


def _field(schema: Mapping[str, Any], version: int) -> _Field | None:
    kind: str = schema["type"]
    fields = _to_check(schema.get("fields", ()), version)
    is_array = kind.startswith("[]")
    nullable = _covers(schema.get("nullableVersions", "none"), version)
    if not (is_array or fields or kind in ("string", "bytes")) or (nullable and not fields):
        return None
    return _Field(_CAPITAL.sub("_", schema["name"]).lower(), nullable, is_array, fields)


def _covers(versions: str, version: int) -> bool:
    """Whether a schema's "3+", "0-8", "7" or "none" includes a version."""
    first, _, last = versions.rstrip("+").partition("-")
    if first == "none":
        return False
    return int(first) <= version and (versions.endswith("+") or version <= int(last or first))


def _elements(message: Any, fields: tuple[_Field, ...]) -> int:
    count = 0
    for field in fields:
        value = getattr(message, field.name)
        if field.is_array and value is not None:
            count += len(value)
            count += sum(_elements(element, field.fields) for element in value if field.fields)
    return count


def _any_null(message: Any, fields: tuple[_Field, ...]) -> bool:
    for field in fields:
        value = getattr(message, field.name)
        if value is None:
            if not field.nullable:
                return True
        elif field.is_array:
            if None in value or any(_any_null(element, field.fields) for element in value if field.fields):
                return True
        elif field.fields and _any_null(value, field.fields):
            return True
    return False
