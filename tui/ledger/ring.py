"""The bounded memory of results that the log shows: a ring of rows, each with a sequence number that never changes."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from tui.calc.operations import Operations
from tui.events import ReceivedResult
from tui.ledger.packing import pack, unpack
from tui.ledger.searching import Searchable

T = TypeVar("T")

_BYTES_A_ROW = 400
"""What a row may take on average: 100,000 of them with their places stay below 50 MB. An ordinary one takes 200."""
_LEAST_BYTES = 8 << 20


class Rows:
    """Some rows as they were when they were taken, whatever the ring drops later; unpacked when they are read."""

    def __init__(self, packed: Sequence[bytes]) -> None:
        self._packed = packed

    def __len__(self) -> int:
        return len(self._packed)

    def __getitem__(self, index: int) -> ReceivedResult:
        return unpack(self._packed[index])

    def __iter__(self) -> Iterator[ReceivedResult]:
        return map(unpack, self._packed)


class ResultRing:
    """The newest `capacity` results. Row `n` is the n-th ever appended; rows before `first` are gone and counted.

    Results with long numbers or texts are fewer: together they take at most `most_bytes`, by default 400 bytes a row or
    8 MiB, whichever is more. The newest one is always there. Their text has the signs of `operations`, by default of
    the standard ones.
    """

    def __init__(self, capacity: int, most_bytes: int | None = None, operations: Operations | None = None) -> None:
        self._capacity = capacity
        self._most_bytes = most_bytes or max(_LEAST_BYTES, capacity * _BYTES_A_ROW)
        self._text_of = Searchable(operations or Operations.standard()).text_of
        self._packed: list[bytes] = []
        self._texts: list[str] = []
        self._bytes = 0
        self.first = 0
        """Sequence number of the oldest row that is still there; also the number of rows dropped."""
        self.total = 0

    def extend(self, rows: Iterable[ReceivedResult]) -> None:
        """Append rows, oldest first; the oldest ones make room."""
        for received in rows:
            packed, text = pack(received), self._text_of(received)
            if len(self._packed) < self._capacity:
                self._packed.append(packed)
                self._texts.append(text)
            else:
                if self.first == self.total - self._capacity:
                    self._drop()
                place = self.total % self._capacity
                self._packed[place], self._texts[place] = packed, text
            self.total += 1
            self._bytes += packed.__sizeof__() + text.__sizeof__()
            while self._bytes > self._most_bytes and len(self) > 1:
                self._drop()

    def _drop(self) -> None:
        place = self.first % self._capacity
        self._bytes -= self._packed[place].__sizeof__() + self._texts[place].__sizeof__()
        self._packed[place], self._texts[place] = b"", ""
        self.first += 1

    def __len__(self) -> int:
        return self.total - self.first

    def __getitem__(self, sequence: int) -> ReceivedResult:
        """The row with this sequence number. IndexError if it was dropped or never came."""
        if not self.first <= sequence < self.total:
            raise IndexError(f"row {sequence} is not kept (rows {self.first} to {self.total - 1} are)")
        return unpack(self._packed[sequence % self._capacity])

    def packed(self, first: int, until: int) -> list[bytes]:
        """The rows from `first` to before `until` as they are kept; those that are not there are left out."""
        return self._cut(self._packed, first, until)

    def texts(self, first: int, until: int) -> list[str]:
        """What can be searched of the same rows; see `Searchable`."""
        return self._cut(self._texts, first, until)

    def rows(self, first: int, until: int) -> Rows:
        """The rows from `first` to before `until`; those that are not there are left out."""
        return Rows(self.packed(first, until))

    def _cut(self, places: list[T], first: int, until: int) -> list[T]:
        first, until = max(first, self.first), min(until, self.total)
        if first >= until:
            return []
        begin, end = first % self._capacity, (until - 1) % self._capacity + 1
        return places[begin:end] if begin < end else places[begin:] + places[:end]
