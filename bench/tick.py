"""What one tick of the dashboard costs for a large group, drawn without a terminal."""

import asyncio
import statistics
import time
from typing import cast

from bench.report import Figure
from tests.dashboard.fakes import FakeLedger, FakeSession
from tests.dashboard.seeded import received
from tui.dashboard.app import KcalcApp
from tui.dashboard.glyphs import UNICODE
from tui.dashboard.run import settle_memory
from tui.events import (
    BatchFinished,
    BatchStarted,
    GroupObserved,
    Link,
    LinkChanged,
    PartitionsAssigned,
    ResultsReceived,
    WorkerState,
    WorkerStateChanged,
)
from tui.group import Member, PartitionOffsets
from tui.ledger.ledger import Ledger

WORKERS, PARTITIONS = 128, 256
TICKS = 100
RESULTS_A_TICK = 200


def _group(tick: int, at: float) -> GroupObserved:
    shares = [tuple(range(number, PARTITIONS, WORKERS)) for number in range(WORKERS)]
    members = tuple(Member(f"m{n}", f"client-{n}", "localhost", share) for n, share in enumerate(shares))
    places = tuple(PartitionOffsets(p, 1, 10 * tick + p, 10 * tick + p, 11 * tick + p, at) for p in range(PARTITIONS))
    return GroupObserved("Stable", "roundrobin", members, places, 1, at)


def _happened(ledger: Ledger, session: FakeSession, tick: int, at: float) -> None:
    results = []
    for count in range(RESULTS_A_TICK):
        partition = (tick * RESULTS_A_TICK + count) % PARTITIONS
        client_id = f"client-{partition % WORKERS}"
        ledger.apply(BatchStarted(client_id, partition, 1, "5 + 2", at))
        offset = tick * RESULTS_A_TICK + count
        results.append(received("5", "sum", "2", "7", client_id=client_id, partition=partition, offset=offset, at=at))
        if count % 2:
            ledger.apply(BatchFinished(client_id, partition, 1, 0.01, at))
    event = ResultsReceived(results, False, at)
    ledger.apply(event)
    session.results.extend(event.results)
    if tick % 10 == 0:
        ledger.apply(_group(tick, at))


def _large_group(at: float) -> Ledger:
    ledger = Ledger("me")
    ledger.apply(LinkChanged(Link.CONNECTED, "", at))
    ledger.apply(_group(0, at))
    for number in range(WORKERS):
        ledger.apply(WorkerStateChanged(f"client-{number}", WorkerState.IDLE, "", at))
        offsets = dict.fromkeys(range(number, PARTITIONS, WORKERS), 0)
        ledger.apply(PartitionsAssigned(f"client-{number}", 1, offsets, at))
    return ledger


async def _ticks(size: tuple[int, int]) -> tuple[float, float]:
    """Seconds of computing a tick, the median: all of it, and the ledger's part."""
    ledger = _large_group(time.time())
    session = FakeSession(ledger=cast(FakeLedger, ledger))
    app = KcalcApp(session, glyphs=UNICODE, ticking=False)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        settle_memory()
        spent, folding = list[float](), list[float]()
        for tick in range(TICKS):
            _happened(ledger, session, tick, time.time())
            begun = time.process_time()
            app.tick()
            await asyncio.sleep(0.05)  # what the tick asked for is painted meanwhile
            spent.append(time.process_time() - begun)
            begun = time.process_time()
            ledger.figures(time.time())
            folding.append(time.process_time() - begun)
    return statistics.median(spent), statistics.median(folding)


def measure() -> list[Figure]:
    """At the two sizes of a usual and a large window."""
    figures = []
    for size in ((120, 40), (200, 60)):
        total, folding = asyncio.run(_ticks(size))
        figures.append(
            Figure(
                f"a tick, {WORKERS} workers and {PARTITIONS} partitions, {size[0]}x{size[1]}",
                f"{total * 1000:.1f} ms, {folding * 1000:.1f} ms of them the ledger's figures",
                "≤ 15 ms",
                total <= 0.015,
            )
        )
    return figures
