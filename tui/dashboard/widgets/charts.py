"""Figures drawn with signs: bars and sparklines."""

import math
from collections.abc import Sequence

from tui.dashboard.glyphs import UNICODE, Glyphs


def bar(value: float, full_scale: float, cells: int, glyphs: Glyphs = UNICODE) -> tuple[str, str]:
    """The filled and the empty part of a bar of `cells` cells; whatever is above zero fills at least one."""
    share = min(1.0, max(0.0, value / full_scale)) if full_scale > 0 else 0.0
    filled = min(cells, max(1, round(share * cells))) if share > 0 else 0
    return glyphs.bar_full * filled, glyphs.bar_rest * (cells - filled)


def sparkline(values: Sequence[float], cells: int, glyphs: Glyphs = UNICODE) -> str:
    """The newest `cells` values as one sign each, scaled to the greatest; blank on the left where there is none."""
    shown = [value if math.isfinite(value) else 0.0 for value in values[-cells:]] if cells > 0 else []
    top = max(shown, default=0.0)
    levels = len(glyphs.sparks) - 1
    drawn = (glyphs.sparks[math.ceil(max(0.0, value) / top * levels) if top > 0 else 0] for value in shown)
    return "".join(drawn).rjust(max(0, cells))
