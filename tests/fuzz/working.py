"""Messages through real workers on a broker: slice by slice produced, answered, read back and judged."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from msgspec.structs import replace

from tests.fuzz import topics
from tests.fuzz.accounts import Accounts
from tests.fuzz.malformed import Slices, malformed
from tests.fuzz.topics import Answered
from tests.kafka_cluster import Cluster, fresh_settings, joined, running, until
from tui.events import Event, LaneFailed, Link, LinkChanged, ObservationFailed, WorkerState, WorkerStateChanged
from tui.session import Session
from tui.settings import Settings

CODECS = ("none", "gzip", "lz4", "snappy", "zstd")
WORKERS = 3
STALLS_AFTER_S = 40.0
_READ_WITHIN_S = 60.0
_SEEN_WITHIN_S = 30.0
_RETENTION_MB = 1_000_000  # of all slices: none may expire before it is judged
_RESULTS_KEPT = 1_000


class Troubles(list[str]):
    """What a session says of itself that must not happen; to be given to it as `on_event`."""

    def __call__(self, event: Event) -> None:
        match event:
            case LaneFailed() | ObservationFailed():
                self.append(str(event))
            case WorkerStateChanged(state=WorkerState.FAILED | WorkerState.NO_BROKER):
                self.append(str(event))
            case LinkChanged(link=Link.NO_BROKER):
                self.append(str(event))


def settings_for(cluster: Cluster, delivery: str) -> Settings:
    """Settings for that cluster with topics of their own, which keep everything."""
    settings = fresh_settings(cluster, count=WORKERS, delivery=delivery)
    return replace(
        settings,
        topics=replace(settings.topics, retention_mb=_RETENTION_MB),
        dashboard=replace(settings.dashboard, results_kept=_RESULTS_KEPT, results_at_start=0),
    )


async def through_workers(
    settings: Settings, servers: str, slices: Slices, accounts: Accounts, told: Callable[[int], None]
) -> None:
    """All of `slices`; what is wrong is found in `accounts`. `told` hears after every slice how many are done."""
    names, troubles = settings.topics, Troubles()
    async with running(settings, on_event=troubles) as session:
        await until(lambda: joined(session, WORKERS))
        troubles.clear()  # a cluster that has just started may have no coordinator for a moment
        with Answered(servers, (names.results, names.dead_letters), names.partitions) as answered:
            run = _Run(settings, servers, slices, accounts)
            # In a thread: the workers, and an embedded broker, need the event loop.
            await asyncio.to_thread(run.all, answered, told)
            await _balanced(session, accounts)
            await session.stop()
            await asyncio.to_thread(run.end, answered)
    for trouble in troubles:
        accounts.find(None, trouble)


@dataclass(slots=True)
class _Run:
    settings: Settings
    servers: str
    slices: Slices
    accounts: Accounts

    def all(self, answered: Answered, told: Callable[[int], None]) -> None:
        """Every slice, until one stands still."""
        done = 0
        for turn, numbers in enumerate(self.slices):
            self._ask(numbers, CODECS[turn % len(CODECS)])
            stands_still = self._wait(answered)
            self.accounts.close_slice()
            done += len(numbers)
            told(done)
            if stands_still:
                slice_of = f"--first {numbers[0]} --count {len(numbers)}"
                self.accounts.find(None, f"it stood still for {STALLS_AFTER_S:.0f} s with {slice_of}")
                return

    def end(self, answered: Answered) -> None:
        """After the workers have left: nothing more was answered, and everything is committed."""
        names = self.settings.topics
        for topic, stored in answered.rest(_READ_WITHIN_S):
            self.accounts.take(topic, stored)
        group = self.settings.workers.group
        for place in topics.uncommitted(self.servers, group, names.requests, names.partitions):
            self.accounts.find(None, f"not committed to the end: {place}")

    def _ask(self, numbers: range, codec: str) -> None:
        names = self.settings.topics
        messages = [malformed(self.slices.seed, number) for number in numbers]
        places = topics.produce(self.servers, names.requests, names.partitions, messages, codec)
        for message in messages:
            if (place := places.get(message.number)) is None:
                self.accounts.find(message.number, "it was not taken by the broker")
            else:
                self.accounts.asked(message, place.partition, place.offset)

    def _wait(self, answered: Answered) -> bool:
        """Take answers until none is missing; True if none comes for STALLS_AFTER_S."""
        last = time.monotonic()
        while self.accounts.waiting:
            for topic, stored in answered.some():
                self.accounts.take(topic, stored)
                last = time.monotonic()
            if time.monotonic() - last > STALLS_AFTER_S:
                return True
        return False


async def _balanced(session: Session, accounts: Accounts) -> None:
    """The session's own books, which are fed by its results reader, must come to the same figures."""
    must = tuple(accounts.total(kind) for kind in ("result", "error", "dead letter"))
    deadline = time.monotonic() + _SEEN_WITHIN_S
    while True:
        books = session.ledger.accounting()
        found = books.others_done, books.others_failed, books.others_dead
        if (found == must and books.balanced) or time.monotonic() > deadline:
            break
        await asyncio.sleep(0.05)
    if found != must or not books.balanced or books.wrong:
        accounts.find(None, f"the ledger has {found} and {books.wrong!r}, the topics have {must}")
