"""Looks at a group, and the rebalances that the ledger makes of them."""

from collections.abc import Mapping

from tests.ledger.builders import NOW, group, place
from tui.events import Event, GroupObserved
from tui.group import Member
from tui.ledger.figures import Rebalance
from tui.ledger.ledger import Ledger

STANDS = {"client-0": (0, 2), "client-1": (1, 3)}


def seen(
    owners: Mapping[str, tuple[int, ...]], at: float = NOW, *, count: int = 4, state: str = "Stable", ids: str = "a"
) -> GroupObserved:
    """One look at a group in which these own those partitions; `ids` is part of every member id."""
    members = tuple(Member(f"{name}-{ids}", name, "/h", partitions) for name, partitions in owners.items())
    return group(*(place(number, 0, 0) for number in range(count)), members=members, state=state, at=at)


def rebalances(*events: Event) -> tuple[Rebalance, ...]:
    ledger = Ledger("me")
    for event in events:
        ledger.apply(event)
    return ledger.figures(NOW + 10).rebalances


ALONE = {"client-0": (0, 1, 2, 3)}
