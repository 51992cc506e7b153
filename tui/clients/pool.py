"""The workers that this process owns: add, stop, kill, start again, restart, pause, resume, slow down."""

import asyncio
from collections.abc import Callable, Collection, Iterable

from tui.calc.operations import Operations
from tui.clients.added_operations import AddedOperations
from tui.clients.answers import Calculator
from tui.clients.connection import Connection
from tui.clients.membership import MembershipParts
from tui.clients.refusals import DuplicateClientId, UnknownWorker
from tui.clients.slowness import Slowness
from tui.clients.turns import Turns
from tui.clients.worker import Worker
from tui.events import Event, WorkerState
from tui.group import Member
from tui.settings import Settings
from tui.worker_details import WorkerDetails


def client_id_of(text: str) -> str:
    """The client id a person means: "0" is "client-0", anything else is meant as written."""
    return f"client-{int(text)}" if text.isascii() and text.isdigit() else text


class Pool:
    """Workers by client id, in the order in which they were added. A stopped one stays and can be started again."""

    def __init__(
        self,
        settings: Settings,
        connection: Connection,
        operations: Operations,
        *,
        turns: Turns,
        emit: Callable[[Event], None],
        clock: Callable[[], float],
    ) -> None:
        self._settings = settings
        self._connection = connection
        self._operations = operations
        self._added = AddedOperations(settings, operations)
        self._turns = turns
        self._emit = emit
        self._clock = clock
        self._workers: dict[str, Worker] = {}
        self._lost: tuple[WorkerState, str] | None = None
        self._topics_exist = asyncio.Event()

    @property
    def client_ids(self) -> tuple[str, ...]:
        """All workers of this process, stopped ones too."""
        return tuple(self._workers)

    def free_ids(self, count: int, members: Iterable[Member]) -> list[str]:
        """The first `count` ids of client-0, client-1 … that neither this process nor the group has."""
        taken = {*self._workers, *(member.client_id for member in members)}
        free: list[str] = []
        number = 0
        while len(free) < count:
            if (client_id := f"client-{number}") not in taken:
                free.append(client_id)
            number += 1
        return free

    def add(self, client_ids: Collection[str], members: Iterable[Member]) -> None:
        """Start new workers. Raises DuplicateClientId if one is taken here or by one of the group's `members`."""
        for client_id in client_ids:
            if client_id in self._workers:
                raise DuplicateClientId(f"{client_id} runs in this process already")
            self._refuse_member(client_id, members)
        if len(set(client_ids)) < len(client_ids):
            raise DuplicateClientId(f"a client id is given twice: {' '.join(client_ids)}")
        for client_id in client_ids:
            worker = self._workers[client_id] = Worker(self._parts(client_id), self._topics_exist)
            worker.start()
            worker.broker_is(self._lost)

    def topics_exist(self) -> None:
        """Let the workers join. Before, their metadata requests might create the topics with other partitions."""
        self._topics_exist.set()

    def start(self, client_id: str, members: Iterable[Member]) -> None:
        """Start a stopped or killed worker again. Raises DuplicateClientId if another process took its id meanwhile."""
        worker = self._worker(client_id)
        if not worker.running:
            self._refuse_member(client_id, [member for member in members if not worker.was(member.member_id)])
            worker.start()

    async def stop(self, client_id: str) -> None:
        """Stop one worker: it finishes what it has in hand, commits and leaves the group."""
        await self._worker(client_id).stop(self._settings.workers.stop_timeout_s)

    async def kill(self, client_id: str) -> None:
        """End one worker as kill -9 would; its group counts it until its session is over."""
        await self._worker(client_id).kill()

    async def restart(self, client_id: str, members: Iterable[Member]) -> None:
        """Let a worker leave and join anew, or start it if it is not running. Raises as `start`."""
        await self._worker(client_id).restart(self._settings.workers.stop_timeout_s)
        self.start(client_id, members)

    def slow(self, client_id: str, delay_s: float) -> None:
        """Let a worker wait so long before each request; 0: no longer. ValueError for a delay below 0 or too long."""
        self._worker(client_id).slow(delay_s)

    def details(self, client_id: str) -> WorkerDetails | None:
        """What only this process knows of a worker; None while it is no member."""
        return self._worker(client_id).details()

    async def stop_all(self) -> None:
        """Stop every worker, all at the same time."""
        within_s = self._settings.workers.stop_timeout_s
        await asyncio.gather(*(worker.stop(within_s) for worker in self._workers.values()))
        await self._added.close()

    async def restart_all(self) -> None:
        """Let every running worker leave and join anew, as after its topic was created again."""
        within_s = self._settings.workers.stop_timeout_s
        await asyncio.gather(*(worker.restart(within_s) for worker in self._workers.values()))

    def pause(self, client_id: str) -> None:
        """Let a worker take no further requests; it stays in the group."""
        self._worker(client_id).pause()

    def resume(self, client_id: str) -> None:
        """Let a paused worker go on."""
        self._worker(client_id).resume()

    def broker_is(self, lost: tuple[WorkerState, str] | None) -> None:
        """Why no broker works for us, with what to do about it: all running workers show it. None: one does."""
        self._lost = lost
        for worker in self._workers.values():
            worker.broker_is(lost)

    def _worker(self, client_id: str) -> Worker:
        try:
            return self._workers[client_id]
        except KeyError:
            raise UnknownWorker(f"this process has no worker {client_id}") from None

    def _refuse_member(self, client_id: str, elsewhere: Iterable[Member]) -> None:
        host = next((member.host for member in elsewhere if member.client_id == client_id), None)
        if host is not None:
            group, after_s = self._settings.workers.group, self._settings.workers.session_timeout_s
            raise DuplicateClientId(
                f"{client_id} is already in group {group}, from host {host.lstrip('/')}"
                f" (a worker that was killed is gone after {after_s:.0f} s)"
            )

    def _parts(self, client_id: str) -> MembershipParts:
        calc, topics = self._settings.calc, self._settings.topics
        calculator = Calculator(client_id, topics, self._operations, calc.max_request_bytes, self._clock)
        return MembershipParts(
            self._connection, self._settings.workers, calculator, self._added, self._turns, self._emit, Slowness()
        )
