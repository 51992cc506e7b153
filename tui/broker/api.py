"""What every API module of the broker is made of: its key, its versions and its handler."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tui.broker.broker import Broker


#: "Authorized operations" that were not asked for: the bit field whose value is the smallest int32 (KIP-430).
OPERATIONS_NOT_ASKED_FOR = frozenset({31})


@dataclass(frozen=True, slots=True)
class RequestContext:
    """Who asks, and in which version. `closed` is set when the connection ends: who waits gives up then."""

    client_id: str | None
    client_host: str
    api_version: int
    connection_id: int
    closed: asyncio.Event


@dataclass(frozen=True, slots=True)
class Api:
    """One Kafka API as this broker speaks it, versions inclusive.

    `handle` takes the decoded request of `kafka.protocol` and returns its response object, or None where the
    protocol has no answer (Produce with acks 0).
    """

    key: int
    min_version: int
    max_version: int
    handle: Callable[[Broker, Any, RequestContext], Awaitable[Any]]
