"""Why work is shared as it is, as blocks of text: each reason with what helps, and how evenly partitions answer."""

from tui.dashboard.formatting import clean, count
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.widgets.drawing import Line
from tui.ledger.figures import Figures, Reason

_MOST_CELLS = 400
_MOST_REASONS = 40
ALL_IS_WELL = "Nothing is the matter: every partition has a worker that keeps up."
NOTHING_KNOWN = "Nothing is known of the group yet."


def explained(figures: Figures, glyphs: Glyphs) -> list[Line]:
    """A block per reason, the worst first, of lines to be wrapped; the skew comes last."""
    blocks = [_block(reason, glyphs) for reason in figures.reasons[:_MOST_REASONS]]
    if (more := len(figures.reasons) - _MOST_REASONS) > 0:
        blocks.append(((f"  and {count(more)} more", "muted"),))
    if not blocks:
        blocks.append(((NOTHING_KNOWN if figures.group_state is None else ALL_IS_WELL, "text"),))
    if (skew := figures.totals.skew) is not None:
        blocks.append(((f"busiest/mean {skew:.1f}: 1.0 is when every partition answers as many", "muted"),))
    return blocks


def _block(reason: Reason, glyphs: Glyphs) -> Line:
    what, remedy = clean(reason.what, _MOST_CELLS, glyphs), clean(reason.remedy, _MOST_CELLS, glyphs)
    return ((f"{glyphs.attention} ", "warning"), (what, "strong"), ("\n  ", "text"), (remedy, "muted"))
