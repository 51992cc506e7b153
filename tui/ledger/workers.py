"""What is known of each worker: its state, what it has in hand, its rate, and its latest history."""

from collections import deque
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from msgspec import Struct

from tui.events import ReceivedResult, WorkerState
from tui.group import Member
from tui.ledger.figures import WorkerFigures, WorkerNote
from tui.ledger.rates import Durations, PerSecond

_HISTORY_KEPT = 30
_BUSY_AFTERGLOW_S = 0.5  # a lane answers in milliseconds: without it a busy worker would look idle at most ticks
_RATES_SHOWN = 30
_SAME_S = 1e-5  # what is left of a difference of Unix times
_RESTING = {WorkerState.IDLE, WorkerState.BUSY}


class InHand(Struct, frozen=True):
    """What a lane is working on since when."""

    request: str
    since: float


@dataclass(slots=True)
class Worker:
    """One worker's running figures. `local` is False until it reports from this process itself.

    `tells` is True if it says itself what it owns, its `partitions` in order. Of a killed one the group still counts
    what nobody reads: to be seen.
    """

    client_id: str
    local: bool = False
    tells: bool = False
    state: WorkerState | None = None
    detail: str = ""
    delay_s: float = 0.0
    partitions: tuple[int, ...] = ()
    in_hand: dict[int, InHand] = field(default_factory=dict)
    last_finished_at: float = 0.0
    done: int = 0
    failed: int = 0
    again: int = 0
    rate: PerSecond = field(default_factory=PerSecond)
    run: Durations = field(default_factory=Durations)
    history: deque[ReceivedResult | WorkerNote] = field(default_factory=lambda: deque(maxlen=_HISTORY_KEPT))
    history_shown: tuple[ReceivedResult | WorkerNote, ...] | None = None

    def note(self, at: float, text: str) -> None:
        """Add a line to the history."""
        self._add(WorkerNote(at, text))

    def remember(self, received: ReceivedResult) -> None:
        """Add a result to the history."""
        self._add(received)

    def answered(self, received: ReceivedResult, new: bool) -> None:
        """Count an answer of this run; unless it is `new`, its request was answered before."""
        result = received.result
        if not new:
            self.again += 1
        elif result.error:
            self.failed += 1
        else:
            self.done += 1
        self.rate.add(received.at, 1)
        self.run.add(max(0.0, result.finished_at - result.received_at))

    def changed(self, state: WorkerState, detail: str, at: float) -> None:
        """Take over a state that the worker reported; idle and busy come too often for a note."""
        if self.state is WorkerState.PAUSED and state in _RESTING:
            self.note(at, "resumed")
        elif state != self.state and state not in _RESTING:
            self.note(at, f"{state}: {detail}" if detail else str(state))
        self.local, self.state, self.detail = True, state, detail
        self.tells = state is not WorkerState.KILLED
        if state in {WorkerState.STOPPED, WorkerState.KILLED, WorkerState.FAILED}:
            self.partitions = ()
            self.in_hand.clear()
        if state in {WorkerState.STOPPED, WorkerState.KILLED}:
            self.delay_s = 0.0  # a worker starts as fast as it can

    def took(self, offsets: Mapping[int, int], at: float) -> None:
        """It owns these partitions now and reads each from its offset."""
        self.partitions = tuple(sorted({*self.partitions, *offsets}))
        for partition, offset in sorted(offsets.items()):
            self.note(at, f"took p{partition} at offset {offset}")

    def gave_back(self, partitions: Sequence[int], at: float) -> None:
        """It owns these partitions no longer."""
        self.partitions = tuple(sorted({*self.partitions}.difference(partitions)))
        for partition in partitions:
            self.in_hand.pop(partition, None)
        if partitions:
            self.note(at, f"gave back {' '.join(f'p{partition}' for partition in sorted(partitions))}")

    def lane_failed(self, partition: int, reason: str, retry_in_s: float, at: float) -> None:
        """What it had in hand there is to be taken up again."""
        self.in_hand.pop(partition, None)
        self.note(at, f"p{partition} stopped: {reason}; again in {retry_in_s:.1f} s")

    def finished(self, partition: int, began: float, at: float) -> None:
        """What it took in hand then is answered; while that was on its way it may have taken up more."""
        hand = self.in_hand.get(partition)
        if hand is not None and hand.since <= began + _SAME_S:
            del self.in_hand[partition]
        self.last_finished_at = at

    def slowed(self, delay_s: float, at: float) -> None:
        """Take over how long it waits before each request."""
        self.delay_s = delay_s
        self.note(at, f"slow +{delay_s * 1_000:.0f} ms" if delay_s else "slow no more")

    def state_at(self, now: float) -> WorkerState | None:
        """The state to show: idle or busy by what is in hand, otherwise as reported."""
        if self.state not in _RESTING:
            return self.state
        busy = self.in_hand or now - self.last_finished_at < _BUSY_AFTERGLOW_S
        return WorkerState.BUSY if busy else WorkerState.IDLE

    def figures(
        self, now: float, members: Mapping[str, Member], group_state: str | None, taken: Set[int] = frozenset()
    ) -> WorkerFigures:
        """The worker as a person sees it. What a remote worker does is judged by its results and its membership.

        `taken` are the partitions that workers of this process own: they say so before the next look at the group.
        """
        oldest = self._oldest_in_hand()
        p50, p95 = self.run.percentiles()
        per_s = self.rate.rate(now)
        member = members.get(self.client_id)
        # The first six by place: with more than 12 others Python makes a dict of these, at thrice the cost of the call.
        return WorkerFigures(
            self.client_id,
            not self.local,
            self.state_at(now) if self.local else _remote_state(group_state, per_s),
            "" if member is None and self.state is WorkerState.KILLED else self.detail,
            self.partitions if self.tells else _left_to(member, taken),
            oldest.request if oldest else "",
            took_s=now - oldest.since if oldest else None,
            per_s=per_s,
            rates=self.rate.series(now, _RATES_SHOWN),
            run_p50_s=p50,
            run_p95_s=p95,
            done=self.done,
            failed=self.failed,
            again=self.again,
            history=self._shown_history(),
            delay_s=self.delay_s,
            member_id=member.member_id if member else "",
            host=member.host.lstrip("/") if member else "",
        )

    def _add(self, entry: ReceivedResult | WorkerNote) -> None:
        self.history.appendleft(entry)
        self.history_shown = None

    def _shown_history(self) -> tuple[ReceivedResult | WorkerNote, ...]:
        """Kept until there is an entry more: of most workers there is none between two ticks."""
        if self.history_shown is None:
            self.history_shown = tuple(self.history)
        return self.history_shown

    def _oldest_in_hand(self) -> InHand | None:
        """The first of those in hand for the longest time. (`min` with a key takes five times as long.)"""
        oldest = None
        for hand in self.in_hand.values():
            if oldest is None or hand.since < oldest.since:
                oldest = hand
        return oldest


def _left_to(member: Member | None, taken: Set[int]) -> tuple[int, ...]:
    """What the group says a member owns, without what others have taken since."""
    return tuple(sorted(set(member.partitions) - taken)) if member else ()


def _remote_state(group_state: str | None, per_s: float) -> WorkerState | None:
    if per_s > 0:
        return WorkerState.BUSY
    if group_state is None:
        return None
    return WorkerState.IDLE if group_state == "Stable" else WorkerState.JOINING
