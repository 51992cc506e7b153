"""Lines that are written when they are looked at, and again only as far as there is something else to write."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeAlias

from tui.dashboard.widgets.drawing import Line

Writer: TypeAlias = partial[Line]
"""A pure function with all that it needs to write a piece of a line."""
_Pieces: TypeAlias = dict[Callable[..., Line], tuple[Writer, Line]]
"""What was written, and by whom, by the writer's function."""


class LazyLines:
    """A list of `count` lines. Line `n` is what `writers(n)` write, one piece after the other, when it is read first.

    What the same function has written for the same line of `before`, given the same, is not written again; so each of a
    line's writers has another function.
    """

    def __init__(self, count: int, writers: Callable[[int], Sequence[Writer]], before: "Lines" = ()) -> None:
        self._count = count
        self._writers = writers
        self._lines: dict[int, Line] = {}
        self._pieces: dict[int, _Pieces] = {}
        self._before = before._pieces if isinstance(before, LazyLines) else {}

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> Line:
        line = self._lines.get(index)
        if line is None:
            line = self._lines[index] = self._written(index)
        return line

    def __iter__(self) -> Iterator[Line]:
        return (self[index] for index in range(len(self)))

    def _written(self, index: int) -> Line:
        before, pieces = self._before.get(index, {}), _Pieces()
        line: Line = ()
        for writer in self._writers(index):
            piece = before.get(writer.func)
            if piece is None or not _equal(piece[0], writer):
                piece = writer, writer()
            pieces[writer.func] = piece
            line += piece[1]
        self._pieces[index] = pieces
        return line


Lines: TypeAlias = LazyLines | Sequence[Line]


def _equal(one: Writer, other: Writer) -> bool:
    return one.args == other.args and one.keywords == other.keywords
