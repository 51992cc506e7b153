"""The ledger: folds events into the figures of the first view. Pure: times come with the events and the questions."""

from collections.abc import Iterator, Set
from functools import singledispatchmethod

from tui.events import (
    BatchFinished,
    BatchStarted,
    DeadLetterReceived,
    Event,
    GroupObserved,
    LaneFailed,
    Link,
    LinkChanged,
    MembershipLost,
    ObservationFailed,
    PartitionsAssigned,
    PartitionsRevoked,
    ReceivedResult,
    RequestsAcknowledged,
    RequestsSent,
    RequestsUnsent,
    ResultsReceived,
    WorkerSlowed,
    WorkerStateChanged,
)
from tui.ledger.books import Books
from tui.ledger.by_position import Outcome
from tui.ledger.explain import REBALANCING, away, reasons
from tui.ledger.figures import Accounting, Figures, PartitionFigures, Reason, WorkerFigures
from tui.ledger.hot_keys import HotKeys
from tui.ledger.keyless import Keyless
from tui.ledger.own_requests import OwnRequests
from tui.ledger.partition_reasons import not_shared, partition_reasons, stand_still
from tui.ledger.partitions import lag_of
from tui.ledger.rebalances import Rebalances
from tui.ledger.roster import Roster
from tui.ledger.totals import RunningTotals
from tui.ledger.workers import InHand

_STABLE = "Stable"


class Ledger:
    """The one place that knows what was sent, answered, failed, dead-lettered and answered twice, and who did it."""

    def __init__(self, sender: str) -> None:
        self._books = Books(sender)
        self.own_requests = OwnRequests(sender)
        self._roster = Roster()
        self._unshared: Set[int] = frozenset()
        self._totals = RunningTotals()
        self._link, self._link_detail, self._down_since = Link.STARTING, "", 0.0
        self._group: GroupObserved | None = None
        self._generation: int | None = None
        self._shared_at = 0.0
        self._trouble = ""
        self._rebalances = Rebalances()
        self._keys, self._keyless = HotKeys(), Keyless()

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        """Enter one event. TypeError if it is none of `tui.events`."""
        raise TypeError(f"not an event: {event!r}")

    @apply.register
    def _(self, event: RequestsSent) -> None:
        self._books.sent(event.first, event.count, event.by_position)
        self.own_requests.asked(event.first, event.count, event.chosen, event.at)
        self._totals.sent.add(event.at, event.count)

    @apply.register
    def _(self, event: RequestsAcknowledged) -> None:
        self._books.acknowledged(event.numbers, event.partition, event.base_offset, event.at)
        self.own_requests.stored(event.numbers, event.partition, event.base_offset, event.at)

    @apply.register
    def _(self, event: RequestsUnsent) -> None:
        self._books.unsent(event.numbers)

    @apply.register
    def _(self, event: ResultsReceived) -> None:
        for received in event.results:
            self._roster.worker(received.result.client_id).remember(received)
            if event.replayed:
                self._books.replayed(received.result.partition, received.result.offset, received.result.sent_at)
            else:
                self._enter(received)
        if not event.replayed:
            self._totals.answered.add(event.at, len(event.results))

    @apply.register
    def _(self, event: DeadLetterReceived) -> None:
        if event.replayed:
            self._books.replayed(event.partition, event.offset)
            return
        self._books.answered(event.request_id, event.partition, event.offset, "dead")
        self._roster.partition(event.partition).answer_seen(event.at)
        self._roster.worker(event.client_id).note(
            event.at, f"dead letter p{event.partition}@{event.offset}: {event.reason}"
        )

    @apply.register
    def _(self, event: WorkerStateChanged) -> None:
        self._roster.worker(event.client_id).changed(event.state, event.detail, event.at)
        self._rebalances.worker_is(event.client_id, event.state, event.heard_at or event.at)

    @apply.register
    def _(self, event: WorkerSlowed) -> None:
        self._roster.worker(event.client_id).slowed(event.delay_s, event.at)

    @apply.register
    def _(self, event: MembershipLost) -> None:
        self._roster.worker(event.client_id).note(event.at, f"{event.late} too late: {event.silent_s:.1f} s")
        self._rebalances.lost(event)

    @apply.register
    def _(self, event: PartitionsAssigned) -> None:
        self._roster.worker(event.client_id).took(event.offsets, event.at)
        self._generation, self._shared_at = event.generation, event.at
        self._rebalances.generation_is(event.generation, event.at)
        for partition in event.offsets:
            self._roster.partition(partition).trouble = ""

    @apply.register
    def _(self, event: PartitionsRevoked) -> None:
        self._roster.worker(event.client_id).gave_back(event.partitions, event.at)

    @apply.register
    def _(self, event: BatchStarted) -> None:
        self._roster.worker(event.client_id).in_hand[event.partition] = InHand(event.request, event.at)
        self._roster.partition(event.partition).trouble = ""

    @apply.register
    def _(self, event: BatchFinished) -> None:
        self._roster.worker(event.client_id).finished(event.partition, event.at - event.took_s, event.at)

    @apply.register
    def _(self, event: LaneFailed) -> None:
        self._roster.worker(event.client_id).lane_failed(event.partition, event.reason, event.retry_in_s, event.at)
        self._roster.partition(event.partition).trouble = event.reason

    @apply.register
    def _(self, event: GroupObserved) -> None:
        self._group, self._trouble = event, ""
        present = {place.partition for place in event.partitions}
        at_rest = event.state == _STABLE and event.members
        self._unshared = present.difference(*(member.partitions for member in event.members)) if at_rest else set()
        self._roster.forget_partitions_but(present)
        for place in event.partitions:
            self._roster.partition(place.partition).observed(place, event.at)
        self._rebalances.observed(event)
        self._books.look_for_lost(event.at)
        self._totals.observed([lag_of(place) for place in event.partitions], event.at)

    @apply.register
    def _(self, event: ObservationFailed) -> None:
        self._trouble = event.reason

    @apply.register
    def _(self, event: LinkChanged) -> None:
        if event.link.down and not self._link.down:
            self._down_since = event.at
            self._roster.looks_lost()
        self._link, self._link_detail = event.link, event.detail

    def accounting(self) -> Accounting:
        """The books alone, cheaper than `figures`."""
        return self._books.accounting()

    def figures(self, now: float) -> Figures:
        """Everything the first view shows, at Unix time `now`."""
        group, gone = self._group, self._link.down
        state = self._state(group) if group and not gone else None  # what was seen before is not what is
        workers = self._roster.worker_figures(now, group.members if group else (), state)
        partitions = self._roster.partition_figures(now, workers, seen=group is not None, down=gone)
        return Figures(
            link=self._link,
            link_detail=self._link_detail,
            group_state=state,
            generation=None if gone else self._generation,
            assignor=group.assignor if group else "",
            brokers=group.brokers if group else None,
            age_s=max(0.0, now - group.at) if group else None,
            trouble=self._trouble,
            accounting=self._books.accounting(),
            totals=self._totals.figures(now, partitions, gone),
            partitions=partitions,
            workers=workers,
            rebalances=self._rebalances.figures(),
            flapping=self._rebalances.flapping(now),
            reasons=tuple(self._reasons(now, state, partitions, workers)),
            new_protocol=group is not None and group.new_protocol,
        )

    def _state(self, group: GroupObserved) -> str:
        """A rebalance that was seen under way is over once a worker of this process has its partitions."""
        return _STABLE if group.state in REBALANCING and self._shared_at > group.at else group.state

    def _enter(self, received: ReceivedResult) -> None:
        result = received.result
        outcome: Outcome = "failed" if result.error else "done"
        new = self._books.answered(result.id, result.partition, result.offset, outcome, result.sent_at)
        self._rebalances.answered(result, again=not new)
        self._roster.worker(result.client_id).answered(received, new)
        self._roster.partition(result.partition).answer_seen(received.at)
        self._totals.took(result)
        self._keys.add(received.key, result.partition, received.at)
        self._keyless.add(received.key, result.partition, received.at)

    def _reasons(
        self, now: float, state: str | None, rows: tuple[PartitionFigures, ...], workers: tuple[WorkerFigures, ...]
    ) -> Iterator[Reason]:
        if self._link.down:
            for_s = max(0.0, now - self._down_since)
            yield away(self._link, self._link_detail, for_s, known=self._group is not None)
        yield from self._books.reasons()
        if self._link.down:
            return
        yield from partition_reasons(state, rows, self._keyless.crowded(len(rows)))
        yield from not_shared(rows, self._unshared)
        yield from reasons(state, rows, workers, self._keys.hottest())
        yield from stand_still(self._roster.troubles())
        if self._trouble:
            yield Reason(self._trouble, "Until then the figures stay as old as their panel says, or unknown.")
