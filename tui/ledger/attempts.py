"""Why a request was worked on once more, or waited for long: the rebalances between its attempts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tui.ledger.figures import Rebalance

_LATE_S = 6.0
"""How long after a rebalance it may be seen: there is one look a second, and it may take five."""
_LONG_S = 1.0
"""A shorter wait needs no rebalance to explain it."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """`client_id` took the request up at `began_at` and answered or refused it at `ended_at` (Unix seconds)."""

    partition: int
    client_id: str
    began_at: float
    ended_at: float


def causes(
    attempts: Sequence[Attempt], sent_at: float | None, rebalances: Sequence[Rebalance]
) -> Iterator[Rebalance | None]:
    """For each of these attempts, oldest first, the rebalance that explains it.

    Of the first it is the one that brought its worker the partition while the request waited for long.
    """
    if attempts:
        yield _meanwhile(attempts[0], sent_at, rebalances)
    for before, after in pairwise(attempts):
        moved = _moving(before.ended_at, after, rebalances)
        # Rather one that moved the partition to the later worker.
        yield _nearest(after, _handing_over(after, moved) or moved)


def _meanwhile(first: Attempt, sent_at: float | None, rebalances: Sequence[Rebalance]) -> Rebalance | None:
    if sent_at is None or first.began_at - sent_at < _LONG_S:
        return None
    return _nearest(first, _handing_over(first, _moving(sent_at, first, rebalances)))


def _moving(since: float, attempt: Attempt, rebalances: Sequence[Rebalance]) -> list[Rebalance]:
    """Those that moved the partition from `since` on until the worker took the request up."""
    return [
        entry
        for entry in rebalances
        if attempt.partition in entry.moved and since <= entry.at <= attempt.began_at + _LATE_S
    ]


def _handing_over(attempt: Attempt, moved: Sequence[Rebalance]) -> list[Rebalance]:
    """Those of them that gave the partition to the worker that answered."""
    return [
        entry
        for entry in moved
        for change in entry.handovers
        if change.client_id == attempt.client_id and attempt.partition in (change.after or ())
    ]


def _nearest(attempt: Attempt, entries: Sequence[Rebalance]) -> Rebalance | None:
    return min(entries, key=lambda entry: abs(entry.at - attempt.began_at), default=None)
