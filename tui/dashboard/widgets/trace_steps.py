"""The steps of a trace: what each says, and how it is laid out in lines."""

import re
from collections.abc import Iterator

from rich.cells import cell_len

from tui.dashboard.formatting import duration
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.widgets.drawing import Line, Span, aligned, cut

_LABEL_CELLS = 13
_TIME_CELLS = 13
_LEAST_TEXT_CELLS = 30
MOST_TEXT = 400
_WORDS = re.compile(r"\S+\s*|\s+")

Step = tuple[str, str, Line]
"""What it is, when it was or how long it took, and what there is to say."""


def step_lines(step: Step, cells: int, glyphs: Glyphs) -> Iterator[Line]:
    """Label and time, and beside them the text on as many lines as it needs; where there is no room, below them."""
    label, when, what = step
    head: Line = (
        *aligned(((label, "muted"),), _LABEL_CELLS, False, glyphs.ellipsis),
        *aligned(((when, "strong"),), _TIME_CELLS, False, glyphs.ellipsis),
    )
    indent = _LABEL_CELLS + _TIME_CELLS
    if cells - indent < _LEAST_TEXT_CELLS:
        yield cut(head, cells, glyphs.ellipsis)
        head, indent = (("  ", "text"),), 2
        if not what:
            return
    for text in _wrapped(what, max(1, cells - indent), glyphs):
        yield cut((*head, *text), cells, glyphs.ellipsis)
        head = ((" " * indent, "text"),)


def _wrapped(line: Line, cells: int, glyphs: Glyphs) -> list[Line]:
    """The line in lines of at most `cells` cells, broken at blanks; what has none is cut."""
    lines: list[list[Span]] = [[]]
    used = 0
    for word, role in [(word, role) for text, role in line for word in _WORDS.findall(text)]:
        if lines[-1] and used + cell_len(word.rstrip()) > cells:
            last, last_role = lines[-1].pop()
            lines[-1].append((last.rstrip(), last_role))
            lines.append([])
            used = 0
        lines[-1].append((word, role))
        used += cell_len(word)
    return [cut(tuple(each), cells, glyphs.ellipsis) for each in lines]


def said(words: str) -> Line:
    """What is known."""
    return ((words, "text"),)


def unknown(words: str) -> Line:
    """What is not known, and why."""
    return ((words, "muted"),)


def seen_step(at: float, since: float, glyphs: Glyphs) -> Step:
    """When it was seen here (`at`), counted from `since`."""
    seen = duration(at - since, glyphs)
    later = at >= since
    return "seen here", f"+{seen}" if later else seen, () if later else unknown("the clocks differ")
