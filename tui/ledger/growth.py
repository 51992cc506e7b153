"""Whether a partition fills faster than it is emptied; said the same way wherever it is said, and steadily."""

from math import sqrt

from tui.ledger.figures import PartitionFigures

_WORTH_SAYING_LAG = 8
_WORTH_SAYING_S = 0.5
_GROWING_PER_S = 1.0
_GROWING_SHARE = 0.05
"""Of what comes in; less than that is chance."""
_LOOKED_S = 4.0
"""Over so many seconds the rates are taken."""
_SURE = 2.0
"""So many standard deviations of what comes by chance in that time. A worker that is busy nearly all the time has short
queues that come and go."""
_LONG_S = 3.0
"""So much work does not come together by chance."""


def grows(row: PartitionFigures) -> bool:
    """True if more comes than is answered, and what waits grows by it too."""
    lag, came, went = row.lag, row.in_per_s, row.out_per_s
    if lag is None or came is None or went is None or growth(row) < _GROWING_PER_S or not backs_up(lag, went):
        return False
    more = came - went
    if more < _GROWING_PER_S or more < _GROWING_SHARE * came:
        return False
    return lag >= _LONG_S * went or more >= _SURE * sqrt(came / _LOOKED_S)


def growth(row: PartitionFigures) -> float:
    """By how much what waits grows a second; 0 while that is unknown."""
    return row.lag_per_s or 0.0


def backs_up(lag: int, out_per_s: float) -> bool:
    """True if more waits than what is always on its way: a few requests, or half a second's work."""
    return lag >= _WORTH_SAYING_LAG and lag >= _WORTH_SAYING_S * out_per_s
