"""The way of one request, from what is remembered here: every answer to it, what was before it, why it came again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tui.calc.messages import Result
from tui.events import ReceivedResult
from tui.ledger.figures import Rebalance
from tui.ledger.own_requests import OwnRequest
from tui.ledger.ring import ResultRing

SLICE = 2_000
"""Rows of the ring that are looked at in one go: less than 5 ms."""
_LATE_S = 6.0
"""How long after a rebalance it may be seen: there is one look a second, and it may take five."""
_LONG_S = 1.0
"""A shorter wait needs no rebalance to explain it."""
_ANSWERS_KEPT = 64
_NAMESAKES_KEPT = 16


@dataclass(frozen=True, slots=True)
class Delivery:
    """One answer to the request. `because` is the rebalance that brought the request to its worker once more.

    Of the first answer it is the one that brought its worker the partition while the request waited for long.
    """

    received: ReceivedResult
    because: Rebalance | None


@dataclass(frozen=True, slots=True)
class Ahead:
    """How many requests of the partition were unanswered when ours was sent; there were more unless `exact`."""

    count: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """What is known of the request at `partition` and `offset`; None and empty always mean: not known.

    `deliveries` are oldest first; the first answers may have been dropped, and `more` are only counted. `own` is None
    if another program sent it. `namesakes` are other records with its id. `unseen` rows of the ring have not been
    looked at yet, and `dropped` ones never will be.
    """

    partition: int
    offset: int
    request_id: str | None
    sent_at: float | None
    own: OwnRequest | None
    ahead: Ahead | None
    deliveries: tuple[Delivery, ...]
    namesakes: tuple[tuple[int, int], ...]
    more: int
    unseen: int
    dropped: int


@dataclass(slots=True)
class Evidence:
    """What the ring holds about one request, gathered bit by bit: `read` until nothing is unseen, and then what comes.

    `received` is an answer that is known already; a dead letter has none, but may have an id and a send time.
    """

    partition: int
    offset: int
    request_id: str | None = None
    sent_at: float | None = None
    answers: dict[tuple[int, int], ReceivedResult] = field(default_factory=dict)
    namesakes: set[tuple[int, int]] = field(default_factory=set)
    more: int = 0
    unseen: int = 0
    dropped: int = 0
    _next: int = 0
    _unanswered: set[int] = field(default_factory=set)
    _answered_to: int = -1

    @classmethod
    def of(cls, received: ReceivedResult) -> "Evidence":
        """Begin with one answer."""
        result = received.result
        evidence = cls(result.partition, result.offset, result.id, result.sent_at)
        evidence.add(received)
        return evidence

    def read(self, ring: ResultRing, most: int = SLICE) -> bool:
        """Look at the next `most` rows; True if that changed anything."""
        before = self._found
        start = max(self._next, ring.first)
        self._next = min(ring.total, start + most)
        for sequence in range(start, self._next):
            self.add(ring[sequence])
        self.unseen, self.dropped = ring.total - self._next, ring.first
        return before != self._found

    def add(self, received: ReceivedResult) -> None:
        """Take one row into account, if it has to do with the request."""
        result = received.result
        if result.partition != self.partition:
            self._namesake(result)
        elif result.offset == self.offset:
            self._answer(received)
        elif result.offset < self.offset and self.sent_at is not None:
            if result.finished_at > self.sent_at:
                self._unanswered.add(result.offset)
            else:
                self._answered_to = max(self._answered_to, result.offset)
            self._namesake(result)
        else:
            self._namesake(result)

    @property
    def _found(self) -> tuple[int, ...]:
        found = (self.answers, self.namesakes, self._unanswered)
        return (*map(len, found), self._answered_to, self.more, self.unseen)

    def _answer(self, received: ReceivedResult) -> None:
        place = (received.result_partition, received.result_offset)
        if place in self.answers or len(self.answers) < _ANSWERS_KEPT:
            self.answers[place] = received
        else:
            self.more += 1

    @property
    def ahead(self) -> Ahead | None:
        """The requests before ours. A partition is answered in order, so those below one answered before were, too."""
        if self.sent_at is None:
            return None
        count = sum(offset > self._answered_to for offset in self._unanswered)
        return Ahead(count, exact=self._answered_to + count == self.offset - 1)

    def _namesake(self, result: Result) -> None:
        if result.id == self.request_id and len(self.namesakes) < _NAMESAKES_KEPT:
            self.namesakes.add((result.partition, result.offset))


def trace(evidence: Evidence, own: OwnRequest | None, rebalances: Sequence[Rebalance]) -> Trace:
    """Put together what is known; `own` is None for a request of another program, `rebalances` come in any order."""
    answers = sorted(evidence.answers.values(), key=lambda received: received.result.finished_at)
    deliveries = [Delivery(received, _meanwhile(received.result, rebalances)) for received in answers[:1]]
    deliveries += [
        Delivery(later, _cause(first.result, later.result, rebalances)) for first, later in pairwise(answers)
    ]
    return Trace(
        partition=evidence.partition,
        offset=evidence.offset,
        request_id=evidence.request_id,
        sent_at=evidence.sent_at,
        own=own,
        ahead=None if evidence.unseen else evidence.ahead,
        deliveries=tuple(deliveries),
        namesakes=tuple(sorted(evidence.namesakes)),
        more=evidence.more,
        unseen=evidence.unseen,
        dropped=evidence.dropped,
    )


def _meanwhile(first: Result, rebalances: Sequence[Rebalance]) -> Rebalance | None:
    if first.sent_at is None or first.received_at - first.sent_at < _LONG_S:
        return None
    return _nearest(first, _handing_over(first, _moving(first.sent_at, first, rebalances)))


def _cause(before: Result, after: Result, rebalances: Sequence[Rebalance]) -> Rebalance | None:
    """The rebalance between two answers that moved their partition, rather one that moved it to the later worker."""
    moved = _moving(before.finished_at, after, rebalances)
    return _nearest(after, _handing_over(after, moved) or moved)


def _moving(since: float, result: Result, rebalances: Sequence[Rebalance]) -> list[Rebalance]:
    """Those that moved the partition from `since` on until the worker took the request up."""
    return [
        entry
        for entry in rebalances
        if result.partition in entry.moved and since <= entry.at <= result.received_at + _LATE_S
    ]


def _handing_over(result: Result, moved: Sequence[Rebalance]) -> list[Rebalance]:
    """Those of them that gave the partition to the worker that answered."""
    return [
        entry
        for entry in moved
        for change in entry.handovers
        if change.client_id == result.client_id and result.partition in (change.after or ())
    ]


def _nearest(result: Result, entries: Sequence[Rebalance]) -> Rebalance | None:
    return min(entries, key=lambda entry: abs(entry.at - result.received_at), default=None)
