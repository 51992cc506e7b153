"""What settings may be: each by its type, in words ("a whole number from 0 to 200"), and all together."""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import inspect

from tui.settings import EMBEDDED, KafkaSettings, Settings

Key = tuple[str, str]
BOOTSTRAP = ("kafka", "bootstrap_servers")
READ_ONLY = ("kafka", "read_only")

_TOKEN_COMMAND = "sasl_oauth_token_command"
_IN_THE_CLEAR = {"PLAIN": "the password", "OAUTHBEARER": "the token"}
_SHOWN = 60
"""Characters of a wrong value that an error shows."""


def problem(value: Any, kind: Any) -> str | None:
    """What is wrong with `value` as a `kind` ("found …, allowed: …"), None if nothing is."""
    info = inspect.type_info(kind)
    if isinstance(info, inspect.DictType) and isinstance(value, dict):
        wrong = next((name for name, item in value.items() if not isinstance(item, str)), None)
        return None if wrong is None else f"{wrong}: {_sentence(value[wrong], str)}"
    try:
        msgspec.convert(value, kind, strict=True)
    except (msgspec.ValidationError, OverflowError):
        return _sentence(value, kind)
    return _sentence(value, kind) if isinstance(value, float) and not math.isfinite(value) else None


def _sentence(value: Any, kind: Any) -> str:
    words = allowed(kind)
    if words.startswith("text") and isinstance(value, (int, float, bool)):
        words += ' (write it in quotes: "…")'
    return f"found {described(value)}, allowed: {words}"


def described(value: Any) -> str:
    """A value as an error shows it: what it is, and its beginning if it is one."""
    match value:
        case None:
            return "nothing"
        case bool():
            return f"{str(value).lower()} (true or false)"
        case int() if abs(value) >= 10**_SHOWN:
            return "a number of very many digits"
        case int() | float():
            return f"the number {value}"
        case str():
            return f"the text {value!r}" if len(value) <= _SHOWN else f"the text {value[:_SHOWN]!r}…"
        case list():
            return "a list"
        case dict():
            return "a mapping"
        case _:
            return f"a {type(value).__name__}"


def allowed(kind: Any) -> str:
    """The values that a settings type allows, in words."""
    return _words(inspect.type_info(kind))


def _words(info: inspect.Type) -> str:
    match info:
        case inspect.IntType() | inspect.FloatType():
            noun = "a whole number" if isinstance(info, inspect.IntType) else "a finite number"
            lowest = f"from {info.ge:,}" if info.ge is not None else f"above {info.gt or 0:,}"
            return f"{noun} {lowest}" + (f" to {info.le:,}" if info.le is not None else "")
        case inspect.StrType(pattern=None):
            return "text"
        case inspect.StrType():
            return f"text of 1 to {info.max_length} characters out of a-z A-Z 0-9 . _ -"
        case inspect.LiteralType():
            return "one of " + ", ".join(str(value) for value in info.values)
        case inspect.UnionType():
            return " or ".join(_words(part) for part in info.types)
        case inspect.DictType():
            return f"a mapping of {_words(info.key_type)} to {_words(info.value_type)}"
        case inspect.BoolType():
            return "true or false"
        case inspect.NoneType():
            return "null"
        case _:
            raise TypeError(f"no words for {info!r}")


def contradictions(settings: Settings) -> Iterator[tuple[list[Key], str]]:
    """What is wrong between keys, or in a way that a type cannot say; the key to name comes first."""
    kafka, topics, workers = settings.kafka, settings.topics, settings.workers
    if not kafka.embedded and (wrong := _wrong_server(kafka.bootstrap_servers)) is not None:
        yield [BOOTSTRAP], f"found {wrong!r:.80}, allowed: {EMBEDDED}, or HOST:PORT[,HOST:PORT…]"
    yield from _security(kafka)
    names = [topics.requests, topics.results, topics.dead_letters]
    for key, name in zip(("requests", "results", "dead_letters"), names, strict=True):
        if name in (".", "..") or name.endswith("\n"):
            yield [("topics", key)], f"found {name!r}, which Kafka does not allow as a topic's name"
        if names.count(name) > 1:
            yield [("topics", key)], f"found {name!r} for two topics, allowed: a name of its own for each"
    if workers.heartbeat_interval_s >= workers.session_timeout_s:
        found = f"found {workers.heartbeat_interval_s:g}"
        limit = f"allowed: less than workers.session_timeout_s ({workers.session_timeout_s:g})"
        yield [("workers", "heartbeat_interval_s"), ("workers", "session_timeout_s")], f"{found}, {limit}"


def _wrong_server(servers: str) -> str | None:
    """The first of comma-separated HOST:PORT that is none, without what may be a password; None if all are."""
    for server in servers.split(","):
        host, _, port = server.strip().rpartition(":")
        port_is_one = port.isascii() and port.isdecimal() and 1 <= int(port[:6]) <= 65_535
        if not host or not port_is_one or "@" in host or "/" in host:
            return f"***@{server.rpartition('@')[2]}" if "@" in server else server
    return None


def _security(kafka: KafkaSettings) -> Iterator[tuple[list[Key], str]]:
    """What is missing to log in, or does not fit together."""
    if kafka.sasl:
        needed = ("sasl_username", "sasl_password") if kafka.sasl_mechanism != "OAUTHBEARER" else (_TOKEN_COMMAND,)
        for name in needed:
            if getattr(kafka, name) is None:
                how = f"{kafka.security_protocol} with {kafka.sasl_mechanism} needs kafka.{name}, which is not set"
                yield [("kafka", "security_protocol")], how
    if kafka.ssl_keyfile is not None and kafka.ssl_certfile is None:
        yield [("kafka", "ssl_keyfile")], "needs kafka.ssl_certfile, the certificate of that key"
    if kafka.sasl_oauth_token_command is not None:
        try:
            words = shlex.split(kafka.sasl_oauth_token_command)
        except ValueError as error:
            yield [("kafka", _TOKEN_COMMAND)], f"is no command line: {error}"
        else:
            if not words:
                yield [("kafka", _TOKEN_COMMAND)], "is empty, allowed: a program with its arguments"


def warnings(settings: Settings) -> Iterator[str]:
    """What is allowed and unsafe, each in a sentence that says what to change."""
    kafka = settings.kafka
    if kafka.sasl and not kafka.tls and kafka.sasl_mechanism in _IN_THE_CLEAR:
        what = _IN_THE_CLEAR[kafka.sasl_mechanism]
        yield (
            f"kafka.security_protocol SASL_PLAINTEXT with {kafka.sasl_mechanism} sends {what} readable for everybody"
            " on the way: use SASL_SSL"
        )
    if kafka.tls and not kafka.ssl_check_hostname:
        yield (
            "kafka.ssl_check_hostname is off: any host with a certificate of the same authority can pretend to be"
            " the broker"
        )
