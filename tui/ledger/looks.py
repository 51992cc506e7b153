"""What the latest looks saw, about a second apart: some come sooner, because partitions changed hands."""

from collections import deque
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

_APART_S = 0.9


def remember(looks: deque[tuple[float, T]], at: float, seen: T) -> None:
    """Add what was seen at `at`. It takes the place of the latest if that came soon after the one before.

    So the looks that are kept always span as many seconds.
    """
    if len(looks) > 1 and looks[-1][0] - looks[-2][0] < _APART_S:
        looks.pop()
    looks.append((at, seen))


def trend(lags: Sequence[tuple[float, int]]) -> float | None:
    """By how much the lag grows a second, below 0 if it shrinks; None before there are two looks.

    From the least lag of the older half to the least of the newer one: what is on its way at the moment of a look makes
    a lag greater by chance, never smaller.
    """
    half = len(lags) // 2
    if not half:
        return None
    (before, most), (after, least) = (
        min(part, key=lambda look: look[1]) for part in (list(lags)[:half], list(lags)[-half:])
    )
    return (least - most) / (after - before) if after > before else None
