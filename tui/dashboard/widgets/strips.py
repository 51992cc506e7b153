"""A line of text with roles as the strip of segments that Textual draws."""

from collections.abc import Callable, Iterable

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip


def strip_of(line: Iterable[tuple[str, str]], cells: int, style: Callable[[str], Style]) -> Strip:
    """The texts of `line`, each in the style of its role, in exactly `cells` cells.

    Blanks have no colour and each segment costs Textual time, so they join their neighbour; but for those between two
    texts of one role: as one text they would not stay in their columns in every picture of the screen.
    """
    segments: list[Segment] = []
    text, blank, role, length = "", "", "text", 0
    for piece, its_role in line:
        length += len(piece) if piece.isascii() else cell_len(piece)  # as in `line_cells`, written out
        if piece.isspace():
            blank += piece
            continue
        if text and blank and role == its_role:
            segments += Segment(text, style(role)), Segment(blank, style("text"))
        elif text:
            segments.append(Segment(text + blank, style(role)))
        text, role, blank = piece if text else blank + piece, its_role, ""
    segments.append(Segment(text + blank + " " * (cells - length), style(role)))
    strip = Strip(segments, max(length, cells))
    return strip if length <= cells else strip.crop(0, cells)
