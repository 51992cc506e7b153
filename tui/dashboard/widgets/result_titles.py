"""What the log of results says of itself: its title, how it is held, and what stands where no row is."""

from collections.abc import Mapping

from tui.dashboard.formatting import clean, count
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.widgets.drawing import Line, line_cells
from tui.dashboard.widgets.key_hints import hint, nothing_yet
from tui.events import Link
from tui.ledger.figures import Figures
from tui.ledger.filtered import FilteredResults
from tui.ledger.ring import ResultRing

_ROOM_FOR_DROPPED = 70


def results_title(shown: ResultRing | FilteredResults, ring: ResultRing, cells: int, glyphs: Glyphs) -> Line:
    """The name, and how many rows are gone; of a filter, how many rows match of how many."""
    if isinstance(shown, FilteredResults):
        return _filter_title(shown, ring, cells, glyphs)
    dropped = ring.first
    if not dropped or cells < _ROOM_FOR_DROPPED:
        return (("Results", "title"),)
    return (("Results", "title"), (f" {glyphs.dot} {count(dropped)} older dropped", "muted"))


def _filter_title(shown: FilteredResults, ring: ResultRing, cells: int, glyphs: Glyphs) -> Line:
    """How many match what; while older ones are still looked at, how many of those there are."""
    text = clean(shown.wanted.text, max(8, cells // 3), glyphs)
    looking = f", {count(shown.unseen)} to look at" if shown.unseen else ""
    return (
        ("Results", "title"),
        (f" {glyphs.dot} ", "muted"),
        (text, "strong"),
        (f" {glyphs.dot} {count(len(shown))} of {count(len(ring))}{looking}", "muted"),
    )


def hold_hint(key_names: Mapping[str, str]) -> Line:
    """How to hold the rows still."""
    return ((hint(key_names, "hold"), "strong@pause"), (" hold", "muted@pause"))


def held_hint(new_rows: int, paused: bool, cells: int, key_names: Mapping[str, str]) -> Line:
    """How many rows came since the page is held, and how to follow again."""
    new: Line = ((f"{'held ' if paused else ''}+{count(new_rows)} new", "warning"),)
    follow: Line = ((" ", "text"), (hint(key_names, "follow"), "strong@follow"), (" to follow", "muted@follow"))
    return (*new, *follow) if cells >= line_cells((*new, *follow)) + 10 else new


def empty_line(
    figures: Figures | None, unseen: int | None, cells: int, glyphs: Glyphs, key_names: Mapping[str, str]
) -> Line:
    """What stands where no row is; `unseen` rows are still looked at by a filter, None: there is nothing to filter."""
    if unseen is not None:
        return (("looking" if unseen else "no result matches so far", "muted"),)
    if figures is None or figures.link is Link.CONNECTED:
        waiting = figures.accounting.in_flight if figures is not None else 0
        words = f"no result yet: {count(waiting)} in flight" if waiting else nothing_yet(cells, key_names)
        return ((words, "muted"),)
    detail = figures.link_detail
    words = f"{figures.link}: {detail}" if figures.link.down and detail else detail or str(figures.link)
    return ((clean(words, cells, glyphs), "muted"),)
