"""How long a request, or a bare message, takes to Kafka and back."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING

from tui.calc.messages import decode_result
from tui.clients.aiokafka_types import Admin, Record
from tui.clients.authorized import may_create, topic_operations
from tui.clients.connection import Connection
from tui.clients.offsets import Reading, spans
from tui.clients.permissions import Denied, Operation, Permission
from tui.clients.topics import NewTopicPlan, delete, describe, ensure, plans
from tui.commands.cluster import admin_of, reader_of
from tui.commands.operands import Asked
from tui.commands.sending import Post, sender_of

if TYPE_CHECKING:
    from tui.settings import TopicSettings

PATIENCE_S = 5.0
TRIPS = 2
"""The first one also opens connections; the second one is measured."""


async def request_round_trip(connection: Connection, topics: "TopicSettings") -> tuple[float, str]:
    """Seconds from sending 1 + 1 to its result, and that. TimeoutError says that no worker answered."""
    async with admin_of(connection) as admin:
        await ensure(admin, plans(topics))
        present = await describe(admin)
    async with reader_of(connection) as reader:
        found = await spans(reader, {topics.results: present[topics.results].leaders})
        ends = {number: span.end for number, span in found[topics.results].items()}
        seconds, value = await _measured(connection, topics.requests, Reading(reader, topics.results, ends))
        return seconds, decode_result(value).result or "an error"


async def message_round_trip(connection: Connection, topics: "TopicSettings") -> float:
    """Seconds from sending a message to reading it, by way of a topic that is made for it and deleted.

    Raises Denied, before anything is made, if it could not all be done.
    """
    topic = f"{topics.requests[:200]}.doctor-{time.time_ns()}"
    async with admin_of(connection) as admin:
        await _check_allowed(admin, topic)
        await ensure(admin, [NewTopicPlan(topic, 1, topics.replication)])
        try:
            async with reader_of(connection) as reader:
                seconds, _ = await _measured(connection, topic, Reading(reader, topic, {0: 0}))
                return seconds
        finally:
            await delete(admin, [topic])


async def _check_allowed(admin: Admin, topic: str) -> None:
    allowed = (await topic_operations(admin, [topic]))[topic]
    needed: tuple[Operation, ...] = ("Write", "Read", "Delete")
    for operation in needed:
        if allowed is not None and operation not in allowed:
            raise Denied(Permission(operation, "topic", topic))
    if not await may_create(admin, topic):
        raise Denied(Permission("Create", "topic", topic))


async def _measured(connection: Connection, topic: str, reading: Reading) -> tuple[float, bytes]:
    """Seconds of the last of some trips, and the message that came back."""
    post = Post(Asked("1", "1", "sum"), TRIPS, None, None)
    seconds, value = 0.0, b""
    batches = reading.batches()
    async with sender_of(connection, topic, post) as sender:
        for number in range(TRIPS):
            started = time.perf_counter()
            sender.send("1", "sum", "1", times=1, key=None, partition=None)
            try:
                async with asyncio.timeout(PATIENCE_S):
                    value = await _came(batches, f'"{post.token}-{number}"'.encode())
            except TimeoutError:
                raise TimeoutError(f"nothing came back within {PATIENCE_S:g} s") from None
            seconds = time.perf_counter() - started
    return seconds, value


async def _came(batches: AsyncIterator[Sequence[Record]], mark: bytes) -> bytes:
    async for records in batches:
        for record in records:
            if record.value is not None and mark in record.value:
                return record.value
    raise AssertionError("reading without an end does not end")
