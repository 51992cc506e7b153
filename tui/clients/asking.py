"""Requests as they are, to the broker that is to answer them.

aiokafka's admin client has no public name for its client; its version is pinned.
"""

import asyncio
import random
from typing import Any

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import NodeNotReadyError
from aiokafka.protocol.api import Request

from tui.clients.aiokafka_types import Admin


async def ask(admin: Admin, request: Request[Any], node: int | None = None) -> Any:
    """The answer of that broker, or of the first that can be reached. Raises KafkaError."""
    for each in known_brokers(admin) if node is None else [node]:
        try:
            return await _client(admin).send(each, request)
        except NodeNotReadyError:
            continue
    raise NodeNotReadyError


def known_brokers(admin: Admin) -> list[int]:
    """The brokers that the client knows, in any order."""
    nodes = [broker.nodeId for broker in _client(admin).cluster.brokers()]
    random.shuffle(nodes)
    return nodes


async def reached(admin: Admin, node: int, within_s: float) -> bool:
    """True if there is a connection to that broker, also a new one.

    A client makes one connection at a time: all others wait for a broker that accepts it and then says nothing.
    """
    try:
        async with asyncio.timeout(within_s):
            return bool(await _client(admin).ready(node))
    except TimeoutError:
        return False


def _client(admin: Admin) -> AIOKafkaClient:
    client: AIOKafkaClient = getattr(admin, "_client")  # noqa: B009
    return client
