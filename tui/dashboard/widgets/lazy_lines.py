"""Lines that are written when they are looked at: what is scrolled out of sight costs nothing."""

from collections.abc import Callable, Iterable, Iterator

from tui.dashboard.widgets.drawing import Line


class LazyLines:
    """A list of lines, each made by its `write` when it is read first."""

    def __init__(self, writes: Iterable[Callable[[], Line]] = ()) -> None:
        self._writes = list(writes)
        self._written: dict[int, Line] = {}

    def __len__(self) -> int:
        return len(self._writes)

    def __getitem__(self, index: int) -> Line:
        line = self._written.get(index)
        if line is None:
            line = self._written[index] = self._writes[index]()
        return line

    def __iter__(self) -> Iterator[Line]:
        return (self[index] for index in range(len(self)))

    def seen(self, first: int, lines: int) -> list[Line]:
        """The lines that can be seen when `lines` of them are shown from `first` on."""
        return [self[index] for index in range(max(0, first), min(first + lines, len(self)))]
