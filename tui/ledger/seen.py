"""Which numbers have been seen: exact membership in about a bit each, and nothing for what is complete."""

_BITS = 8_192  # numbers in one chunk: 1 KiB while it fills, nothing once it is full


class SeenNumbers:
    """A growing set of numbers ≥ 0 in which nearly all of each stretch turn up, in any order.

    At most `max_open` chunks of 8,192 are open; beyond that the oldest is forgotten, so that hostile or very sparse
    numbers cannot grow the memory.
    """

    def __init__(self, max_open: int = 4_096) -> None:
        self._max_open = max_open
        self._open: dict[int, tuple[bytearray, list[int]]] = {}  # chunk -> (its bits, [how many are set])
        self._closed: set[int] = set()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __contains__(self, number: int) -> bool:
        chunk, bit = divmod(number, _BITS)
        if chunk in self._closed:
            return True
        entry = self._open.get(chunk)
        return entry is not None and bool(entry[0][bit >> 3] & (1 << (bit & 7)))

    def add(self, number: int) -> bool:
        """Add a number; True if it was not there before."""
        chunk, bit = divmod(number, _BITS)
        if chunk in self._closed:
            return False
        entry = self._open.get(chunk)
        if entry is None:
            entry = self._open_chunk(chunk)
        bits, filled = entry
        mask = 1 << (bit & 7)
        if bits[bit >> 3] & mask:
            return False
        bits[bit >> 3] |= mask
        filled[0] += 1
        self._count += 1
        if filled[0] == _BITS:
            del self._open[chunk]
            self._closed.add(chunk)
        return True

    def discard(self, number: int) -> bool:
        """Take a number out again; True if it was there (and its chunk not yet complete)."""
        chunk, bit = divmod(number, _BITS)
        if chunk in self._closed:
            self._reopen(chunk)
        entry = self._open.get(chunk)
        mask = 1 << (bit & 7)
        if entry is None or not entry[0][bit >> 3] & mask:
            return False
        entry[0][bit >> 3] &= ~mask
        entry[1][0] -= 1
        self._count -= 1
        return True

    def _open_chunk(self, chunk: int) -> tuple[bytearray, list[int]]:
        if len(self._open) >= self._max_open:
            del self._open[next(iter(self._open))]
        entry = (bytearray(_BITS // 8), [0])
        self._open[chunk] = entry
        return entry

    def _reopen(self, chunk: int) -> None:
        self._closed.discard(chunk)
        self._open[chunk] = (bytearray(b"\xff" * (_BITS // 8)), [_BITS])
