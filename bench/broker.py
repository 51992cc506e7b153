"""The embedded broker alone: how long a message takes through it, and how many one worker process answers on it."""

import asyncio
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from bench.load import send_batch
from bench.report import Figure, milliseconds, percentile

MESSAGES = 1_000
REQUESTS = 1_000_000
PARTITIONS = 4


@contextmanager
def kcalc(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A kcalc command as a process of its own, ended with SIGTERM."""
    process = subprocess.Popen(["kcalc", *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def broker() -> Iterator[str]:
    """`kcalc broker` on a port of the system's choice; gives HOST:PORT."""
    with kcalc("broker", "--port", "0") as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip().removeprefix("listening on ")


async def produce_to_consume(address: str) -> list[float]:
    """Seconds from send to arrival at a waiting consumer, one message at a time."""
    producer = AIOKafkaProducer(bootstrap_servers=address)
    consumer = AIOKafkaConsumer(bootstrap_servers=address, fetch_max_wait_ms=500)
    await producer.start()
    await consumer.start()
    try:
        await producer.send_and_wait("latency", b"first", partition=0)
        consumer.assign([TopicPartition("latency", 0)])
        await consumer.seek_to_end()
        samples = []
        for _ in range(MESSAGES):
            begun = time.perf_counter()
            await producer.send("latency", b"x", partition=0)
            await asyncio.wait_for(consumer.getone(), 10)
            samples.append(time.perf_counter() - begun)
        return samples
    finally:
        await consumer.stop()
        await producer.stop()


async def fill(address: str) -> None:
    """Create the topics and store a million requests, spread evenly."""
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    producer = AIOKafkaProducer(bootstrap_servers=address, max_batch_size=256 * 1024)
    await admin.start()
    await producer.start()
    try:
        retention = {"retention.bytes": str(1 << 30)}
        names = ("kcalc.requests", "kcalc.results", "kcalc.requests.dlq")
        await admin.create_topics([NewTopic(name, PARTITIONS, 1, topic_configs=retention) for name in names])
        left = [REQUESTS // PARTITIONS] * PARTITIONS
        while any(left):
            for partition in range(PARTITIONS):
                left[partition] -= await send_batch(producer, "kcalc.requests", partition, left[partition])
    finally:
        await producer.stop()
        await admin.close()


async def answered_per_s(address: str) -> float:
    """Requests a second from the first answer to the last, counted at the end of the results topic."""
    consumer = AIOKafkaConsumer(bootstrap_servers=address)
    await consumer.start()
    places = [TopicPartition("kcalc.results", partition) for partition in range(PARTITIONS)]
    first: tuple[float, int] | None = None
    try:
        deadline = time.perf_counter() + 120
        while time.perf_counter() < deadline:
            ends: dict[TopicPartition, int] = await consumer.end_offsets(places)
            count, now = sum(ends.values()), time.perf_counter()
            if count and first is None:
                first = (now, count)
            if count >= REQUESTS and first is not None:
                return (count - first[1]) / (now - first[0])
            await asyncio.sleep(0.05)
        raise TimeoutError(f"only {count} of {REQUESTS} requests were answered in two minutes")
    finally:
        await consumer.stop()


def measure() -> list[Figure]:
    """Both figures, each on a fresh broker process."""
    with broker() as address:
        samples = asyncio.run(produce_to_consume(address))
    with broker() as address:
        asyncio.run(fill(address))
        with kcalc("worker", "0", "--bootstrap-servers", address):
            rate = asyncio.run(answered_per_s(address))
    return [
        Figure(
            "embedded broker, produce to consume",
            milliseconds(samples),
            "p50 ≤ 2 ms",
            percentile(samples, 50) <= 0.002,
        ),
        Figure("one worker process on it", f"{rate:,.0f} requests/s", "≥ 100,000 requests/s", rate >= 100_000),
    ]
