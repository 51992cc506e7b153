"""config.yml, environment, command line -> validated settings; the only reader of files and environment."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import msgspec
from msgspec import structs

from tui.config_file import NAMED, SECTIONS, TYPES, ConfigError, Given, GivenFile, check_known, merged, read
from tui.config_rules import BOOTSTRAP, Key, allowed, contradictions, problem, warnings
from tui.config_secrets import PASSWORD, PRIVATE_KEY, SECRET_FILE, SECRETS, exposed, masked
from tui.settings import Profile, Settings
from tui.yaml_text import YamlError, parse

__all__ = ["ConfigError", "Configuration", "Given", "load", "masked"]

DEFAULT_FILE = "config.yml"
MAX_FILE_BYTES = 65_536
"""PyYAML reads about 100 KB/s; a file with every key and its comments has 6 KB."""
MAX_SECRET_BYTES = 4_096
MAX_PEM_BYTES = 1 << 20

PREFIX = "KCALC_"
FILE_VARIABLE = "KCALC_CONFIG"
BOOTSTRAP_VARIABLE = "KCALC_BOOTSTRAP_SERVERS"
PROFILE_VARIABLE = "KCALC_PROFILE"
_SHORT = (FILE_VARIABLE, BOOTSTRAP_VARIABLE, PROFILE_VARIABLE)

PEM_FILES = frozenset({("kafka", "ssl_cafile"), ("kafka", "ssl_certfile"), PRIVATE_KEY})


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings, the file they came from (None: no file), for each key that was set the place, and warnings."""

    settings: Settings
    file: Path | None
    origins: Mapping[Key, str]
    warnings: tuple[str, ...] = ()


def load(
    path: str | None = None,
    overrides: Mapping[Key, Given] | None = None,
    environ: Mapping[str, str] | None = None,
    profile: str | None = None,
) -> Configuration:
    """Settings by precedence: `overrides` (the command line), environment, profile, file, default; or ConfigError.

    The file is `path`, else $KCALC_CONFIG, else ./config.yml if that exists, else none. The profile is `profile`,
    else $KCALC_PROFILE, else none. An empty environment variable counts as not set.
    """
    environ = {name: text for name, text in (os.environ if environ is None else environ).items() if text}
    file, named_by = _chosen_file(path, environ)
    from_file = GivenFile() if file is None else read(_read(file, MAX_FILE_BYTES, named_by), file)
    for name, one in from_file.profiles.items():
        _check(one.keys, f"profiles.{name}: ")
    given, chosen = _with_profile(from_file, file, profile, environ)
    given.update(_from_environment(environ))
    given.update(overrides or {})
    every = (given, *(one.keys for one in from_file.profiles.values()))
    open_files = dict.fromkeys(warning for keys in every for warning in _open_files(keys, file))
    given = {key: _resolved(key, value) for key, value in given.items()}
    settings = structs.replace(_settings(given), profile=chosen)
    for (key, *others), complaint in contradictions(settings):
        where = next((given[k].where for k in (key, *others) if k in given), "default")
        raise ConfigError(f"{where}: {'.'.join(key)}: {complaint}")
    origins = {key: value.where for key, value in given.items()}
    return Configuration(settings, file, origins, (*warnings(settings), *open_files))


def _with_profile(
    given: GivenFile, file: Path | None, name: str | None, environ: Mapping[str, str]
) -> tuple[dict[Key, Given], Profile]:
    """What the file sets with the profile above it, and that profile's marks."""
    chosen_by = "--profile" if name is not None else PROFILE_VARIABLE
    name = environ.get(PROFILE_VARIABLE, "") if name is None else name
    if not name:
        return dict(given.keys), Profile()
    if not given.profiles:
        where = "there is no config file" if file is None else f"{file} has none"
        raise ConfigError(f"{chosen_by}: found {name!r:.80}, but {where}: profiles stand in its section profiles")
    check_known(name, list(given.profiles), f"{chosen_by}: {file} has no profile {name!r:.80}")
    profile = given.profiles[name]
    marks = {mark: value.value for mark, value in profile.marks.items()}
    return merged(given.keys, profile.keys), Profile(name, **marks)


def _open_files(given: Mapping[Key, Given], file: Path | None) -> Iterator[str]:
    """Which files that hold a secret can be read by others."""
    if (password := given.get(PASSWORD)) is not None and isinstance(password.value, str):
        if password.value.startswith(SECRET_FILE):
            yield from exposed(password.folder / password.value.removeprefix(SECRET_FILE), "a password")
        elif file is not None and password.where.startswith(f"{file}, line"):
            yield from exposed(file, "a password")
    if (key := given.get(PRIVATE_KEY)) is not None and isinstance(key.value, str):
        yield from exposed(key.folder / key.value, "a private key")


def _chosen_file(path: str | None, environ: Mapping[str, str]) -> tuple[Path | None, str]:
    if path is not None:
        return Path(path), "--config"
    if FILE_VARIABLE in environ:
        return Path(environ[FILE_VARIABLE]), FILE_VARIABLE
    default = Path(DEFAULT_FILE)
    return (default, "the current folder") if default.exists() else (None, "")


def _read(path: Path, limit: int, blamed_on: str) -> str:
    """The text of a file of at most `limit` bytes."""
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file (named by {blamed_on})") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror} (named by {blamed_on})") from None
    except ValueError as error:
        raise ConfigError(f"{str(path)!r}: is no file name: {error} (named by {blamed_on})") from None
    if len(data) > limit:
        raise ConfigError(f"{path}: is larger than {limit:,} bytes, the most that is read (named by {blamed_on})")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}, line {line}: is not UTF-8: found the byte 0x{data[error.start]:02x}") from None


def _from_environment(environ: Mapping[str, str]) -> dict[Key, Given]:
    """Values of KCALC_<SECTION>__<KEY>; KCALC_BOOTSTRAP_SERVERS wins over its long form."""
    given: dict[Key, Given] = {}
    for variable, text in environ.items():
        if not variable.startswith(PREFIX) or variable in _SHORT:
            continue
        section, _, key = variable.removeprefix(PREFIX).lower().partition("__")
        found = (section, key)
        kind = TYPES.get(found, str if section in NAMED and key else None)
        if kind is None or variable != variable.upper():
            raise ConfigError(_unknown_variable(variable))
        given[found] = Given(_scalar(variable, text, kind), variable)
    if BOOTSTRAP_VARIABLE in environ:
        given[BOOTSTRAP] = Given(environ[BOOTSTRAP_VARIABLE], BOOTSTRAP_VARIABLE)
    return given


def _scalar(variable: str, text: str, kind: Any) -> Any:
    """A variable's text as a value: as it is for a key of text (a password of digits is text), else YAML."""
    if problem(text, kind) is None or allowed(kind).startswith("text"):
        return text
    try:
        entry = parse(text) if len(text) <= MAX_FILE_BYTES else None
    except YamlError as error:
        raise ConfigError(f"{variable}: {error.problem}") from None
    return text if entry is None else entry.plain()


def _unknown_variable(variable: str) -> str:
    known = [*_SHORT, *(f"{PREFIX}{s}__{k}".upper() for s, k in TYPES)]
    known += [f"{PREFIX}{section}__NAME".upper() for section in NAMED]
    near = get_close_matches(variable.upper(), known, n=3)
    return (
        f"{variable}: unknown environment variable, allowed: {', '.join(_SHORT)} and "
        "KCALC_<SECTION>__<KEY> for every key of config.yml" + (f"; nearest: {', '.join(near)}" if near else "")
    )


def _resolved(key: Key, given: Given) -> Given:
    """A secret that refers to a file replaced by that file's text; a PEM file found, readable and with its folder."""
    if key in PEM_FILES and isinstance(given.value, str):
        path = given.folder / given.value
        _read(path, MAX_PEM_BYTES, f"kafka.{key[1]}, {given.where}")
        return Given(str(path), given.where)
    if key not in SECRETS or not isinstance(given.value, str) or not given.value.startswith(SECRET_FILE):
        return given
    path = given.folder / given.value.removeprefix(SECRET_FILE)
    return Given(_read(path, MAX_SECRET_BYTES, given.where).rstrip("\r\n"), given.where)


def _check(given: Mapping[Key, Given], inside: str = "") -> None:
    """Raise ConfigError for the first value with an unknown key, or that its key does not allow."""
    for (section, key), value in given.items():
        if section not in NAMED:
            known = [name for of, name in TYPES if of == section]
            check_known(key, known, f"{value.where}: {inside}{section}: unknown key {key!r:.80}")
        complaint = problem(value.value, TYPES.get((section, key), str))
        if complaint:
            if (section, key) in SECRETS:
                complaint = "allowed:" + complaint.partition("allowed:")[2]
            raise ConfigError(f"{value.where}: {inside}{section}.{key}: {complaint}")


def _settings(given: Mapping[Key, Given]) -> Settings:
    _check(given)
    sections: dict[str, dict[str, Any]] = {section.name: {} for section in SECTIONS}
    for (section, key), value in given.items():
        sections[section][key] = value.value
    return msgspec.convert(sections, Settings)
