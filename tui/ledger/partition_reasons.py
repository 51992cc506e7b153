"""What is the matter with single partitions, however fast the workers are: their offsets, and who sends to them."""

from collections.abc import Callable, Iterator, Sequence

from tui.ledger.figures import PartitionFigures, Reason

_RECONCILING = {"Assigning", "Reconciling"}
"""States of a rebalance of the new protocol: partitions change hands one by one."""
_NAMES = 3


def partition_reasons(
    group_state: str | None, partitions: Sequence[PartitionFigures], crowd: Callable[[int, int], float | None]
) -> Iterator[Reason]:
    """What offsets and the way of requests say, the worst first; `crowd` is `Keyless.crowd`."""
    if group_state is None:
        return
    yield from _without_leader(partitions)
    yield from _beyond_the_end(partitions)
    yield from _deleted_unread(partitions)
    if group_state in _RECONCILING:
        what = "rebalance under way: partitions change hands one by one, the others are read meanwhile"
        yield Reason(what, "Wait: a partition moves as soon as its worker has given it back.")
    for row in partitions:
        share = crowd(row.partition, len(partitions)) if row.lag and (row.lag_per_s or 0.0) > 0 else None
        if share is not None:
            what = (
                f"{share:.0%} of all requests go to p{row.partition} without a key: who sends them names the partition"
            )
            yield Reason(what, "Leave the partition to Kafka, then requests without a key are shared evenly.")


def _without_leader(partitions: Sequence[PartitionFigures]) -> Iterator[Reason]:
    rows = [row for row in partitions if row.leader is None and row.committed is not None]
    if rows:
        what = f"{_named(rows)} no leader: nobody can read or write there"
        yield Reason(what, "Bring back a broker that holds a replica: kafka-topics --describe names them.")


def _beyond_the_end(partitions: Sequence[PartitionFigures]) -> Iterator[Reason]:
    rows = [row for row in partitions if row.committed is not None and row.end is not None and row.committed > row.end]
    if rows:
        what = f"{_named(rows)} a committed offset beyond the end: the topic was deleted and made anew"
        yield Reason(what, "What waits there is unknown until a worker commits again; restart the workers.")


def _deleted_unread(partitions: Sequence[PartitionFigures]) -> Iterator[Reason]:
    for row in partitions:
        if row.begin is not None and row.committed is not None and row.committed < row.begin:
            lost = row.begin - row.committed
            count = "1 request was" if lost == 1 else f"{lost} requests were"
            what = f"p{row.partition}: {count} deleted by retention before anybody read them"
            yield Reason(what, "Add workers, or let the topic keep more (topics.retention_mb, retention_hours).")


def _named(rows: Sequence[PartitionFigures]) -> str:
    shown = ", ".join(f"p{row.partition}" for row in rows[:_NAMES])
    more = f" and {len(rows) - _NAMES} more" if len(rows) > _NAMES else ""
    return f"{shown}{more} {'has' if len(rows) == 1 else 'have'}"
