"""What is known of each partition: where it stands, how fast it fills and drains, who owns it and what is in hand."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf

from msgspec import Struct

from tui.events import WorkerState
from tui.group import PartitionOffsets
from tui.ledger.figures import PartitionFigures
from tui.ledger.looks import remember, trend
from tui.ledger.rates import PerSecond
from tui.ledger.workers import InHand

_LOOKS_KEPT = 5  # observations over which a partition's rates and the trend of its lag are averaged
_LOOKS_OLD_S = 10.0
"""So long a broker may take for two looks; what was seen before says nothing of now."""


class Owner(Struct, frozen=True):
    """Who owns a partition: a client id as in `PartitionFigures.owner`, its state, and what it has in hand anywhere."""

    client_id: str | None
    state: WorkerState | None
    in_hand: Mapping[int, InHand]


@dataclass(slots=True)
class Partition:
    """One partition's running figures.

    `lag` and `oldest_waiting_s` are of the latest look, and `rates_at` is when the last one was that saw a leader.
    `ends`, `lags` and `outs` are (time, offset, lag, or all answers so far) of the latest observations, and what grew
    a second between them is None before there are two: rates over the same moments can be compared.
    """

    number: int
    offsets: PartitionOffsets | None = None
    lag: int | None = None
    oldest_waiting_s: float | None = None
    rates_at: float = -inf
    answered: PerSecond = field(default_factory=PerSecond)
    ends: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=_LOOKS_KEPT))
    lags: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=_LOOKS_KEPT))
    outs: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=_LOOKS_KEPT))
    answers: int = 0
    in_per_s: float | None = None
    out_per_s: float | None = None
    lag_per_s: float | None = None
    trouble: str = ""

    def answer_seen(self, at: float) -> None:
        """Count one answer, or one dead letter."""
        self.answers += 1
        self.answered.add(at, 1)

    def looks_lost(self) -> None:
        """Nobody saw what happened since: the rates begin afresh."""
        self.ends.clear()
        self.lags.clear()
        self.outs.clear()
        self.in_per_s = self.out_per_s = self.lag_per_s = None

    def observed(self, offsets: PartitionOffsets, at: float) -> None:
        """Take over one observation; an end that went back (topic made anew) starts the inflow afresh."""
        self.offsets, self.lag, self.oldest_waiting_s = offsets, lag_of(offsets), None
        if self.lag and offsets.oldest_waiting_at is not None:
            # As old as it was at the look: it may have been answered since.
            self.oldest_waiting_s = max(0.0, at - offsets.oldest_waiting_at)
        if offsets.leader is None:
            return
        if self.ends and offsets.end < self.ends[-1][1]:
            self.looks_lost()
        self.rates_at = at
        remember(self.ends, at, offsets.end)
        remember(self.outs, at, self.answers)
        if self.lag is not None:
            remember(self.lags, at, self.lag)
        self.in_per_s, self.out_per_s, self.lag_per_s = _slope(self.ends), _slope(self.outs), trend(self.lags)

    def figures(self, now: float, owner: Owner, down: bool = False) -> PartitionFigures:
        """The row as a person sees it; `down`: no broker answers, so that rates are unknown."""
        place, lag, state = self.offsets, self.lag, owner.state
        if self.trouble and not down:  # without a broker all lanes are in the same trouble
            state = WorkerState.FAILED
        hand = owner.in_hand.get(self.number)
        waits = lag and hand is None and state is WorkerState.BUSY
        fresh = now - self.rates_at <= _LOOKS_OLD_S
        out_per_s = self.out_per_s if fresh and self.out_per_s is not None else self.answered.rate(now)
        return PartitionFigures(
            partition=self.number,
            leader=place.leader if place else None,
            owner=owner.client_id,
            owner_state=state,
            committed=place.committed if place else None,
            end=place.end if place and place.leader is not None else None,
            lag=lag,
            oldest_waiting_s=self.oldest_waiting_s,
            in_per_s=self.in_per_s if fresh and not down else None,
            out_per_s=None if down else out_per_s,
            working_on=hand.request if hand else "",
            waits_for=next(iter(owner.in_hand), None) if waits else None,
            took_s=now - hand.since if hand else None,
            lag_per_s=self.lag_per_s if fresh and lag is not None else None,
            begin=place.begin if place else None,
        )


def lag_of(place: PartitionOffsets | None) -> int | None:
    """Records that wait, those that nobody ever committed included; None if nobody can say.

    That is while the partition was not seen or has no leader, and while the committed offset lies beyond its end, as
    that of a topic which was deleted and made anew: where its next worker begins depends on that worker.
    """
    if place is None or place.leader is None:
        return None
    if place.committed is not None and place.committed > place.end:
        return None
    return max(0, place.end - place.waiting_from)


def _slope(looks: deque[tuple[float, int]]) -> float | None:
    """Change per second from the oldest look to the newest; None before there are two."""
    if len(looks) < 2 or looks[-1][0] <= looks[0][0]:
        return None
    return (looks[-1][1] - looks[0][1]) / (looks[-1][0] - looks[0][0])
