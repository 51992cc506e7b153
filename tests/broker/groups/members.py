"""Group members built on three client libraries, with one face: what is assigned, what was read, leave."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
from collections.abc import AsyncIterator
from typing import Any, Protocol

from aiokafka import AIOKafkaConsumer
from confluent_kafka import Consumer
from kafka import KafkaConsumer

from tests.broker.groups.conftest import TOPIC

SESSION_MS = 2000
HEARTBEAT_MS = 200


class GroupMember(Protocol):
    """A consumer in a group, running."""

    @property
    def assigned(self) -> set[int]:
        """The partitions of TOPIC it has now."""

    async def leave(self) -> None:
        """Leave the group in good order."""


class AiokafkaMember:
    def __init__(self, bootstrap: str, group: str, instance: str | None = None) -> None:
        self.consumer = AIOKafkaConsumer(
            TOPIC,
            bootstrap_servers=bootstrap,
            group_id=group,
            group_instance_id=instance,
            session_timeout_ms=SESSION_MS,
            heartbeat_interval_ms=HEARTBEAT_MS,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
        )

    @property
    def assigned(self) -> set[int]:
        return {each.partition for each in self.consumer.assignment()}

    async def start(self) -> None:
        await self.consumer.start()

    async def leave(self) -> None:
        await self.consumer.stop()


class PollingMember:
    """A member whose client blocks: it lives in a thread that polls until it is told to leave."""

    def __init__(self, bootstrap: str, group: str, instance: str | None = None) -> None:
        self._bootstrap, self._group, self._instance = bootstrap, group, instance
        self._assigned: set[int] = set()
        self._leaving = threading.Event()
        self._thread = threading.Thread(target=self._run, name="group member", daemon=True)

    @property
    def assigned(self) -> set[int]:
        return self._assigned

    async def start(self) -> None:
        self._thread.start()

    async def leave(self) -> None:
        self._leaving.set()
        await asyncio.to_thread(self._thread.join, 20)
        assert not self._thread.is_alive(), "the client did not leave"

    def _run(self) -> None:
        consumer = self._consumer()
        while not self._leaving.is_set():
            self._poll(consumer)
            self._assigned = {each.partition for each in consumer.assignment()}
        consumer.close()
        self._assigned = set()

    def _consumer(self) -> Any:
        raise NotImplementedError

    def _poll(self, consumer: Any) -> None:
        raise NotImplementedError


class KafkaPythonMember(PollingMember):
    def _consumer(self) -> Any:
        return KafkaConsumer(
            TOPIC,
            bootstrap_servers=self._bootstrap,
            group_id=self._group,
            group_instance_id=self._instance,
            session_timeout_ms=SESSION_MS,
            heartbeat_interval_ms=HEARTBEAT_MS,
            enable_auto_commit=False,
        )

    def _poll(self, consumer: Any) -> None:
        consumer.poll(timeout_ms=50)


class ConfluentMember(PollingMember):
    def _consumer(self) -> Any:
        settings: dict[str, str | int | bool] = {
            "bootstrap.servers": self._bootstrap,
            "group.id": self._group,
            "session.timeout.ms": SESSION_MS,
            "heartbeat.interval.ms": HEARTBEAT_MS,
            "enable.auto.commit": False,
            "partition.assignment.strategy": "roundrobin,range",
        }
        if self._instance is not None:
            settings["group.instance.id"] = self._instance
        consumer = Consumer(settings)
        consumer.subscribe([TOPIC])
        return consumer

    def _poll(self, consumer: Any) -> None:
        consumer.poll(0.05)


MEMBERS: dict[str, Any] = {
    "aiokafka": AiokafkaMember,
    "kafka-python": KafkaPythonMember,
    "confluent": ConfluentMember,
}


@contextlib.asynccontextmanager
async def running(*members: Any) -> AsyncIterator[None]:
    """Start the members, and let them all leave at the end, whatever happens."""
    async with contextlib.AsyncExitStack() as stack:
        await asyncio.gather(*(member.start() for member in members))
        for member in members:
            stack.push_async_callback(member.leave)
        yield


def shared_out(members: list[Any], partitions: int) -> bool:
    """Whether every partition has one owner and nobody is idle."""
    owned = [each for member in members for each in member.assigned]
    return sorted(owned) == list(range(partitions)) and all(member.assigned for member in members)


VICTIM = """
import asyncio, sys
from tests.broker.groups.members import AiokafkaMember
async def main():
    member = AiokafkaMember(sys.argv[1], sys.argv[2], sys.argv[3] or None)
    await member.start()
    print("joined", flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


@contextlib.asynccontextmanager
async def victim(bootstrap: str, group: str, instance: str = "") -> AsyncIterator[asyncio.subprocess.Process]:
    """A member in a process of its own, to be killed; joined when the block begins."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", VICTIM, bootstrap, group, instance, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(20):
            assert await process.stdout.readline() == b"joined\n"
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
