"""One membership in the consumer group: from joining to leaving, with a lane per assigned partition."""

import asyncio
import logging
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal

from aiokafka import ConsumerRebalanceListener
from aiokafka.errors import IllegalStateError
from aiokafka.structs import TopicPartition

from tui.clients.added_operations import AddedOperations
from tui.clients.aiokafka_types import Consumer
from tui.clients.answers import Calculator
from tui.clients.commits import Commits
from tui.clients.connection import Connection, closed, started
from tui.clients.delivery import AtLeastOnce, Delivery
from tui.clients.exactly_once import ExactlyOnce
from tui.clients.insides import member_id, sever
from tui.clients.lane import Lane, LaneParts
from tui.clients.pulse import Pulse
from tui.clients.slowness import Slowness
from tui.clients.turns import Turns
from tui.events import (
    Event,
    MembershipLost,
    PartitionsAssigned,
    PartitionsRevoked,
    WorkerState,
)
from tui.settings import WorkerSettings
from tui.worker_details import WorkerDetails

log = logging.getLogger(__name__)

_WATCH_MS = 1_000
_NO_PARTITION = 2**31 - 1
_REVOKE_COMMIT_S = 2.0
_HEARTBEAT_ANSWER_S = 1.0
_SESSION_SHARE = 0.9  # the coordinator counts from when it heard, this side from when it was answered
_LEAVE_SHARE = 0.7  # of the time to stop: what was cut off takes a moment to end, and the process some 0.4 s more


@dataclass(frozen=True, slots=True)
class MembershipParts:
    """What a membership is made of; the same for each one of a worker."""

    connection: Connection
    settings: WorkerSettings
    calculator: Calculator
    added: AddedOperations
    turns: Turns
    emit: Callable[[Event], None]
    slowness: Slowness


class Membership(ConsumerRebalanceListener):
    """A consumer of the group and its lanes. `run` once; `changed(state)` is called with JOINING and IDLE."""

    def __init__(self, parts: MembershipParts, paused: bool, changed: Callable[[WorkerState], None]) -> None:
        self._parts = parts
        self._paused = paused
        self._changed = changed
        self._topic = parts.calculator.topics.requests
        self._client_id = parts.calculator.client_id
        self._pulse = Pulse(parts.calculator.clock, self._lost)
        self._consumer: Consumer = parts.connection.member(self._client_id, parts.settings, self._pulse)
        self._commits = Commits(self._consumer, self._topic, self._pulse.committed)
        self._lane_parts = LaneParts(
            parts.calculator,
            parts.added,
            parts.settings.batch,
            parts.turns,
            parts.emit,
            fenced_wait_s=2 * parts.settings.heartbeat_interval_s + _HEARTBEAT_ANSWER_S,
            slowness=parts.slowness,
            pulse=self._pulse,
        )
        self._lanes: dict[TopicPartition, Lane] = {}
        self._tasks: asyncio.TaskGroup | None = None
        self._taking_over: asyncio.Task[None] | None = None
        self._leaving = False
        self._severed = False

    async def run(self) -> None:
        """Join and work until cancelled or until something fails that only a new membership can mend."""
        await started(self._consumer)
        self._changed(WorkerState.JOINING)
        async with asyncio.TaskGroup() as self._tasks:
            self._tasks.create_task(self._commits.run(), name="commits")
            self._tasks.create_task(self._watch(), name="watch")
            self._consumer.subscribe([self._topic], listener=self)

    async def leave(self, within_s: float) -> None:
        """Finish what is in hand, commit and leave the group, all within about `within_s` seconds."""
        self._leaving = True
        self._pulse.leaves()
        within_s *= _LEAVE_SHARE
        deadline = time.monotonic() + within_s
        await self._stop_lanes(within_s * 0.5)
        await self._commits.close(max(0.05, (deadline - time.monotonic()) * 0.5))
        await closed(self._consumer, max(0.05, deadline - time.monotonic()))

    def sever(self) -> str:
        """Cut all connections at once, as if the process had been killed, and return the id of the member it was.

        The group counts it until its session is over. `leave` then closes what is left here.
        """
        self._leaving = self._severed = True
        self._pulse.leaves()
        self._commits.drop()
        sever(self._consumer)
        if self._taking_over is not None:
            self._taking_over.cancel()
        for lane in self._lanes.values():
            lane.sever()
        return member_id(self._consumer)

    @property
    def heard_at(self) -> float | None:
        """When the group last answered it, in Unix seconds; None if it never did."""
        return self._pulse.heard_at

    def details(self) -> WorkerDetails:
        """Its signs of life, and how each lane stands."""
        now, pulse = self._parts.calculator.clock(), self._pulse
        poll, heartbeat, commit = (
            None if at is None else max(0.0, now - at) for at in (pulse.polled_at, pulse.heard_at, pulse.committed_at)
        )
        return WorkerDetails(poll, heartbeat, commit, tuple(self._lanes[at].details() for at in sorted(self._lanes)))

    def pause(self) -> None:
        """Take no further requests but stay a member."""
        self._paused = True
        if assigned := self._assigned():
            self._consumer.pause(*assigned)
        for lane in self._lanes.values():
            lane.pause()

    def resume(self) -> None:
        """Take requests again."""
        self._paused = False
        if assigned := self._assigned():
            self._consumer.resume(*assigned)
        for lane in self._lanes.values():
            lane.resume()

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        """Finish what is in hand, bounded well below the rebalance time-out, and commit.

        Also while it is leaving: the group goes on as soon as this returns, and then nothing can be committed.
        """
        if not self._leaving:
            self._changed(WorkerState.JOINING)
        await self._stop_lanes(self._parts.settings.rebalance_timeout_s / 3)
        await self._commits.close(_REVOKE_COMMIT_S)

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """Start lanes; not in this call, as positions may take a while and the group waits for nobody here."""
        if self._leaving or self._tasks is None:
            return
        self._pulse.heard()
        self._commits.open()
        if self._paused and assigned:
            self._consumer.pause(*assigned)
        self._taking_over = self._tasks.create_task(self._take_over(sorted(assigned)), name="take over")

    async def _take_over(self, assigned: list[TopicPartition]) -> None:
        try:
            positions = await asyncio.gather(*(self._consumer.position(partition) for partition in assigned))
        except IllegalStateError:
            return  # revoked meanwhile
        now = self._parts.calculator.clock()
        for tp, position in zip(assigned, positions, strict=True):
            lane = self._lanes[tp] = Lane(self._lane_parts, self._consumer, tp, position, self._delivery(tp))
            if self._paused:
                lane.pause()
            lane.start()
        offsets = {tp.partition: await lane.opened() for tp, lane in [*self._lanes.items()]}
        self._parts.emit(PartitionsAssigned(self._client_id, generation(self._consumer), offsets, now))
        self._changed(WorkerState.IDLE)

    def _delivery(self, partition: TopicPartition) -> Delivery:
        connection, calculator, settings = self._parts.connection, self._parts.calculator, self._parts.settings
        if settings.delivery == "exactly_once":
            return ExactlyOnce(connection, calculator, partition, settings.group, self._pulse.committed)
        return AtLeastOnce(connection, calculator, partition, self._commits.mark)

    async def _stop_lanes(self, within_s: float) -> None:
        if self._taking_over is not None:
            self._taking_over.cancel()
        lanes = dict(self._lanes)
        await asyncio.gather(*(lane.stop(within_s) for lane in lanes.values()))
        # A rebalance and the leaving may both wait for the same lanes.
        stopped = [tp.partition for tp in lanes if self._lanes.pop(tp, None) is not None]
        if stopped and not self._severed:
            self._parts.emit(PartitionsRevoked(self._client_id, stopped, self._parts.calculator.clock()))

    def _lost(self, late: Literal["heartbeat", "poll"], silent_s: float) -> None:
        """A coordinator that has lost its memory knows nobody, either: then no heartbeat was late."""
        if late == "poll" or silent_s >= _SESSION_SHARE * self._parts.settings.session_timeout_s:
            self._parts.emit(MembershipLost(self._client_id, late, silent_s, self._parts.calculator.clock()))

    async def _watch(self) -> None:
        """Raise what ails the coordination of the group, also when there is no lane that would notice.

        It reads a partition that does not exist. That also keeps aiokafka from evicting a paused worker, which it
        does to a consumer that is not read from for `max_poll_interval_ms`.
        """
        nothing = TopicPartition(self._topic, _NO_PARTITION)
        while True:
            await self._consumer.getmany(nothing, timeout_ms=_WATCH_MS)

    def _assigned(self) -> set[TopicPartition]:
        return set(self._consumer.assignment())


def generation(consumer: Consumer) -> int:
    """The generation of the group as `consumer` knows it, -1 outside a group. aiokafka has no public name for it."""
    coordinator = getattr(consumer, "_coordinator", None)
    return getattr(coordinator, "generation", -1)
