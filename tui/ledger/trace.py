"""The way of one request, from what is remembered here: every answer to it, what was before it, why it came again."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tui.events import DeadLetterReceived, ReceivedResult
from tui.ledger.attempts import Attempt, causes
from tui.ledger.dead_letters import DeadLetters, refused_at
from tui.ledger.figures import Rebalance
from tui.ledger.own_requests import OwnRequest
from tui.ledger.ring import ResultRing

SLICE = 2_000
"""Rows of the ring that are looked at in one go: less than 5 ms."""
_ENDS_KEPT = 64
_NAMESAKES_KEPT = 16


@dataclass(frozen=True, slots=True)
class Delivery:
    """One answer to the request. `because` is the rebalance that brought the request to its worker once more.

    Of the first answer it is the one that brought its worker the partition while the request waited for long.
    """

    received: ReceivedResult
    because: Rebalance | None

    @property
    def attempt(self) -> Attempt:
        """Who worked on it when."""
        return _attempt(self.received)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One time that the request was refused and became a dead letter; `because` as that of a `Delivery`."""

    letter: DeadLetterReceived
    because: Rebalance | None

    @property
    def attempt(self) -> Attempt:
        """Who refused it when; nobody says when it was taken up."""
        return _attempt(self.letter)


@dataclass(frozen=True, slots=True)
class Ahead:
    """How many requests of the partition were unanswered when ours was sent; there were more unless `exact`."""

    count: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """What is known of the request at `partition` and `offset`; None and empty always mean: not known.

    `deliveries` and `refusals` are oldest first; the first ones may have been dropped, and `more` are only counted.
    `own` is None if another program sent it. `namesakes` are other records with its id. `unseen` rows of the ring
    have not been looked at yet, and `dropped` ones never will be, nor `letters_dropped` dead letters.
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
    refusals: tuple[Refusal, ...] = ()
    letters_dropped: int = 0

    @property
    def ends(self) -> list[Delivery | Refusal]:
        """Deliveries and refusals, oldest first."""
        return sorted((*self.deliveries, *self.refusals), key=lambda end: end.attempt.ended_at)


@dataclass(slots=True)
class Evidence:
    """What is kept about one request, gathered bit by bit: `read` until nothing is unseen, and then what comes.

    `topic` is that of the request if a dead letter names it, "" for that of kcalc's requests.
    """

    partition: int
    offset: int
    request_id: str | None = None
    sent_at: float | None = None
    topic: str = ""
    answers: dict[tuple[int, int], ReceivedResult] = field(default_factory=dict)
    letters: dict[tuple[int, int], DeadLetterReceived] = field(default_factory=dict)
    namesakes: set[tuple[int, int]] = field(default_factory=set)
    more: int = 0
    unseen: int = 0
    dropped: int = 0
    letters_dropped: int = 0
    _next: int = 0
    _letters_read: int = 0
    _unanswered: set[int] = field(default_factory=set)
    _answered_to: int = -1

    @classmethod
    def of(cls, received: ReceivedResult) -> "Evidence":
        """Begin with one answer."""
        result = received.result
        evidence = cls(result.partition, result.offset, result.id, result.sent_at)
        evidence.add(received)
        return evidence

    @classmethod
    def of_letter(cls, letter: DeadLetterReceived) -> "Evidence":
        """Begin with one dead letter."""
        evidence = cls(letter.partition, letter.offset, letter.request_id, letter.sent_at, letter.topic)
        evidence.refuse(letter)
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

    def read_letters(self, kept: DeadLetters, topic: str) -> bool:
        """Look at the dead letters that came since, of requests of this topic; True if that changed anything."""
        before = self._found
        for letter in kept.newest(kept.total - self._letters_read):
            if letter.topic in ("", topic):
                self.refuse(letter)
        self._letters_read, self.letters_dropped = kept.total, kept.dropped
        return before != self._found

    def add(self, received: ReceivedResult) -> None:
        """Take one row into account, if it has to do with the request."""
        result = received.result
        if self._is_ours(result.partition, result.offset, result.sent_at):
            place = (received.result_partition, received.result_offset)
            if place in self.answers or self._room:
                self.answers[place] = received
            else:
                self.more += 1
        else:
            self._other(result.partition, result.offset, result.id, result.finished_at)

    def refuse(self, letter: DeadLetterReceived) -> None:
        """Take one dead letter into account, if it has to do with the request."""
        if self._is_ours(letter.partition, letter.offset, letter.sent_at):
            place = (letter.letter_partition, letter.letter_offset)
            if place in self.letters or self._room:
                self.letters[place] = letter
            else:
                self.more += 1
        else:
            self._other(letter.partition, letter.offset, letter.request_id, refused_at(letter))

    @property
    def _found(self) -> tuple[int, ...]:
        found = (len(self.answers), len(self.letters), len(self.namesakes), len(self._unanswered))
        return (*found, self._answered_to, self.more, self.unseen)

    @property
    def _room(self) -> bool:
        return len(self.answers) + len(self.letters) < _ENDS_KEPT

    @property
    def ahead(self) -> Ahead | None:
        """The requests before ours. A partition is answered in order, so those below one answered before were, too."""
        if self.sent_at is None:
            return None
        count = sum(offset > self._answered_to for offset in self._unanswered)
        return Ahead(count, exact=self._answered_to + count == self.offset - 1)

    def _is_ours(self, partition: int, offset: int, sent_at: float | None) -> bool:
        """True for the request that is traced: a topic that was made anew has another one at the same place."""
        here = (partition, offset) == (self.partition, self.offset)
        return here and (sent_at == self.sent_at or None in (sent_at, self.sent_at))

    def _other(self, partition: int, offset: int, request_id: str, ended_at: float) -> None:
        """Another request: it may have been before ours, and it may have its id."""
        if partition == self.partition and offset < self.offset and self.sent_at is not None:
            if ended_at > self.sent_at:
                self._unanswered.add(offset)
            else:
                self._answered_to = max(self._answered_to, offset)
        if request_id == self.request_id and len(self.namesakes) < _NAMESAKES_KEPT:
            self.namesakes.add((partition, offset))


def trace(evidence: Evidence, own: OwnRequest | None, rebalances: Sequence[Rebalance]) -> Trace:
    """Put together what is known; `own` is None for a request of another program, `rebalances` come in any order."""
    ends: list[ReceivedResult | DeadLetterReceived] = [*evidence.answers.values(), *evidence.letters.values()]
    ends.sort(key=lambda end: _attempt(end).ended_at)
    explained = list(zip(ends, causes([_attempt(end) for end in ends], evidence.sent_at, rebalances), strict=True))
    return Trace(
        partition=evidence.partition,
        offset=evidence.offset,
        request_id=evidence.request_id,
        sent_at=evidence.sent_at,
        own=own,
        ahead=None if evidence.unseen else evidence.ahead,
        deliveries=tuple(Delivery(end, because) for end, because in explained if isinstance(end, ReceivedResult)),
        namesakes=tuple(sorted(evidence.namesakes)),
        more=evidence.more,
        unseen=evidence.unseen,
        dropped=evidence.dropped,
        refusals=tuple(Refusal(end, because) for end, because in explained if isinstance(end, DeadLetterReceived)),
        letters_dropped=evidence.letters_dropped,
    )


def _attempt(end: ReceivedResult | DeadLetterReceived) -> Attempt:
    if isinstance(end, DeadLetterReceived):
        return Attempt(end.partition, end.client_id, refused_at(end), refused_at(end))
    result = end.result
    return Attempt(result.partition, result.client_id, result.received_at, result.finished_at)
