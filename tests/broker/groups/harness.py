"""A group coordinator under a clock the test moves, and replies that hold at most one answer."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from tui.broker.errors import ErrorCode
from tui.broker.groups import Groups, GroupSettings
from tui.broker.groups.calls import Identity, Join, Joined, Sync, Synced
from tui.broker.groups.group import Group
from tui.broker.groups.rebalance import GroupState

GROUP = "kcalc"
RANGE = {"range": b"topics"}
INITIAL_DELAY_S = 0.1
SESSION_S = 10.0
REBALANCE_S = 60.0
SETTINGS = GroupSettings(initial_rebalance_delay_s=INITIAL_DELAY_S)

T = TypeVar("T")


@dataclass(eq=False)
class FakeTimer:
    callback: Callable[[], None] | None

    def cancel(self) -> None:
        self.callback = None


class FakeTime:
    """A clock that stands still until the test lets it run."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self._order = itertools.count()
        self._timers: list[tuple[float, int, FakeTimer]] = []

    def clock(self) -> float:
        return self.now_s

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> FakeTimer:
        timer = FakeTimer(callback)
        heapq.heappush(self._timers, (self.now_s + delay_s, next(self._order), timer))
        return timer

    @property
    def live_timers(self) -> int:
        return sum(1 for _, _, timer in self._timers if timer.callback is not None)

    def run(self, seconds: float) -> None:
        """Let time pass; what falls due on the way happens at its time."""
        end_s = self.now_s + seconds
        while self._timers and self._timers[0][0] <= end_s:
            due_s, _, timer = heapq.heappop(self._timers)
            if timer.callback is not None:
                self.now_s = max(self.now_s, due_s)
                timer.callback()
        self.now_s = end_s


@dataclass(eq=False)
class Reply(Generic[T]):
    """The place of one answer; a second one is a failure of the coordinator."""

    answers: list[T] = field(default_factory=list)

    def __call__(self, answer: T) -> None:
        assert not self.answers, f"answered twice: {self.answers[0]} and {answer}"
        self.answers.append(answer)

    @property
    def is_parked(self) -> bool:
        return not self.answers

    @property
    def value(self) -> T:
        assert self.answers, "still parked"
        return self.answers[0]


class Coordinator:
    """The groups, and short words for what clients send them."""

    def __init__(self, settings: GroupSettings = SETTINGS) -> None:
        self.time = FakeTime()
        self.groups = Groups(settings, self.time.clock, self.time.call_later)

    @property
    def group(self) -> Group:
        group = self.groups.get(GROUP)
        assert group is not None
        return group

    def join(
        self,
        member_id: str = "",
        *,
        instance: str | None = None,
        protocols: Mapping[str, bytes] = RANGE,
        protocol_type: str = "consumer",
        session_s: float = SESSION_S,
        rebalance_s: float = REBALANCE_S,
        version: int = 9,
        group_id: str = GROUP,
    ) -> Reply[Joined]:
        reply: Reply[Joined] = Reply()
        call = Join(
            identity=Identity(member_id, instance),
            client_id="client",
            client_host="/127.0.0.1",
            session_timeout_s=session_s,
            rebalance_timeout_s=rebalance_s,
            protocol_type=protocol_type,
            protocols=protocols,
            member_id_required=version >= 4,
            skip_assignment_supported=version >= 9,
        )
        self.groups.join(group_id, call, reply)
        return reply

    def enter(
        self,
        *,
        protocols: Mapping[str, bytes] = RANGE,
        session_s: float = SESSION_S,
        rebalance_s: float = REBALANCE_S,
    ) -> tuple[str, Reply[Joined]]:
        """The two joins of a dynamic member that speaks v4 or later; gives its id and the second reply."""
        refused = self.join(protocols=protocols, session_s=session_s, rebalance_s=rebalance_s).value
        assert refused.error is ErrorCode.MEMBER_ID_REQUIRED
        member_id = refused.member_id
        return member_id, self.join(member_id, protocols=protocols, session_s=session_s, rebalance_s=rebalance_s)

    def sync(
        self,
        member_id: str,
        generation: int,
        assignments: Mapping[str, bytes] | None = None,
        *,
        instance: str | None = None,
        protocol_type: str | None = "consumer",
        protocol_name: str | None = "range",
    ) -> Reply[Synced]:
        reply: Reply[Synced] = Reply()
        call = Sync(Identity(member_id, instance), generation, protocol_type, protocol_name, dict(assignments or {}))
        self.groups.sync(GROUP, call, reply)
        return reply

    def heartbeat(self, member_id: str, generation: int, instance: str | None = None) -> ErrorCode:
        return self.groups.heartbeat(GROUP, Identity(member_id, instance), generation)

    def leave(self, member_id: str, instance: str | None = None) -> ErrorCode:
        return self.groups.leave(GROUP, Identity(member_id, instance))

    def stable(self, members: int) -> list[str]:
        """A stable group of that many dynamic members, leader first; assignments are the ids as bytes."""
        ids = self.completing(members)
        self.settle(ids, 1)
        return ids

    def completing(self, members: int = 2) -> list[str]:
        """A group whose members have joined and not synced, leader first."""
        entered = [self.enter() for _ in range(members)]
        self.time.run(2 * INITIAL_DELAY_S)
        assert self.group.state is GroupState.COMPLETING_REBALANCE
        return [member_id for member_id, _ in entered]

    def settle(self, ids: list[str], generation: int) -> None:
        """Sync them all, the first one as leader."""
        replies = [self.sync(member_id, generation) for member_id in ids[1:]]
        replies.append(self.sync(ids[0], generation, {member_id: member_id.encode() for member_id in ids}))
        assert all(reply.value.error is ErrorCode.NONE for reply in replies)

    def stay_alive(self, ids: list[str], generation: int, seconds: float) -> None:
        """Let time pass while these members send heartbeats."""
        for _ in range(round(seconds)):
            self.time.run(1.0)
            for member_id in ids:
                self.heartbeat(member_id, generation)
