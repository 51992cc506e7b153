"""What the log of results says of itself: its title, and what stands where no row is."""

from tui.dashboard.formatting import clean, count
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.widgets.drawing import Line
from tui.events import Link
from tui.ledger.figures import Figures
from tui.ledger.filtered import FilteredResults
from tui.ledger.ring import ResultRing

NOTHING_YET = "nothing yet: type two numbers and press Enter"


def title_line(ring: ResultRing, rows: ResultRing | FilteredResults, room: int, glyphs: Glyphs) -> Line:
    """How many match what; while older ones are still looked at, how many of those; else how many were dropped."""
    if not isinstance(rows, FilteredResults):
        if not ring.first or room < 70:
            return (("Results", "title"),)
        return (("Results", "title"), (f" {glyphs.dot} {count(ring.first)} older dropped", "muted"))
    text = clean(rows.wanted.text, max(8, room // 3), glyphs)
    looking = f", {count(rows.unseen)} to look at" if rows.unseen else ""
    return (
        ("Results", "title"),
        (f" {glyphs.dot} ", "muted"),
        (text, "strong"),
        (f" {glyphs.dot} {count(len(rows))} of {count(len(ring))}{looking}", "muted"),
    )


def empty_line(figures: Figures | None, unseen: int | None, cells: int, glyphs: Glyphs) -> Line:
    """What stands where no row is; `unseen` rows are still looked at by a filter, None: there is nothing to filter."""
    if unseen is not None:
        return (("looking" if unseen else "no result matches so far", "muted"),)
    if figures is None or figures.link is Link.CONNECTED:
        waiting = figures.accounting.in_flight if figures is not None else 0
        return ((f"no result yet: {count(waiting)} in flight" if waiting else NOTHING_YET, "muted"),)
    detail = figures.link_detail
    words = f"{figures.link}: {detail}" if figures.link.down and detail else detail or str(figures.link)
    return ((clean(words, cells, glyphs), "muted"),)
