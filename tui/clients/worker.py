"""One worker of this process: a client id, its membership in the group, and who brings it back when it fails."""

import asyncio
import logging
from collections import deque

from aiokafka.errors import KafkaConnectionError

from tui.clients.backoff import Backoff
from tui.clients.entrance import NotLetIn
from tui.clients.membership import Membership, MembershipParts
from tui.clients.reasons import reason
from tui.clients.tasks import spawn
from tui.events import (
    WorkerSlowed,
    WorkerState,
    WorkerStateChanged,
)
from tui.worker_details import WorkerDetails

log = logging.getLogger(__name__)

_FAILED_LEAVE_S = 1.0
_KILLED_KEPT = 64  # more than are killed within one session time-out


class Worker:
    """Runs from `start` to `stop`, and may be started again. Reports every change of its state as an event."""

    def __init__(self, parts: MembershipParts, may_join: asyncio.Event) -> None:
        self._parts = parts
        self._may_join = may_join
        self._membership: Membership | None = None
        self._task: asyncio.Task[None] | None = None
        self._killed: deque[str] = deque(maxlen=_KILLED_KEPT)
        self._heard_at: float | None = None
        self._paused = False
        self._actual = WorkerState.STOPPED
        self._detail = ""
        self._lost: tuple[WorkerState, str] | None = None
        self._shown: tuple[WorkerState, str] | None = None

    @property
    def client_id(self) -> str:
        """The client id of its consumer, unique in the group."""
        return self._parts.calculator.client_id

    @property
    def running(self) -> bool:
        """True from `start` to `stop`, also while it waits for a broker."""
        return self._task is not None

    def was(self, member_id: str) -> bool:
        """True if that member of the group was this worker before it was killed."""
        return member_id in self._killed

    def start(self) -> None:
        """Join the group, in a task of its own, and as fast as it can; tries again for ever."""
        if self._task is None:
            self._paused = False
            self.slow(0.0)
            self._set(WorkerState.CONNECTING)
            self._task = spawn(self._supervise(), f"worker {self.client_id}")

    async def stop(self, within_s: float) -> None:
        """Finish what is in hand, commit and leave the group, in about `within_s` seconds whatever the broker does."""
        task, self._task = self._task, None
        if task is None:
            return
        self._lost = None
        self._set(WorkerState.STOPPING)
        membership, self._membership = self._membership, None
        # First, so that it does not take the end of the consumer for a failure and make a new one.
        task.cancel()
        await asyncio.wait([task])
        if membership is not None:
            await membership.leave(within_s)
        self._set(WorkerState.STOPPED)

    async def kill(self) -> None:
        """End as a process does by kill -9: no LeaveGroup, no commit, no end of a transaction reaches the broker."""
        task, self._task = self._task, None
        if task is None:
            return
        self._lost = None
        membership, self._membership = self._membership, None
        if membership is not None:
            self._killed.append(membership.sever())
        self._heard_at = None if membership is None else membership.heard_at
        task.cancel()
        after_s = self._parts.settings.session_timeout_s
        self._set(WorkerState.KILLED, f"the group notices after {after_s:g} s")
        await asyncio.wait([task])
        if membership is not None:
            await membership.leave(_FAILED_LEAVE_S)

    async def restart(self, within_s: float) -> None:
        """Leave the group and join it anew, paused and slow if it was."""
        if self._task is not None:
            paused, delay_s = self._paused, self._parts.slowness.delay_s
            await self.stop(within_s)
            self.start()
            self.slow(delay_s)
            if paused:
                self.pause()

    def slow(self, delay_s: float) -> None:
        """Wait so long before each request; 0: no longer. ValueError for a delay that no group would bear."""
        if delay_s != self._parts.slowness.delay_s:
            self._parts.slowness.set(delay_s)
            self._parts.emit(WorkerSlowed(self.client_id, delay_s, self._parts.calculator.clock()))

    def details(self) -> WorkerDetails | None:
        """What only this process knows of it; None while it is no member."""
        return None if self._membership is None else self._membership.details()

    def pause(self) -> None:
        """Take no further requests but stay in the group. What is in hand is finished."""
        self._paused = True
        if self._membership is not None:
            self._membership.pause()
        self._publish()

    def resume(self) -> None:
        """Take requests again."""
        self._paused = False
        if self._membership is not None:
            self._membership.resume()
        self._publish()

    def broker_is(self, lost: tuple[WorkerState, str] | None) -> None:
        """The session found that no broker works for us: show that. None: one does again."""
        self._lost = lost
        self._publish()

    async def _supervise(self) -> None:
        await self._may_join.wait()
        backoff = Backoff()
        while True:
            self._membership = membership = Membership(self._parts, self._paused, self._member_is)
            error: Exception
            try:
                await membership.run()
                raise AssertionError("a membership runs until it fails or is cancelled")
            except ExceptionGroup as failed:
                error = failed.exceptions[0]
            except Exception as failed:
                error = failed
            if self._actual == WorkerState.IDLE:
                backoff.reset()
            wait_s = backoff.next_s()
            log.warning("%s failed: %r; again in %.1f s", self.client_id, error, wait_s)
            self._set(_state_after(error), self._advice(error))
            await membership.leave(_FAILED_LEAVE_S)
            await asyncio.sleep(wait_s)

    def _advice(self, error: Exception) -> str:
        reads, group = (self._parts.calculator.topics.requests,), self._parts.settings.group
        return self._parts.connection.advice(error, reads=reads, group=group, joins=True) or reason(error)

    def _member_is(self, state: WorkerState) -> None:
        if self.running:  # else it is stopping, whatever a rebalance meanwhile does
            self._set(state)

    def _set(self, state: WorkerState, detail: str = "") -> None:
        self._actual, self._detail = state, detail
        self._publish()

    def _publish(self) -> None:
        shown = (self._actual, self._detail)
        alive = self._actual not in {WorkerState.STOPPING, WorkerState.STOPPED, WorkerState.KILLED}
        if alive and self._lost:
            shown = self._lost
        elif self._paused and self._actual == WorkerState.IDLE:
            shown = (WorkerState.PAUSED, "")
        if shown != self._shown:
            self._shown = shown
            now = self._parts.calculator.clock()
            heard_at = self._heard_at if self._actual is WorkerState.KILLED else None
            self._parts.emit(WorkerStateChanged(self.client_id, *shown, now, heard_at))


def _state_after(error: Exception) -> WorkerState:
    if isinstance(error, NotLetIn):
        return WorkerState.REFUSED
    return WorkerState.NO_BROKER if isinstance(error, KafkaConnectionError) else WorkerState.FAILED
