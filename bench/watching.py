"""The dashboard over a group that works elsewhere: what the screen alone costs, and keys while the broker is slow."""

import asyncio
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psutil

from bench.broker import broker, kcalc
from bench.load import pour
from bench.report import Figure, milliseconds, percentile
from bench.screen_keys import drain, key_times
from bench.terminal import Terminal
from tui.broker import BrokerSettings, EmbeddedBroker
from tui.broker.api import RequestContext

WORKERS = 12
LOAD_PER_S = 10_000
LOAD_S = 120
UNTOUCHED_S = 30
"""So long nobody types: Textual lays the whole screen out for each key in a field."""
SLOW_S = 5.0
SLOW_FOR_S = 30
LOOKED_AT_WITH = {2, 3, 9, 10, 15}
"""ListOffsets, Metadata, OffsetFetch, FindCoordinator, DescribeGroups: what a look at the group asks."""


@contextmanager
def workers_at(address: str) -> Iterator[None]:
    """Twelve workers in a process of their own."""
    with kcalc("worker", "-n", str(WORKERS), "--bootstrap-servers", address):
        yield


@contextmanager
def watching(address: str) -> Iterator[Terminal]:
    """kcalc-tui that hosts no worker, large enough for a pane per worker."""
    command = ["kcalc-tui", "--workers", "0", "--bootstrap-servers", address]
    with Terminal(command, columns=160, rows=50) as terminal:
        terminal.wait_for("STABLE", f"client-{WORKERS - 1}")
        yield terminal


@contextmanager
def cores(process: psutil.Process) -> Iterator[list[float]]:
    """The list has, afterwards, the cores the process kept busy meanwhile."""
    share: list[float] = []
    begun, cpu_begun = time.perf_counter(), sum(process.cpu_times()[:2])
    yield share
    share.append((sum(process.cpu_times()[:2]) - cpu_begun) / (time.perf_counter() - begun))


def screen_under_load() -> list[Figure]:
    """Twelve workers elsewhere answer 10,000 requests a second: keys, and what this process alone takes."""
    os.environ["KCALC_TOPICS__PARTITIONS"] = str(WORKERS)
    with broker() as address, workers_at(address), watching(address) as terminal:
        poured: list[int] = []
        loader = threading.Thread(
            target=lambda: poured.append(asyncio.run(pour(address, LOAD_PER_S, LOAD_S))), name="load"
        )
        process = psutil.Process(terminal.process.pid)
        memory: list[float] = []

        def going_on() -> bool:
            memory.append(process.memory_info().rss / 1e6)
            return loader.is_alive()

        loader.start()
        begun = time.perf_counter()
        drain(terminal, UNTOUCHED_S / 6)
        with cores(process) as untouched:
            drain(terminal, UNTOUCHED_S)
        with cores(process) as typing:
            samples = key_times(terminal, going_on)
        elapsed = time.perf_counter() - begun
    settled = memory[len(memory) // 3 :]
    p95 = percentile(samples, 95)
    return [
        Figure(
            f"key to screen, {WORKERS} panes, {sum(poured) / elapsed:,.0f} results/s from elsewhere",
            milliseconds(samples),
            "p95 ≤ 80 ms",
            p95 <= 0.08,
        ),
        Figure(
            "the dashboard's process meanwhile",
            f"{untouched[0]:.0%} of a core, {typing[0]:.0%} while seven keys a second are typed",
            "≤ 45 %",
            untouched[0] <= 0.45,
        ),
        Figure(
            f"its memory over {elapsed:.0f} s, after the first third",
            f"between {min(settled):.0f} and {max(settled):.0f} MB",
            "± 5 %",
            max(settled) <= 1.1 * min(settled),
        ),
    ]


class SlowBroker:
    """An embedded broker in a thread, which answers what a look at the group asks 5 s late once it is told to."""

    def __init__(self) -> None:
        self.slow = False
        self.address = ""
        self._ready, self._end = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="slow broker")

    def __enter__(self) -> "SlowBroker":
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join(20)

    async def _serve(self) -> None:
        async with EmbeddedBroker(BrokerSettings()) as embedded:
            embedded.hooks.append(self._delay)
            self.address = embedded.bootstrap_servers
            self._ready.set()
            await asyncio.to_thread(self._end.wait)

    async def _delay(self, context: RequestContext, api_key: int, request: Any) -> None:
        if self.slow and api_key in LOOKED_AT_WITH:
            await asyncio.sleep(SLOW_S)


def slow_broker() -> Figure:
    """Keys while every look at the group takes 5 s and more."""
    os.environ["KCALC_TOPICS__PARTITIONS"] = str(WORKERS)
    with SlowBroker() as slow, workers_at(slow.address), watching(slow.address) as terminal:
        quick_until = time.perf_counter() + SLOW_FOR_S
        before = key_times(terminal, lambda: time.perf_counter() < quick_until)
        slow.slow = True
        slow_until = time.perf_counter() + SLOW_FOR_S
        samples = key_times(terminal, lambda: time.perf_counter() < slow_until)
    return Figure(
        f"key to screen while the broker takes {SLOW_S:.0f} s to answer",
        f"{milliseconds(samples)}; worst before {max(before) * 1000:.1f} ms",
        "worst ≤ 100 ms",
        max(samples) <= 0.1,
    )


def measure() -> list[Figure]:
    """Both."""
    return [*screen_under_load(), slow_broker()]
