"""What is known of each partition: where it stands, how fast it fills and drains, who owns it and what is in hand."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from tui.events import WorkerState
from tui.group import PartitionOffsets
from tui.ledger.figures import PartitionFigures, WorkerFigures
from tui.ledger.looks import remember, trend
from tui.ledger.rates import PerSecond
from tui.ledger.workers import Worker

_LOOKS_KEPT = 5  # observations over which a partition's rates and the trend of its lag are averaged
_LOOKS_OLD_S = 10.0
"""So long a broker may take for two looks; what was seen before says nothing of now."""


@dataclass(slots=True)
class Partition:
    """One partition's running figures.

    `ends`, `lags` and `outs` are (time, offset, lag, or all answers so far) of the latest observations, and what grew
    a second between them is None before there are two: rates over the same moments can be compared.
    """

    number: int
    offsets: PartitionOffsets | None = None
    looked_at: float = 0.0
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
        self.offsets, self.looked_at = offsets, at
        if offsets.leader is None:
            return
        if self.ends and offsets.end < self.ends[-1][1]:
            self.looks_lost()
        remember(self.ends, at, offsets.end)
        remember(self.outs, at, self.answers)
        if (lag := lag_of(offsets)) is not None:
            remember(self.lags, at, lag)
        self.in_per_s, self.out_per_s, self.lag_per_s = _slope(self.ends), _slope(self.outs), trend(self.lags)

    def figures(
        self,
        now: float,
        owner: str | None,
        workers: Mapping[str, Worker],
        shown: Mapping[str, WorkerFigures],
        down: bool = False,
    ) -> PartitionFigures:
        """The row as a person sees it; `down`: no broker answers, so that rates are unknown."""
        place = self.offsets
        worker = workers.get(owner) if owner else None
        hand = worker.in_hand.get(self.number) if worker else None
        lag = lag_of(place)
        state = self._owner_state(owner, shown, down)
        busy = worker.in_hand if worker and state is WorkerState.BUSY and not hand and lag else ()
        fresh = bool(self.ends) and now - self.ends[-1][0] <= _LOOKS_OLD_S
        out_per_s = self.out_per_s if fresh and self.out_per_s is not None else self.answered.rate(now)
        waiting_since = place.oldest_waiting_at if place and lag else None
        led = place is not None and place.leader is not None
        return PartitionFigures(
            partition=self.number,
            leader=place.leader if place else None,
            owner=owner,
            owner_state=state,
            committed=place.committed if place else None,
            end=place.end if place and led else None,
            lag=lag,
            # As old as it was at the look: it may have been answered since.
            oldest_waiting_s=max(0.0, self.looked_at - waiting_since) if waiting_since is not None else None,
            in_per_s=self.in_per_s if fresh and not down else None,
            out_per_s=None if down else out_per_s,
            working_on=hand.request if hand else "",
            waits_for=next(iter(busy), None),
            took_s=now - hand.since if hand else None,
            lag_per_s=self.lag_per_s if fresh and lag is not None else None,
            begin=place.begin if place else None,
        )

    def _owner_state(self, owner: str | None, shown: Mapping[str, WorkerFigures], down: bool) -> WorkerState | None:
        if self.trouble and not down:  # without a broker all lanes are in the same trouble
            return WorkerState.FAILED
        return shown[owner].state if owner and owner in shown else None


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
