"""What goes through all partitions together: how much a second, how long it takes, and what waits."""

from collections import deque
from collections.abc import Sequence

from tui.calc.messages import Result
from tui.ledger.figures import PartitionFigures, Totals
from tui.ledger.looks import remember, trend
from tui.ledger.rates import Durations, PerSecond

_SERIES_S = 30
_LOOKS_COMPARED = 5
_SKEW_S = 5
_LEAST_EACH = 5
"""So many answers a partition, on average of those seconds, are more than chance."""


class RunningTotals:
    """Requests sent and answered, how long they waited and ran, and the lag as the latest looks at the group saw it."""

    def __init__(self) -> None:
        self.sent = PerSecond()
        self.answered = PerSecond()
        self.wait, self.run = Durations(), Durations()
        self._lags: deque[tuple[float, int]] = deque(maxlen=_SERIES_S)

    def took(self, result: Result) -> None:
        """How long the request of this answer waited and ran."""
        self.run.add(max(0.0, result.finished_at - result.received_at))
        if result.sent_at is not None:
            self.wait.add(max(0.0, result.received_at - result.sent_at))

    def observed(self, lags: Sequence[int | None], at: float) -> None:
        """The lag of each partition at one look; None for one of which nobody can say."""
        known = [lag for lag in lags if lag is not None]
        if len(known) == len(lags):
            remember(self._lags, at, sum(known))

    def figures(self, now: float, partitions: Sequence[PartitionFigures], down: bool) -> Totals:
        """The totals at Unix time `now`; `down`: there is no broker, so nobody knows what waits."""
        wait, run = self.wait.percentiles(), self.run.percentiles()
        known = [row.lag for row in partitions if row.lag is not None]
        # A sum without the partitions where nobody has read yet would say that nothing waits.
        all_known = bool(known) and len(known) == len(partitions) and not down
        outs = [row.out_per_s for row in partitions if row.out_per_s is not None]
        mean = sum(outs) / len(outs) if outs else 0.0
        return Totals(
            skew=max(outs) / mean if mean and self._tells_skew(now, len(outs)) else None,
            sent_per_s=self.sent.rate(now),
            sent_rates=self.sent.series(now, _SERIES_S),
            answered_per_s=self.answered.rate(now),
            answered_rates=self.answered.series(now, _SERIES_S),
            lag=sum(known) if all_known else None,
            lags=tuple(lag for _, lag in self._lags),
            lag_per_s=self._lag_growth(),
            wait_p50_s=wait[0],
            wait_p95_s=wait[1],
            run_p50_s=run[0],
            run_p95_s=run[1],
        )

    def _tells_skew(self, now: float, partitions: int) -> bool:
        """A single request would make its partition the busiest by far."""
        return self.answered.counted(now, _SKEW_S) >= _LEAST_EACH * partitions

    def _lag_growth(self) -> float:
        return trend(list(self._lags)[-_LOOKS_COMPARED:]) or 0.0
