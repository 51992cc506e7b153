"""Grants what a printed `kafka-acls` command line grants: Kafka's own program for it is not among the broker's jars."""

import re
import shlex
from typing import Any

from tests.security.secured_kafka import SecuredKafka

COMMAND = re.compile(r"kafka-acls [^;\n]*")


def commands_in(text: str) -> list[str]:
    """The command lines in a message."""
    return [line.strip() for line in COMMAND.findall(text)]


def grant(kafka: SecuredKafka, line: str) -> tuple[str, ...]:
    """Do what the command line says; what it granted: ("Read", "topic", "orders")."""
    program, *words = shlex.split(line)
    assert program == "kafka-acls"
    assert words[:1] == ["--bootstrap-server"]
    assert words[2:3] == ["--add"]
    options: dict[str, Any] = {}
    rest = words[3:]
    while rest:
        name = rest.pop(0).removeprefix("--")
        options[name] = "kafka-cluster" if name == "cluster" else rest.pop(0)
    principal, operation = options.pop("allow-principal"), options.pop("operation")
    prefixed = options.pop("resource-pattern-type", "literal") == "prefixed"
    ((kind, name),) = options.items()
    code = "IDEMPOTENT_WRITE" if operation == "IdempotentWrite" else re.sub(r"(?<=.)([A-Z])", r"_\1", operation).upper()
    kafka.allow(code, kind.replace("-", "_").upper(), name, principal, prefixed)
    return operation, kind, name
