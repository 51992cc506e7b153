"""Lines that are written when they are looked at: what is scrolled out of sight costs nothing."""

from collections.abc import Callable, Iterator

from tui.dashboard.widgets.drawing import Line


class LazyLines:
    """A list of `count` lines; line `n` is `write(n)`, called when it is read first."""

    def __init__(self, count: int = 0, write: Callable[[int], Line] = lambda _: ()) -> None:
        self._count = count
        self._write = write
        self._written: dict[int, Line] = {}

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> Line:
        line = self._written.get(index)
        if line is None:
            line = self._written[index] = self._write(index)
        return line

    def __iter__(self) -> Iterator[Line]:
        return (self[index] for index in range(len(self)))
