"""Requests at a steady rate, from outside, as another program would send them."""

import asyncio
import time

from aiokafka import AIOKafkaProducer

REQUEST = b'{"operator_1": "5", "operator_2": "2", "operation": "sum"}'
_TICKS_PER_S = 50


async def pour(bootstrap_servers: str, per_s: int, seconds: float, topic: str = "kcalc.requests") -> int:
    """Send about `per_s` requests a second for `seconds`, spread evenly over the partitions; returns how many."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap_servers, max_batch_size=256 * 1024)
    await producer.start()
    try:
        partitions = sorted(await producer.partitions_for(topic))
        begun, sent, tick = time.perf_counter(), 0, 0
        while (now := time.perf_counter() - begun) < seconds:
            due = int(now * per_s) - sent
            sent += await send_batch(producer, topic, partitions[tick % len(partitions)], due)
            tick += 1
            await asyncio.sleep(max(0.0, tick / _TICKS_PER_S - (time.perf_counter() - begun)))
        return sent
    finally:
        await producer.stop()


async def send_batch(producer: AIOKafkaProducer, topic: str, partition: int, count: int) -> int:
    """One batch of at most `count` requests, acknowledged; returns how many fitted."""
    batch, sent = producer.create_batch(), 0
    while sent < count and batch.append(timestamp=None, key=None, value=REQUEST) is not None:
        sent += 1
    if sent:
        await (await producer.send_batch(batch, topic, partition=partition))
    return sent
