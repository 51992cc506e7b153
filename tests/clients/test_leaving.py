"""A worker that leaves while the group rebalances: nobody takes its partitions before it has committed.

Only on the embedded broker: its hooks hold the results of one worker back, and see who joins meanwhile.
"""

import asyncio
import time
from typing import Any

from tests.kafka_cluster import EmbeddedCluster, fresh_settings, joined, running, settled, until
from tui.broker.api import RequestContext
from tui.events import WorkerState
from tui.session import Session
from tui.settings import Settings

PRODUCE, JOIN_GROUP, HEARTBEAT = 0, 11, 12


class Withheld:
    """Keeps the results of client-0 from the broker until they are released, and writes down who joins."""

    def __init__(self) -> None:
        self.waiting = asyncio.Event()
        self.released = asyncio.Event()
        self.joins: list[str | None] = []
        self.heartbeats = 0

    async def __call__(self, context: RequestContext, api_key: int, request: Any) -> None:
        if api_key == JOIN_GROUP:
            self.joins.append(context.client_id)
        if context.client_id == "client-0" and api_key == HEARTBEAT:
            self.heartbeats += 1
        if context.client_id == "client-0" and api_key == PRODUCE:
            self.waiting.set()
            await self.released.wait()


def patient_settings(embedded: EmbeddedCluster) -> Settings:
    """For two workers that wait for their results while they leave for longer than a busy machine keeps them."""
    return fresh_settings(embedded, count=2, heartbeat_interval_s=0.1, stop_timeout_s=15.0)


def stopping(session: Session, client_id: str) -> bool:
    """True once that worker says that it is stopping."""
    workers = session.ledger.figures(time.time()).workers
    return any(worker.client_id == client_id and worker.state is WorkerState.STOPPING for worker in workers)


def nothing_waits(session: Session) -> bool:
    """True if the committed offsets say that every request is answered: what was to be doubled is doubled by now."""
    return session.ledger.figures(time.time()).totals.lag == 0


async def test_a_rebalance_waits_for_the_commit_of_a_worker_that_is_leaving(embedded: EmbeddedCluster) -> None:
    withheld = Withheld()
    async with running(patient_settings(embedded)) as session:
        await until(lambda: joined(session, 2))
        embedded.broker.hooks.append(withheld)
        session.send("3", "mul", "5", times=100)
        await until(withheld.waiting.is_set)
        leaving = asyncio.create_task(session.stop_worker("client-0"))
        await session.add_worker()
        await until(lambda: "client-2" in withheld.joins)
        heard = withheld.heartbeats
        await until(lambda: withheld.heartbeats >= heard + 3)
        assert "client-0" not in withheld.joins
        withheld.released.set()
        await leaving
        await until(lambda: settled(session) and joined(session, 2) and nothing_waits(session))
        books = session.ledger.accounting()
        assert (books.done, books.again) == (100, 0)


async def test_a_worker_that_leaves_during_a_rebalance_commits_first(embedded: EmbeddedCluster) -> None:
    withheld = Withheld()
    async with running(patient_settings(embedded)) as session:
        await until(lambda: joined(session, 2))
        embedded.broker.hooks.append(withheld)
        session.send("3", "mul", "5", times=100)
        await until(withheld.waiting.is_set)
        await session.add_worker()
        heard = withheld.heartbeats
        await until(lambda: withheld.heartbeats >= heard + 3)
        leaving = asyncio.create_task(session.stop_worker("client-0"))
        await until(lambda: stopping(session, "client-0"))
        withheld.released.set()
        await leaving
        await until(lambda: settled(session) and joined(session, 2) and nothing_waits(session))
        books = session.ledger.accounting()
        assert (books.done, books.again) == (100, 0)
