"""The results that are kept: what they take in memory, and how long a filter needs for all of them."""

import asyncio
import gc
import time
import tracemalloc
from collections.abc import Iterator

from bench.report import Figure
from tests.dashboard.fakes import FakeSession
from tests.dashboard.seeded import received
from tui.dashboard.app import KcalcApp
from tui.dashboard.glyphs import UNICODE
from tui.dashboard.run import settle_memory
from tui.dashboard.widgets.results_log import ResultsLog
from tui.events import ReceivedResult
from tui.ledger.filtered import FilteredResults
from tui.ledger.result_filter import parsed
from tui.ledger.ring import ResultRing

ROWS = 100_000
FILTERS = (
    "error",
    "op:sum",
    "wait>5ms",
    "p:3",
    "999",
    "nowhere",
    "worker:client-3 999",
    "12345 + 999",
    "3@376",
    "id:nowhere",
)


def _results() -> Iterator[ReceivedResult]:
    """As a run with twelve workers brings them."""
    for number in range(ROWS):
        yield received(
            "12345", "sum", str(number), str(12_345 + number), client_id=f"client-{number % 12}",
            partition=number % 12, offset=number // 12, wait_s=number % 40 / 1_000, at=1.7e9 + number / 10_000,
        )  # fmt: skip


def _memory() -> Figure:
    tracemalloc.start()
    ring = ResultRing(ROWS)
    ring.extend(_results())
    gc.collect()
    taken = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    return Figure(f"{len(ring):,} results kept", f"{taken:.1f} MB", "≤ 50 MB", taken <= 50)


def _appending() -> Figure:
    rows = list(_results())
    ring = ResultRing(ROWS // 2)
    begun = time.process_time()
    for first in range(0, ROWS, 200):
        ring.extend(rows[first : first + 200])
    each_us = (time.process_time() - begun) / ROWS * 1e6
    return Figure("keeping a result", f"{each_us:.2f} µs, {each_us:.1f} % of a core", "≤ 5 µs", each_us <= 5)


async def _filtering() -> list[Figure]:
    """The real log in a dashboard that ticks ten times a second: time to the end, and the longest stop of the loop."""
    session = FakeSession(results=ResultRing(ROWS))
    session.results.extend(_results())
    app = KcalcApp(session, glyphs=UNICODE)
    took: dict[str, float] = {}
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        log = app.screen.query_one(ResultsLog)
        settle_memory()
        stops: list[float] = []
        watch = asyncio.create_task(_note_stops(stops))
        for text in FILTERS:
            await asyncio.sleep(0.25)
            begun = time.perf_counter()
            log.want(parsed(text))
            rows = log.shown
            assert isinstance(rows, FilteredResults)
            await app.workers.wait_for_complete()
            took[text] = time.perf_counter() - begun
            assert not rows.unseen
        watch.cancel()
    stop = max(stops)
    slowest = max(took, key=lambda text: took[text])
    every = ", ".join(f"{text} {seconds * 1000:.0f}" for text, seconds in took.items())
    return [
        Figure(f"filter over {ROWS:,} results, slowest: {slowest}", f"{every} ms", "≤ 200 ms", took[slowest] <= 0.2),
        Figure("longest stop of the loop meanwhile", f"{stop * 1000:.0f} ms", "≤ 100 ms (a frame)", stop <= 0.1),
    ]


async def _note_stops(stops: list[float]) -> None:
    """How much longer than it asked for the loop lets a task sleep."""
    while True:
        begun = time.perf_counter()
        await asyncio.sleep(0.001)
        stops.append(time.perf_counter() - begun - 0.001)


def measure() -> list[Figure]:
    """All of it."""
    return [_memory(), _appending(), *asyncio.run(_filtering())]
