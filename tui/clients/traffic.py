"""All that travels between one process and the cluster: workers, sender, results reader, and who watches over them."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any

from aiokafka.errors import KafkaConnectionError, KafkaError, NodeNotReadyError
from aiokafka.structs import TopicPartition

from tui.calc.operations import Operations
from tui.clients import topics
from tui.clients.connection import Connection
from tui.clients.entrance import NotLetIn
from tui.clients.group import Look, Observer
from tui.clients.next_look import NextLook
from tui.clients.permissions import Role
from tui.clients.pool import Pool
from tui.clients.results import ResultsReader
from tui.clients.sender import Sender
from tui.clients.sending_again import SendingAgain
from tui.clients.tasks import spawn
from tui.clients.topics import NewTopicPlan, TopicDescription
from tui.clients.turns import Turns
from tui.events import Event, Link, LinkChanged, ObservationFailed, WorkerState
from tui.group import Member
from tui.settings import Settings

log = logging.getLogger(__name__)

_LOOK_WITHIN_S = 5.0
_START_WITHIN_S = 5.0
_DRAIN_S = 0.5


class Traffic:
    """Everything of one session that talks to the cluster. `start` once, `stop` once.

    It connects as soon as there is a broker: makes the topics, fixes the reader's place, and only then lets workers
    join and requests go. Afterwards it looks at the group once a second, and soon after partitions changed hands here,
    and mends what it sees: topics that vanished are created again.
    """

    def __init__(
        self,
        connection: Connection,
        settings: Settings,
        operations: Operations,
        *,
        sender: str,
        reads_results: bool,
        emit: Callable[[Event], None],
        clock: Callable[[], float],
    ) -> None:
        self._connection = connection
        self._settings = settings
        self._emit = emit
        self._clock = clock
        turns = Turns() if reads_results else Turns(rest_s=0.0)
        self.pool = Pool(settings, connection, operations, turns=turns, emit=self._worker_said, clock=clock)
        self._next_look = NextLook()
        self._may_send = asyncio.Event()
        self.sender = Sender(
            connection,
            settings.topics.requests,
            sender,
            turns=turns,
            emit=self._sender_said,
            clock=clock,
            may_send=self._may_send,
        )
        self.sending_again = SendingAgain(self.sender, connection, settings.topics.dead_letters, sender, clock)
        self.reader = ResultsReader(connection, settings.topics, turns=turns, emit=emit, clock=clock)
        self._observer = Observer(connection, settings, clock)
        self._plans = topics.plans(settings.topics)
        self._tasks: list[asyncio.Task[None]] = []
        self._keeping: asyncio.Task[None] | None = None
        self._connected = False
        self._reads_results = reads_results
        self._read_only = settings.kafka.read_only
        self._link: tuple[Link, str] | None = None
        self._seen: dict[str, TopicDescription] = {}
        self._ends: dict[TopicPartition, int] = {}

    async def start(self, client_ids: Sequence[str] | None) -> None:
        """Connect, or keep trying in the background, and start the workers (None: the configured number of free ids).

        Raises DuplicateClientId if one of `client_ids` is taken. Read-only, none are started and nothing is sent.
        """
        if not self._read_only:
            self._spawn(self.sender.run(), "sender")
        members: Sequence[Member] = ()
        try:
            async with asyncio.timeout(_START_WITHIN_S):
                await self._connect()
                members = await self._observer.members(_LOOK_WITHIN_S)
        except (KafkaError, OSError, TimeoutError) as error:
            self._failed(error)
        if self._read_only:
            client_ids = ()
        elif client_ids is None:
            client_ids = self.pool.free_ids(self._settings.workers.count, members)
        self.pool.add(client_ids, members)
        self._keeping = self._spawn(self._keep(), "watch over the cluster")

    async def stop(self) -> None:
        """Let the workers finish and leave, and close everything, within about the configured stop time-out."""
        if self._keeping is not None:
            self._keeping.cancel()  # it must not mend what is being closed
        await asyncio.gather(self.pool.stop_all(), self._stop_tasks(), self._observer.close())
        self.sender.abandon("stopped before the broker took them")

    def _sender_said(self, event: Event) -> None:
        self._emit(event)
        self.sending_again.seen(event)

    def _worker_said(self, event: Event) -> None:
        self._emit(event)
        self._next_look.heard(event)

    async def _stop_tasks(self) -> None:
        await self.sender.drained(_DRAIN_S)
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def members(self) -> Sequence[Member]:
        """The group's members; none if no broker answers."""
        try:
            return await self._observer.members(_LOOK_WITHIN_S)
        except (KafkaError, OSError, TimeoutError):
            return ()

    async def _connect(self) -> None:
        """Make sure of the topics; the first time also fix the reader's place and let everything begin."""
        admin = await self._observer.admin(_LOOK_WITHIN_S)
        if self._connected:
            return
        if not self._read_only:
            await topics.ensure(admin, self._plans)
        present = await topics.describe(admin)
        counts = {plan.name: present[plan.name].partitions for plan in self._plans if plan.name in present}
        if self._reads_results:
            await self.reader.open(counts, self._settings.dashboard.results_at_start)
            self._spawn(self.reader.run(), "results reader")
        self._connected = True
        self._may_send.set()
        self.pool.topics_exist()
        self._changed(Link.CONNECTED, "")

    async def _keep(self) -> None:
        while True:
            try:
                await self._connect()
                look = await self._observer.look(_LOOK_WITHIN_S)
                self._changed(Link.CONNECTED, "")
                self._emit(look.group)
                if self.reader.trouble:
                    self._emit(ObservationFailed(f"no results: {self.reader.trouble}", self._clock()))
                await self._mend(look)
            except (KafkaError, OSError, TimeoutError) as error:
                self._failed(error)
            await self._next_look.due()

    async def _mend(self, look: Look) -> None:
        """Create again what vanished, and restart whoever still holds offsets of what it was."""
        if self._read_only:
            self._follow(look)
            return
        gone = [plan for plan in self._plans if self._vanished(plan.name, look)]
        if gone:
            await self._create_again(gone)
            look = await self._observer.look(_LOOK_WITHIN_S)
        self._seen, self._ends = look.topics, look.ends
        self.reader.partitions_are({name: topic.partitions for name, topic in look.topics.items()})

    def _follow(self, look: Look) -> None:
        """Read-only: name the topics that are not there, and read from the beginning what is there anew."""
        absent = [plan.name for plan in self._plans if plan.name not in look.topics]
        if absent:
            names = " and ".join(absent)
            missing = f"{names}: no such topic" if len(absent) == 1 else f"{names}: no such topics"
            self._emit(ObservationFailed(f"read-only: {missing}, and none is created", self._clock()))
        anew = {name: topic.partitions for name, topic in look.topics.items() if self._vanished(name, look)}
        if anew:
            self.reader.rewind(anew)
        self._seen, self._ends = self._seen | look.topics, self._ends | look.ends
        self.reader.partitions_are({name: topic.partitions for name, topic in look.topics.items()})

    def _vanished(self, name: str, look: Look) -> bool:
        """True if the topic is gone, or is another one of that name: with fewer partitions, or lower end offsets."""
        if name not in look.topics:
            return True
        before = self._seen.get(name)
        if before is not None and look.topics[name].partitions < before.partitions:
            return True
        return any(look.ends.get(place, end) < end for place, end in self._ends.items() if place.topic == name)

    async def _create_again(self, gone: Sequence[NewTopicPlan]) -> None:
        admin = await self._observer.admin(_LOOK_WITHIN_S)
        async with asyncio.timeout(_LOOK_WITHIN_S):
            await topics.ensure(admin, gone)
            present = await topics.describe(admin)
            for plan in gone:
                before = self._seen.get(plan.name)
                wanted = plan if before is None else replace(plan, partitions=before.partitions)
                # A metadata request of any client may have been faster, and then it has the broker's defaults.
                await topics.restore(admin, wanted, present[plan.name])
            await topics.ensure(admin, gone)
        names = " and ".join(plan.name for plan in gone)
        log.warning("%s vanished and had to be created again", names)
        self._changed(Link.CONNECTED, f"{names} vanished and had to be created again; what it held is lost")
        present = await topics.describe(admin)
        self.reader.rewind({plan.name: present[plan.name].partitions for plan in gone})
        await self.pool.restart_all()

    def _failed(self, error: Exception) -> None:
        if isinstance(error, KafkaConnectionError | NodeNotReadyError | OSError):
            told = error if isinstance(error, KafkaConnectionError) else KafkaConnectionError()
            link = Link.REFUSED if isinstance(told, NotLetIn) else Link.NO_BROKER
            self._changed(link, self._connection.advice(told))
        else:
            log.warning("look at the group failed: %r", error)
            self._emit(ObservationFailed(self._connection.reason(error, **self._role()), self._clock()))

    def _role(self) -> Role:
        """What this session needs: with a screen it sends and reads results, without one it only works."""
        names, group = self._settings.topics, self._settings.workers.group
        answers = (names.results, names.dead_letters)
        if self._reads_results:
            return Role(reads=answers, writes=(names.requests,), group=group)
        return Role(reads=(names.requests,), writes=answers, group=group)

    def _changed(self, link: Link, detail: str) -> None:
        if self._link is not None and self._link[0] == link and (not detail or detail == self._link[1]):
            return
        self._link = (link, detail)
        self.pool.broker_is((WorkerState(link), detail) if link.down else None)
        self._emit(LinkChanged(link, detail, self._clock()))

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> "asyncio.Task[None]":
        task = spawn(work, name)
        self._tasks.append(task)
        return task
