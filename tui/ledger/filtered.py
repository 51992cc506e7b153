"""Those results of a ring that a filter wants, found bit by bit so that nobody has to wait for it."""

from bisect import bisect_left
from collections import deque
from itertools import islice

from tui.events import ReceivedResult
from tui.ledger.result_filter import ResultFilter
from tui.ledger.ring import ResultRing, Rows

SLICE = 4_000
"""Rows that are looked at in one go: about 5 ms."""


class FilteredResults:
    """Looks like a ring of its own: row `n` is the n-th that matched; those the ring has dropped are gone here, too.

    `update` looks at what came since; the oldest rows first, so that what was found never changes its number.
    """

    def __init__(self, ring: ResultRing, wanted: ResultFilter) -> None:
        self.wanted = wanted
        self._ring = ring
        self._next = ring.first
        self._found: deque[int] = deque()
        self.total = 0

    @property
    def first(self) -> int:
        """Number of the oldest match that is still there."""
        return self.total - len(self)

    @property
    def unseen(self) -> int:
        """How many rows of the ring have not been looked at."""
        return self._ring.total - max(self._next, self._ring.first)

    def update(self, most: int = SLICE) -> None:
        """Look at the next `most` rows."""
        ring, first = self._ring, self._ring.first
        start = max(self._next, first)
        self._next = min(ring.total, start + most)
        found = self.wanted.found(ring.packed(start, self._next), ring.texts(start, self._next))
        self._found.extend(start + index for index in found)
        self.total += len(found)

    def __len__(self) -> int:
        # The ring drops rows between two updates, too.
        while self._found and self._found[0] < self._ring.first:
            self._found.popleft()
        return len(self._found)

    def __getitem__(self, number: int) -> ReceivedResult:
        """The match with this number. IndexError if the ring has dropped it or it never came."""
        if not self.first <= number < self.total:
            raise IndexError(f"match {number} is not kept (matches {self.first} to {self.total - 1} are)")
        return self._ring[self._found[number - self.first]]

    def number_of(self, sequence: int) -> int | None:
        """Number of the first match at or after this row of the ring; None until all rows before it were looked at."""
        return None if sequence > self._next else self.first + bisect_left(self._found, sequence)

    def rows(self, first: int, until: int) -> Rows:
        """The matches from `first` to before `until`; those that are not there are left out."""
        begin, end = max(0, first - self.first), max(0, until - self.first)
        kept = self._ring.packed(self._ring.first, self._ring.total)
        oldest = self._ring.first
        return Rows([kept[sequence - oldest] for sequence in islice(self._found, begin, end)])
