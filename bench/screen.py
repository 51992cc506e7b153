"""The dashboard while it is used: Enter to result, and keys and memory while results pour in."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from bench.load import pour
from bench.ports import free_port
from bench.report import Figure, milliseconds, percentile
from bench.screen_keys import drain, key_times
from bench.terminal import Terminal

REQUESTS = 100
LOAD_PER_S = 10_000
LOAD_S = 300


@contextmanager
def dashboard(port: int) -> Iterator[Terminal]:
    """kcalc-tui with three workers, ready to answer."""
    environment = {"KCALC_KAFKA__EMBEDDED_PORT": str(port)}
    with Terminal(["kcalc-tui", "--workers", "3"], environment=environment) as terminal:
        terminal.wait_for("client-0", "client-1", "client-2", "STABLE")
        yield terminal


def enter_to_result() -> Figure:
    """From the Enter key to the painted result, one request at a time."""
    samples = []
    with dashboard(free_port()) as terminal:
        terminal.type("100000\t\t1\r")
        terminal.wait_for("100001")
        for y in range(2000, 2000 + REQUESTS):
            terminal.type("\x15")  # ctrl+u empties the field that has the focus, but not before what comes with it
            drain(terminal, 0.1)
            terminal.type(str(y))
            terminal.wait_for(f" {y} ")
            pressed = terminal.type("\r")
            samples.append(terminal.wait_for_drawn(str(100_000 + y)) - pressed)
    met = percentile(samples, 50) <= 0.05 and percentile(samples, 95) <= 0.12
    return Figure("Enter to result painted", milliseconds(samples), "p50 ≤ 50 ms, p95 ≤ 120 ms", met)


def under_load() -> list[Figure]:
    """Keys and memory while 10,000 results a second pour in for five minutes."""
    port, memory = free_port(), list[float]()
    with dashboard(port) as terminal:
        poured: list[int] = []
        loader = threading.Thread(
            target=lambda: poured.append(asyncio.run(pour(f"127.0.0.1:{port}", LOAD_PER_S, LOAD_S))),
            name="load",
        )
        loader.start()
        process = psutil.Process(terminal.process.pid)
        begun, cpu_begun = time.perf_counter(), sum(process.cpu_times()[:2])

        def going_on() -> bool:
            memory.append(process.memory_info().rss / 1e6)
            return loader.is_alive()

        samples = key_times(terminal, going_on)
        elapsed, cpu = time.perf_counter() - begun, sum(process.cpu_times()[:2]) - cpu_begun
    settled = memory[len(memory) // 5 :]
    drift = (max(settled) - min(settled)) / settled[0]
    return [
        Figure(
            f"key to screen while {sum(poured) / elapsed:,.0f} requests/s are answered",
            milliseconds(samples) + f"; {cpu / elapsed:.0%} of a core for broker, workers and screen",
            "p95 ≤ 80 ms",
            percentile(samples, 95) <= 0.08,
        ),
        Figure(
            f"memory over {elapsed:.0f} s of it",
            f"{settled[0]:.0f} MB, between {min(settled):.0f} and {max(settled):.0f} MB after the first fifth",
            "± 5 %",
            drift <= 0.1,
        ),
    ]
