"""Exactly-once beside at-least-once on real Apache Kafka: one worker process, four partitions, turn by turn."""

import asyncio
import os
import statistics
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from bench.broker import PARTITIONS, REQUESTS, fill, kcalc
from bench.report import Figure
from tests.real_kafka import RealKafka

ROUNDS = 6  # the first of each mode warms the broker up, whose paths are compiled as they are used
MODES = ("at_least_once", "exactly_once")


@contextmanager
def real_kafka() -> Iterator[str]:
    """One node from its jars, in a folder of its own; gives HOST:PORT."""
    with tempfile.TemporaryDirectory(prefix="kcalc-bench-") as folder:
        kafka = RealKafka(Path(folder))
        try:
            kafka.start()
            yield kafka.bootstrap_servers
        finally:
            kafka.stop()


async def committed_per_s(address: str, group: str) -> float:
    """Requests a second from the first to the last that `group` committed."""
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    places = [TopicPartition("kcalc.requests", partition) for partition in range(PARTITIONS)]
    first: tuple[float, int] | None = None
    count = 0
    try:
        deadline = time.perf_counter() + 120
        while time.perf_counter() < deadline:
            with suppress(KafkaError):  # the coordinator of the first group comes into being now
                offsets = await admin.list_consumer_group_offsets(group, partitions=places)
                count = sum(max(0, place.offset) for place in offsets.values())
            now = time.perf_counter()
            if count and first is None:
                first = (now, count)
            if count >= REQUESTS and first is not None:
                return (count - first[1]) / (now - first[0])
            await asyncio.sleep(0.05)
        raise TimeoutError(f"only {count} of {REQUESTS} requests were answered in two minutes")
    finally:
        await admin.close()


def one_round(address: str, mode: str) -> float:
    """All requests answered once more, by a new group and into new topics."""
    group = f"bench-{uuid.uuid4().hex[:8]}"
    os.environ["KCALC_WORKERS__GROUP"] = os.environ["KCALC_TOPICS__RESULTS"] = group
    os.environ["KCALC_WORKERS__DELIVERY"] = mode
    with kcalc("worker", "0", "--bootstrap-servers", address):
        return asyncio.run(committed_per_s(address, group))


def measure() -> list[Figure]:
    """The median of both modes, and their ratio."""
    rates: dict[str, list[float]] = {mode: [] for mode in MODES}
    with real_kafka() as address:
        asyncio.run(fill(address))
        for mode in MODES * ROUNDS:
            rates[mode].append(one_round(address, mode))
    at_least_once, exactly_once = (statistics.median(rates[mode][1:]) for mode in MODES)
    ratio = exactly_once / at_least_once
    return [
        Figure(
            "at-least-once on real Kafka, one worker process", f"{at_least_once:,.0f} requests/s", "(compare)", True
        ),
        Figure("exactly-once on it", f"{exactly_once:,.0f} requests/s, {ratio:.2f} of it", "≥ 0.8", ratio >= 0.8),
    ]
