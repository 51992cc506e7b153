"""Figures drawn with signs: bars and sparklines."""

import math
from collections.abc import Sequence
from functools import lru_cache

from tui.dashboard.glyphs import UNICODE, Glyphs


def bar(value: float, full_scale: float, cells: int, glyphs: Glyphs = UNICODE) -> tuple[str, str]:
    """The filled and the empty part of a bar of `cells` cells; whatever is above zero fills at least one."""
    share = min(1.0, max(0.0, value / full_scale)) if full_scale > 0 else 0.0
    filled = min(cells, max(1, round(share * cells))) if share > 0 else 0
    return glyphs.bar_full * filled, glyphs.bar_rest * (cells - filled)


def sparkline(values: Sequence[float], cells: int, glyphs: Glyphs = UNICODE) -> str:
    """The newest `cells` values as one sign each, scaled to the greatest; blank on the left where there is none."""
    return _sparks(tuple(values[-cells:]), glyphs.sparks).rjust(cells) if cells > 0 else ""


@lru_cache(maxsize=256)  # a series changes once a second and is drawn at every tick
def _sparks(values: tuple[float, ...], signs: str) -> str:
    shown = [value if 0.0 < value < math.inf else 0.0 for value in values]
    top = max(shown, default=0.0)
    if not top:
        return signs[0] * len(shown)
    levels = len(signs) - 1
    return "".join([signs[math.ceil(value / top * levels)] for value in shown])
