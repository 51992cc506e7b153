"""Missing permissions in words: the operation, the resource, and the command with which an administrator grants it."""

import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypedDict, Unpack

from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    KafkaError,
    TopicAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
    for_code,
)

Operation = Literal["Read", "Write", "Create", "Delete", "Alter", "Describe", "DescribeConfigs", "IdempotentWrite"]
Resource = Literal["topic", "group", "transactional-id", "cluster"]

_DENIALS = (
    TopicAuthorizationFailedError,
    GroupAuthorizationFailedError,
    ClusterAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
)


@dataclass(frozen=True, slots=True)
class Permission:
    """What may be done to what. With `prefixed` it holds for all resources whose names begin with `name`."""

    operation: Operation
    resource: Resource
    name: str = ""
    prefixed: bool = False

    def __str__(self) -> str:
        those = "…" if self.prefixed else ""
        return f"{self.operation} {self.resource} {self.name}{those}".rstrip()

    def granted_by(self, principal: str, servers: str) -> str:
        """The `kafka-acls` command line that gives it to `principal`."""
        words = ["kafka-acls", "--bootstrap-server", servers, "--add", "--allow-principal", principal]
        words += ["--operation", self.operation, f"--{self.resource}"]
        words += [self.name] if self.resource != "cluster" else []
        words += ["--resource-pattern-type", "prefixed"] if self.prefixed else []
        return shlex.join(words)


class Denied(KafkaError):
    """The cluster refused an operation for want of that permission."""

    def __init__(self, permission: Permission) -> None:
        super().__init__(f"no permission: {permission}")
        self.permission = permission


def is_denial(code: int) -> bool:
    """True for the error codes of a broker that mean a missing permission."""
    return for_code(code) in _DENIALS


def refusal(code: int, permission: Permission, what: str) -> Exception:
    """The error of a broker's error code: Denied if it is about permissions, else aiokafka's own that says `what`."""
    if is_denial(code):
        return Denied(permission)
    error: Exception = for_code(code)(what)
    return error


class Role(TypedDict, total=False):
    """What somebody does: which topics are read and written, which group it is about, and whether they join it."""

    reads: Sequence[str]
    writes: Sequence[str]
    group: str
    joins: bool


def missing(error: BaseException, **role: Unpack[Role]) -> list[Permission]:
    """The permissions that `error`, or what caused it, says are missing; none if it says something else.

    A broker does not say which operation it refused: that of a topic in `reads` was Read, that of any other Write, and
    that of a group Read for who `joins` it, else Describe. Who may write to no topic at all is refused an idempotent
    producer: then it is the first of `writes` that is missing.
    """
    reads, writes, group = role.get("reads", ()), role.get("writes", ()), role.get("group", "")
    match error:
        case Denied(permission=Permission(operation="Describe", resource="topic", name=name)):
            # Whoever may read or write a topic may also see it.
            return [Permission("Read" if name in reads else "Write" if name in writes else "Describe", "topic", name)]
        case Denied():
            return [error.permission]
        case TopicAuthorizationFailedError():
            # Without a name it is that of the offsets in a transaction.
            names = list(_names(error.args)) or list(reads[:1])
            return [Permission("Read" if name in reads else "Write", "topic", name) for name in names]
        case GroupAuthorizationFailedError():
            operation: Operation = "Read" if role.get("joins") else "Describe"
            return [Permission(operation, "group", name) for name in ([group] if group else _names(error.args))]
        case TransactionalIdAuthorizationFailed():
            return [_transactional(name) for name in _names(error.args)]
        case ClusterAuthorizationFailedError() if writes:
            return [Permission("Write", "topic", writes[0])]
        case ClusterAuthorizationFailedError():
            return [Permission("IdempotentWrite", "cluster")]
        case _:
            return missing(error.__cause__, **role) if error.__cause__ is not None else []


def sentence(permissions: Iterable[Permission], principal: str, servers: str) -> str:
    """Who may not do what, and what an administrator would run."""
    wanted = list(permissions)
    lines = "; ".join(permission.granted_by(principal, servers) for permission in wanted)
    return f"no permission: {principal} may not {' and '.join(map(str, wanted))}; to allow it: {lines}"


def _transactional(name: str) -> Permission:
    """For all partitions at once: kcalc's transactional ids end with the partition."""
    stem, dash, partition = name.rpartition("-")
    if dash and partition.isdigit():
        return Permission("Write", "transactional-id", stem + dash, prefixed=True)
    return Permission("Write", "transactional-id", name)


def _names(args: Sequence[Any]) -> Iterator[str]:
    """The names in an error of aiokafka, which has one, or a set of them, or none."""
    for arg in args:
        if isinstance(arg, str):
            yield arg
        elif isinstance(arg, set | frozenset | list | tuple):
            yield from (name for name in sorted(arg) if isinstance(name, str))
