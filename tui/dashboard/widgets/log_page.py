"""What the log shows of the results: the newest ones, or those of the moment at which it was held still."""

from collections.abc import Sequence

from tui.dashboard.widgets.log_lines import LogLines
from tui.dashboard.widgets.log_separators import Separators
from tui.events import ReceivedResult
from tui.ledger.figures import Rebalance
from tui.ledger.filtered import FilteredResults
from tui.ledger.ring import ResultRing, Rows


class LogPage:
    """The rows of `shown` and the rebalances between them, as `lines`, which stay the same while the page is held."""

    def __init__(self, ring: ResultRing) -> None:
        self.shown: ResultRing | FilteredResults = ring
        self._separators = Separators(ring)
        self._held: Rows | None = None
        self.lines = LogLines(range(ring.first, ring.total))

    @property
    def following(self) -> bool:
        """True while new rows appear by themselves."""
        return self._held is None

    @property
    def new_rows(self) -> int:
        """Rows that came since the page is held."""
        return 0 if self._held is None else self.shown.total - self.lines.rows.stop

    def update(self, rebalances: Sequence[Rebalance]) -> bool:
        """See what came since; True if that may change what is seen."""
        if isinstance(self.shown, FilteredResults):
            self.shown.update()
        changed = self._separators.see(rebalances)
        self._separators.settle(self.shown)
        before = self.lines
        if self.following:
            self.follow()
        return changed or (before.rows.stop, before.anchors) != (self.lines.rows.stop, self.lines.anchors)

    def show(self, rows: ResultRing | FilteredResults) -> None:
        """Show these rows from now on, the newest ones."""
        self.shown = rows
        self._separators.settle(rows)
        self.follow()

    def follow(self) -> None:
        """Show the newest rows."""
        self._held = None
        self.lines = self._separators.among(range(self.shown.first, self.shown.total))

    def hold(self) -> None:
        """Keep the page, whatever comes and whatever the ring drops."""
        top = self.lines.rows.stop
        self._held = self.shown.rows(self.shown.first, top)
        self.lines = self._separators.among(range(top - len(self._held), top))

    def row(self, number: int) -> ReceivedResult | None:
        """The row with this number, from what is held or else from `shown`; None if it is gone."""
        rows = self.lines.rows
        if self._held is not None:
            return self._held[number - rows.start] if number in rows else None
        return self.shown[number] if self.shown.first <= number < rows.stop else None

    def rebalance(self, separator: int) -> tuple[Rebalance, int | None] | None:
        """What this separator tells, as it is known now, and the generation before it; None if it is not kept."""
        return self._separators.rebalance(separator)
