"""What is the matter with single partitions, however fast the workers are: their offsets, and who sends to them."""

from collections.abc import Iterator, Mapping, Sequence, Set

from tui.ledger.figures import PartitionFigures, Reason
from tui.ledger.growth import grows
from tui.ledger.places import places

_RECONCILING = {"Assigning", "Reconciling"}
"""States of a rebalance of the new protocol: partitions change hands one by one."""
_NAMES = 3


def partition_reasons(
    group_state: str | None, partitions: Sequence[PartitionFigures], crowded: Mapping[int, float]
) -> Iterator[Reason]:
    """What offsets and the way of requests say, the worst first; `crowded` is as of `Keyless`."""
    if group_state is None:
        return
    yield from _without_leader(partitions)
    yield from _beyond_the_end(partitions)
    yield from _deleted_unread(partitions)
    if group_state in _RECONCILING:
        what = "rebalance under way: partitions change hands one by one, the others are read meanwhile"
        yield Reason(what, "Wait: a partition moves as soon as its worker has given it back.")
    for row in partitions:
        if row.partition in crowded and grows(row):
            share = f"{crowded[row.partition]:.0%} of all requests"
            what = f"{share} have no key and name p{row.partition} as their partition"
            yield Reason(what, "Let their sender leave the partition to Kafka: then they are shared evenly.")


def _without_leader(partitions: Sequence[PartitionFigures]) -> Iterator[Reason]:
    rows = [row for row in partitions if row.leader is None and row.committed is not None]
    if rows:
        what = f"{_named(rows)} no leader: nobody can read or write there"
        yield Reason(what, "Bring back a broker that holds a replica: kafka-topics --describe names them.")


def _beyond_the_end(partitions: Sequence[PartitionFigures]) -> Iterator[Reason]:
    rows = [row for row in partitions if row.committed is not None and row.end is not None and row.committed > row.end]
    if rows:
        what = f"topic deleted and made anew: {_named(rows)} a committed offset beyond its end"
        yield Reason(what, "What waits there is unknown until a worker commits again; restart the workers.")


def _deleted_unread(partitions: Sequence[PartitionFigures]) -> Iterator[Reason]:
    lost = {
        row.partition: row.begin - row.committed
        for row in partitions
        if row.begin is not None and row.committed is not None and row.committed < row.begin
    }
    if lost:
        all_lost = sum(lost.values())
        count = "1 request was" if all_lost == 1 else f"{all_lost} requests were"
        what = f"{places(list(lost))}: {count} deleted by retention before anybody read them"
        yield Reason(what, "Add workers, or let the topic keep more (topics.retention_mb, retention_hours).")


def not_shared(partitions: Sequence[PartitionFigures], unshared: Set[int]) -> Iterator[Reason]:
    """What the members of a group at rest leave to nobody: partitions that are new, or a topic they do not read."""
    rows = [row for row in partitions if row.owner == "" and row.partition in unshared]
    if rows:
        waiting = sum(row.lag or 0 for row in rows)
        wait = "" if not waiting else ", and 1 request waits" if waiting == 1 else f", and {waiting} requests wait"
        what = f"{places([row.partition for row in rows])}: no member of the group reads {_them(rows)}{wait}"
        remedy = "Wait: members share new partitions once they see them, kcalc's within seconds, others within minutes."
        yield Reason(what, remedy)


def _them(rows: Sequence[PartitionFigures]) -> str:
    return "it" if len(rows) == 1 else "them"


def stand_still(troubles: Mapping[int, str]) -> Iterator[Reason]:
    """Why lanes failed, by their partitions: each cause once."""
    alike: dict[str, list[int]] = {}
    for number, trouble in troubles.items():
        alike.setdefault(trouble, []).append(number)
    for trouble, numbers in alike.items():
        verb = "stands" if len(numbers) == 1 else "stand"
        what = f"{places(numbers)} {verb} still: {trouble}"
        yield Reason(what, "It is tried again from the last offset that is answered; nothing is skipped.")


def _named(rows: Sequence[PartitionFigures]) -> str:
    shown = ", ".join(f"p{row.partition}" for row in rows[:_NAMES])
    more = f" and {len(rows) - _NAMES} more" if len(rows) > _NAMES else ""
    return f"{shown}{more} {'has' if len(rows) == 1 else 'have'}"
