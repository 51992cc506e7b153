"""Where each rebalance stands among the results: it is found when the rebalance is first seen, and stays."""

from bisect import bisect_left
from collections.abc import Sequence

from tui.dashboard.widgets.log_lines import LogLines
from tui.ledger.figures import Rebalance
from tui.ledger.filtered import FilteredResults
from tui.ledger.ring import ResultRing
from tui.ledger.seek import first_after


class Separators:
    """The rebalances that the ledger keeps, each with its place in `ring`; numbered from 0 on, the oldest first.

    One whose rows the ring has dropped is shown no more; its number is never given to another one.
    """

    def __init__(self, ring: ResultRing) -> None:
        self._ring = ring
        self._seen: Sequence[Rebalance] = ()
        self._gone = 0
        self._places: list[int] = []
        self._rows: ResultRing | FilteredResults = ring
        self._anchors: list[int] = []

    def see(self, rebalances: Sequence[Rebalance]) -> bool:
        """Take these, newest first, for those seen before and new ones; True if any of them is new or has changed."""
        if rebalances == self._seen:
            return False
        newest = self._seen[0].at if self._seen else None
        new = next((index for index, entry in enumerate(rebalances) if entry.at == newest), len(rebalances))
        new = max(new, len(rebalances) - len(self._places))
        for entry in reversed(rebalances[:new]):
            # Never above one that is newer, whatever the clock did.
            self._places.append(max([first_after(self._ring, entry.at), *self._places[-1:]]))
        gone = len(self._places) - len(rebalances)
        del self._places[:gone], self._anchors[:gone]
        self._gone += gone
        self._seen = rebalances
        return True

    def settle(self, rows: ResultRing | FilteredResults) -> None:
        """Find the places among `rows`, of a filter as far as it has looked; what was found does not move."""
        if rows is not self._rows:
            self._rows, self._anchors = rows, []
        for place in self._places[len(self._anchors) :]:
            anchor = rows.number_of(place) if isinstance(rows, FilteredResults) else place
            if anchor is None:
                break
            self._anchors.append(anchor)

    def among(self, numbers: range) -> LogLines:
        """The lines of these rows of what was settled last, with the separators between them."""
        dropped = bisect_left(self._places, self._ring.first)
        return LogLines(numbers, tuple(self._anchors[dropped:]), self._gone + dropped)

    def rebalance(self, number: int) -> tuple[Rebalance, int | None] | None:
        """The rebalance with this number as it is known now, and the generation before it; None if it is not kept."""
        index = len(self._seen) - 1 - (number - self._gone)
        if not 0 <= index < len(self._seen):
            return None
        before = self._seen[index + 1].generation if index + 1 < len(self._seen) else None
        return self._seen[index], before
