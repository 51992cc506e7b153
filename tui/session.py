"""One running kcalc: the broker if it is embedded, all that travels between it and us, and the books of it all."""

import asyncio
import secrets
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tui.calc.numbers import Limits
from tui.calc.operations import Operations
from tui.clients.refusals import (
    BadConnectionSettings,
    ClusterRefused,
    DuplicateClientId,
    LookUpFailed,
    NotStored,
    SendRefused,
    UnknownWorker,
)
from tui.embedded import NoEmbeddedBroker, cluster_address
from tui.events import DeadLetterReceived, Event, Link, LinkChanged, ResultsReceived
from tui.ledger.dead_letters import DeadLetters
from tui.ledger.ledger import Ledger
from tui.ledger.ring import ResultRing
from tui.settings import Settings
from tui.worker_details import WorkerDetails

if TYPE_CHECKING:
    from tui.broker import EmbeddedBroker
    from tui.clients.cluster import Cluster
    from tui.clients.connection import Connection
    from tui.clients.look_up import Looked
    from tui.clients.traffic import Traffic

__all__ = [
    "ClusterRefused",
    "DuplicateClientId",
    "LookUpFailed",
    "NotStored",
    "SendRefused",
    "Session",
    "SessionError",
    "UnknownWorker",
]

_LOOK_UP_S = 5.0


class SessionError(Exception):
    """What no retry can mend; the message says what is wrong and what to change."""


class Session:
    """Owns everything from `start` to `stop`. Made in no time: the Kafka clients are imported by `start`.

    `client_ids` names the workers (None: `workers.count` free ones). Without `starts_broker` an embedded broker is
    only looked for; without `reads_results` this hosts workers and reads no answers. `on_event` is called with every
    event after the ledger has taken it. With `kafka.read_only` it only watches: no broker, no worker, nothing sent.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Callable[[], float] = time.time,
        client_ids: Sequence[str] | None = None,
        starts_broker: bool = True,
        reads_results: bool = True,
        on_event: Callable[[Event], None] | None = None,
    ) -> None:
        self.settings = settings
        limits = Limits(settings.calc.max_digits, settings.calc.division_digits)
        self.operations = Operations.standard(limits).with_added(settings.operations)
        self.sender_id = secrets.token_hex(4)
        self.ledger = Ledger(self.sender_id)
        self.results = ResultRing(settings.dashboard.results_kept, operations=self.operations)
        self.dead_letters = DeadLetters()
        self.broker_address: str | None = None
        self.broker_embedded = settings.kafka.embedded
        self.broker_owned = False
        self._clock = clock
        self._client_ids = client_ids
        self._starts_broker = starts_broker and not settings.kafka.read_only
        self._reads_results = reads_results
        self.on_event = on_event
        self._broker: EmbeddedBroker | None = None
        self._traffic: Traffic | None = None
        self._connection: Connection | None = None
        self.cluster: Cluster | None = None  # to look at and to change; None until kcalc knows where it is

    async def start(self) -> None:
        """Start or join the broker and let all tasks run; with an absent broker they keep trying.

        Raises SessionError for what no retry can mend: a port in use by something else, a client id in use.
        """
        self._emit(LinkChanged(Link.STARTING, "", self._clock()))
        try:
            await self._start()
        except (NoEmbeddedBroker, BadConnectionSettings, DuplicateClientId) as refused:
            await self.stop()
            raise SessionError(str(refused)) from refused

    async def _start(self) -> None:
        self.broker_address, self._broker = await cluster_address(self.settings, self._starts_broker)
        self.broker_owned = self._broker is not None
        from tui.clients.cluster import Cluster
        from tui.clients.connection import Connection
        from tui.clients.traffic import Traffic

        connection = Connection(self.settings.kafka, self.broker_address)
        connection.check()
        self._connection = connection
        self.cluster = Cluster(connection, self.settings, self._clock)
        self._traffic = Traffic(
            connection,
            self.settings,
            self.operations,
            sender=self.sender_id,
            reads_results=self._reads_results,
            emit=self._emit,
            clock=self._clock,
        )
        await self._traffic.start(self._client_ids)

    async def stop(self) -> None:
        """Finish what is in hand, leave the group and close everything, the broker last. Bounded; may be repeated."""
        traffic, self._traffic = self._traffic, None
        cluster, self.cluster = self.cluster, None
        if traffic is not None and cluster is not None:
            await asyncio.gather(traffic.stop(), cluster.close())
        broker, self._broker = self._broker, None
        if broker is not None:
            await broker.close()

    def send(
        self,
        x: str,
        operation: str,
        y: str | None,
        *,
        times: int = 1,
        key: str | None = None,
        partition: int | None = None,
    ) -> range:
        """Queue `times` requests, without waiting, and return their numbers.

        Raises SendRefused if too many wait, or if this is read-only.
        """
        return self._sending().sender.send(x, operation, y, times=times, key=key, partition=partition)

    async def send_again(self, letter: DeadLetterReceived) -> tuple[int, int]:
        """Send the request of a dead letter once more, byte for byte, and return the partition and offset it got.

        Its headers say where it comes from, when and by whom. Raises SendRefused, and NotStored within 10 seconds.
        """
        return await self._sending().sending_again.as_it_was(letter)

    async def send_corrected(
        self,
        letter: DeadLetterReceived,
        x: str,
        operation: str,
        y: str | None,
        *,
        key: str | None = None,
        partition: int | None = None,
    ) -> tuple[int, int]:
        """Send another request in place of a dead letter's, with the same headers as `send_again`, which see."""
        return await self._sending().sending_again.corrected(letter, x, operation, y, key, partition)

    def next_partition(self, key: str | None, partition: int | None, partitions: int) -> int | None:
        """Where a request sent now goes, of that many partitions; None while kcalc is starting."""
        return None if self._traffic is None else self._traffic.sender.next_partition(key, partition, partitions)

    async def add_worker(self) -> str:
        """Start one more worker; its client id is the first free one here and in the group. SessionError read-only."""
        if self.settings.kafka.read_only:
            raise SessionError("read-only: no worker is started")
        traffic = self._started()
        members = await traffic.members()
        (client_id,) = traffic.pool.free_ids(1, members)
        traffic.pool.add([client_id], members)
        return client_id

    async def stop_worker(self, client_id: str) -> None:
        """Let a worker finish what it has in hand and leave the group. UnknownWorker if there is none."""
        await self._started().pool.stop(client_id)

    async def start_worker(self, client_id: str) -> None:
        """Start a stopped or killed worker again. UnknownWorker; DuplicateClientId if another process took its id."""
        traffic = self._started()
        traffic.pool.start(client_id, await traffic.members())

    async def restart_worker(self, client_id: str) -> None:
        """Let a worker leave the group in good order and join it anew; one that does not run is started, as above."""
        traffic = self._started()
        await traffic.pool.restart(client_id, await traffic.members())

    async def kill_worker(self, client_id: str) -> None:
        """End a worker as kill -9 would: the group counts it until its session time-out. UnknownWorker."""
        await self._started().pool.kill(client_id)

    async def slow_worker(self, client_id: str, seconds: float) -> None:
        """Let a worker wait `seconds` before each request, 0: no longer. UnknownWorker; ValueError beyond a minute."""
        self._started().pool.slow(client_id, seconds)

    def worker_details(self, client_id: str) -> WorkerDetails | None:
        """What only this process knows of a worker: its lanes, the ages of its poll, heartbeat and commit.

        None for a worker of another process, for one that is no member, and while kcalc is starting.
        """
        traffic = self._traffic
        return traffic.pool.details(client_id) if traffic and client_id in traffic.pool.client_ids else None

    async def pause_worker(self, client_id: str) -> None:
        """Let a worker take no further requests; it stays in the group. UnknownWorker."""
        self._started().pool.pause(client_id)

    async def resume_worker(self, client_id: str) -> None:
        """Let a paused worker go on. UnknownWorker."""
        self._started().pool.resume(client_id)

    async def look_up(self, topic: str, partition: int, offset: int) -> "Looked | None":
        """The record as it is stored there, None if there is none any more. Bounded. Raises LookUpFailed."""
        if self._connection is None:
            raise LookUpFailed("kcalc is not connected")
        from tui.clients.look_up import look_up

        return await look_up(self._connection, topic, partition, offset, _LOOK_UP_S)

    def _sending(self) -> "Traffic":
        if self.settings.kafka.read_only:
            raise SendRefused("read-only: no request is sent")
        if self._traffic is None:
            raise SendRefused("kcalc is still starting: send again in a moment")
        return self._traffic

    def _started(self) -> "Traffic":
        if self._traffic is None:
            raise SessionError("kcalc is not running")
        return self._traffic

    def _emit(self, event: Event) -> None:
        self.ledger.apply(event)
        if isinstance(event, ResultsReceived):
            self.results.extend(event.results)
        elif isinstance(event, DeadLetterReceived):
            self.dead_letters.add(event)
        if self.on_event is not None:
            self.on_event(event)
