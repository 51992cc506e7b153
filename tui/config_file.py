"""The text of config.yml -> its keys with their places, and what each of its profiles changes; strict about names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from msgspec import structs

from tui.config_rules import READ_ONLY, Key, described, problem
from tui.settings import Name, Profile, Settings
from tui.yaml_text import Entry, YamlError, parse

NAMED = frozenset({"operations"})
"""Sections whose keys are names that the user chooses."""
SECTIONS = tuple(info for info in structs.fields(Settings) if info.name != "profile")
TYPES: Mapping[Key, Any] = {
    (section.name, info.name): info.type
    for section in SECTIONS
    if section.name not in NAMED
    for info in structs.fields(section.type)
}
"""The type of every key that has a fixed name."""

_PROFILES = "profiles"
_MARKS: Mapping[str, Any] = {info.name: info.type for info in structs.fields(Profile) if info.name != "name"}
_OF_SECTIONS = [info.name for info in SECTIONS]


class ConfigError(ValueError):
    """The configuration is wrong: the place (file and line, or variable), the key, what was found and allowed."""


@dataclass(frozen=True, slots=True)
class Given:
    """One value and where it came from ("config.yml, line 3", "KCALC_WORKERS__COUNT", "--workers")."""

    value: Any
    where: str
    folder: Path = field(default_factory=Path)


@dataclass(frozen=True, slots=True)
class GivenProfile:
    """What one profile sets: keys of the other sections, and its own marks (`production`, `colour`)."""

    keys: Mapping[Key, Given]
    marks: Mapping[str, Given]


@dataclass(frozen=True, slots=True)
class GivenFile:
    """Everything that a file sets, and its profiles by name."""

    keys: Mapping[Key, Given] = field(default_factory=dict)
    profiles: Mapping[str, GivenProfile] = field(default_factory=dict)


def read(text: str, path: Path) -> GivenFile:
    """What the text of `path` sets. ConfigError for what is no YAML, and for an unknown section or profile key."""
    try:
        document = parse(text)
    except YamlError as error:
        place = f"{path}" if error.line is None else f"{path}, line {error.line}"
        raise ConfigError(f"{place}: {error.problem}") from None
    if document is None or document.value is None:
        return GivenFile()
    keys: dict[Key, Given] = {}
    profiles: dict[str, GivenProfile] = {}
    for section, entry in _entries(document, f"{path}, line {document.line}", "the file"):
        where = f"{path}, line {entry.line}"
        check_known(section, [*_OF_SECTIONS, _PROFILES], f"{where}: unknown section {section!r:.80}")
        if section == _PROFILES:
            profiles.update(_profiles(entry, path))
        else:
            keys.update(_section(section, entry, path))
    return GivenFile(keys, profiles)


def merged(below: Mapping[Key, Given], above: Mapping[Key, Given]) -> dict[Key, Given]:
    """What `above` sets wins; where both set a mapping, it wins key by key."""
    together = dict(below)
    for key, given in above.items():
        under = below.get(key)
        if under is not None and isinstance(under.value, dict) and isinstance(given.value, dict):
            given = Given({**under.value, **given.value}, given.where, given.folder)
        together[key] = given
    return together


def check_known(name: str, known: list[str], complaint: str) -> None:
    """Raise ConfigError with the complaint, the nearest and all that are allowed, if `name` is not `known`."""
    if name in known:
        return
    near = get_close_matches(name, known, n=1)
    guess = f" (did you mean {near[0]}?)" if near else ""
    raise ConfigError(f"{complaint}{guess}, allowed: {', '.join(known)}")


def _section(section: str, entry: Entry, path: Path) -> Iterator[tuple[Key, Given]]:
    if entry.value is not None:
        for key, value in _entries(entry, f"{path}, line {entry.line}", section):
            yield (section, key), _given(value, path)


def _profiles(entry: Entry, path: Path) -> Iterator[tuple[str, GivenProfile]]:
    if entry.value is None:
        return
    for name, profile in _entries(entry, f"{path}, line {entry.line}", _PROFILES):
        where = f"{path}, line {profile.line}"
        if wrong := problem(name, Name):
            raise ConfigError(f"{where}: {_PROFILES}: a profile's name: {wrong}")
        yield name, _profile(name, profile, path)


def _profile(name: str, entry: Entry, path: Path) -> GivenProfile:
    """One profile: the sections of the file, its marks, and `read_only`, which is short for that of kafka."""
    keys: dict[Key, Given] = {}
    marks: dict[str, Given] = {}
    what = f"{_PROFILES}.{name}"
    entries = dict(_entries(entry, f"{path}, line {entry.line}", what)) if entry.value is not None else {}
    for key, value in entries.items():
        where = f"{path}, line {value.line}"
        check_known(key, [READ_ONLY[1], *_MARKS, *_OF_SECTIONS], f"{where}: {what}: unknown key {key!r:.80}")
        if key in _MARKS:
            if wrong := problem(value.plain(), _MARKS[key]):
                raise ConfigError(f"{where}: {what}.{key}: {wrong}")
            marks[key] = _given(value, path)
        elif key != READ_ONLY[1]:
            keys.update(_section(key, value, path))
    if (short := entries.get(READ_ONLY[1])) is not None:
        if READ_ONLY in keys:
            raise ConfigError(f"{path}, line {short.line}: {what}.read_only: is also there as kafka.read_only")
        keys[READ_ONLY] = _given(short, path)
    return GivenProfile(keys, marks)


def _given(entry: Entry, path: Path) -> Given:
    return Given(entry.plain(), f"{path}, line {entry.line}", path.parent)


def _entries(entry: Entry, where: str, what: str) -> Iterator[tuple[str, Entry]]:
    if not isinstance(entry.value, dict):
        raise ConfigError(f"{where}: {what}: found {described(entry.plain())}, allowed: a mapping of keys to values")
    yield from entry.value.items()
