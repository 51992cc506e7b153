"""Lines made of parts that go one by one when the window is narrow, and how their roles look in the current theme."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.style import Style

from tui.dashboard.widgets.drawing import Line, line_cells

STYLES = {
    "text": "$foreground",
    "muted": "$secondary-text",
    "strong": "bold $foreground",
    "title": "$accent",
    "error": "bold $error",
    "warning": "$warning",
    "success": "$success",
    "frame": "$border",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a line. The highest `rank` goes first when there is no room; rank 0 always stays."""

    line: Line
    rank: int


def fitting(parts: Sequence[Part], cells: int, gap: int) -> tuple[Part, ...]:
    """The parts that fit into `cells` with `gap` cells between them, in their order."""
    kept = list(parts)
    while kept and _cells(kept, gap) > cells:
        first_to_go = max(kept, key=lambda part: part.rank)
        if not first_to_go.rank:
            break
        kept.remove(first_to_go)
    return tuple(kept)


def _cells(parts: Iterable[Part], gap: int) -> int:
    widths = [line_cells(part.line) for part in parts]
    return sum(widths) + gap * (len(widths) - 1)


def content(parts: Iterable[Part], gap: int) -> Content:
    """The parts as Textual draws them. A role may end in `@action`: a click on the text runs that action."""
    return Content(" " * gap).join([line_content(part.line) for part in parts])


def line_content(line: Line) -> Content:
    """One line as Textual draws it, as in `content`."""
    return Content.assemble(*(_piece(text, role) for text, role in line))


def _piece(text: str, role: str) -> Content:
    name, _, action = role.partition("@")
    piece = Content(text).stylize(STYLES[name])
    return piece.stylize(Style.from_meta({"@click": action})) if action else piece
