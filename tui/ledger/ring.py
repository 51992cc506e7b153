"""The bounded memory of results that the log shows: a ring of rows, each with a sequence number that never changes."""

from collections.abc import Iterable

from tui.events import ReceivedResult


class ResultRing:
    """The newest `capacity` results. Row `n` is the n-th ever appended; rows before `first` are gone and counted."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._rows: list[ReceivedResult] = []
        self.total = 0

    @property
    def first(self) -> int:
        """Sequence number of the oldest row that is still there; also the number of rows dropped."""
        return self.total - len(self._rows)

    def extend(self, rows: Iterable[ReceivedResult]) -> None:
        """Append rows, oldest first; the oldest ones make room."""
        for row in rows:
            if len(self._rows) < self._capacity:
                self._rows.append(row)
            else:
                self._rows[self.total % self._capacity] = row
            self.total += 1

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, sequence: int) -> ReceivedResult:
        """The row with this sequence number. IndexError if it was dropped or never came."""
        if not self.first <= sequence < self.total:
            raise IndexError(f"row {sequence} is not kept (rows {self.first} to {self.total - 1} are)")
        return self._rows[sequence % self._capacity]
