"""What is the matter with the way work is shared, the worst first, and what helps."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from tui.events import Link, WorkerState
from tui.ledger.figures import PartitionFigures, Reason, WorkerFigures
from tui.ledger.growth import backs_up, grows, growth
from tui.ledger.hot_keys import HotKey
from tui.ledger.places import by_owner, places

_SLOWER = 2.0
_PAUSED, _KILLED = WorkerState.PAUSED, WorkerState.KILLED
"""To look up an enum's member for each of hundreds of partitions costs more than to compare it."""
GONE = frozenset({WorkerState.STOPPED, WorkerState.KILLED, WorkerState.FAILED, WorkerState.STOPPING})
"""Whoever is in one of these states does no work."""
REBALANCING = frozenset({"PreparingRebalance", "CompletingRebalance"})
"""In these states of the group no partition is read."""
_KEY_CHARS = 24
_NAMES = 3
_SPELLED = 8
"""So many growing partitions are explained one by one; all of hundreds nobody reads."""


def away(link: Link, detail: str, for_s: float, known: bool) -> Reason:
    """Why nothing can be said while no broker answers or lets us in; `known`: one did before."""
    if link is Link.REFUSED:
        what = "no broker has let us in"
    else:
        what = "the broker has been gone" if known else "no broker has answered"
    unknown = "who works and what waits is unknown"
    remedy = f"It is tried again and again; requests wait. {detail[:1].upper()}{detail[1:]}".rstrip()
    return Reason(f"{what} for {_lasting(for_s)}: {unknown}", remedy)


def _lasting(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6_000 else f"{seconds / 3_600:.0f} h"


def reasons(
    group_state: str | None,
    partitions: Sequence[PartitionFigures],
    workers: Sequence[WorkerFigures],
    hot_key: HotKey | None,
) -> tuple[Reason, ...]:
    """Everything worth saying about these partitions and workers, the most important first; none if all is well."""
    if group_state is None or not partitions:
        return ()
    live = [worker for worker in workers if worker.state not in GONE]
    if not live:
        return (_no_worker(partitions),)
    if group_state in REBALANCING:
        what = "rebalance under way: no partition is read until it ends"
        return (Reason(what, "Wait: it ends when the slowest worker has given its partitions back."),)
    held_up = (*_paused(partitions), *_killed(partitions), *_slowed(partitions, live))
    return (*held_up, *_growing(partitions, live, hot_key), *_idle(live, len(partitions)))


def _no_worker(partitions: Sequence[PartitionFigures]) -> Reason:
    waiting = sum(row.lag or 0 for row in partitions)
    what = f"no worker: {_wait(waiting)}" if waiting else "no worker"
    return Reason(what, "Add a worker here, or start `kcalc worker` anywhere: its group takes what waits.")


def _wait(requests: int) -> str:
    return "1 request waits" if requests == 1 else f"{requests} requests wait"


def _paused(partitions: Sequence[PartitionFigures]) -> Iterator[Reason]:
    for owner, rows in by_owner([row for row in partitions if row.owner_state is _PAUSED and row.lag]).items():
        what = f"{_places(rows)}: {_wait(_lag(rows))} because {owner} is paused"
        yield Reason(what, f"Resume {owner}, or stop it: then another worker takes its partitions.")


def _killed(partitions: Sequence[PartitionFigures]) -> Iterator[Reason]:
    for owner, rows in by_owner([row for row in partitions if row.owner_state is _KILLED]).items():
        them = "it" if len(rows) == 1 else "them"
        what = f"{_places(rows)}: {owner} was killed, and the group has not noticed yet: nobody reads {them}"
        yield Reason(what, f"Wait for its session time-out: only then others take its partitions from {owner}.")


def _slowed(partitions: Sequence[PartitionFigures], live: Sequence[WorkerFigures]) -> Iterator[Reason]:
    delays = {worker.client_id: worker.delay_s for worker in live if worker.delay_s}
    slow = [row for row in partitions if row.lag and row.owner in delays] if delays else []
    for owner, rows in by_owner(slow).items():
        if backs_up(_lag(rows), sum(row.out_per_s or 0.0 for row in rows)):
            slowed = f"{owner} was slowed down by {delays[owner] * 1_000:.0f} ms a request"
            what = f"{_places(rows)}: {slowed}, {_wait(_lag(rows))}"
            yield Reason(what, f"Slow {owner} down by 0 ms, or stop it: then another worker takes its partitions.")


def _places(rows: Sequence[PartitionFigures]) -> str:
    return places([row.partition for row in rows])


def _lag(rows: Sequence[PartitionFigures]) -> int:
    return sum(row.lag or 0 for row in rows)


def _growing(
    partitions: Sequence[PartitionFigures], live: Sequence[WorkerFigures], hot_key: HotKey | None
) -> Iterator[Reason]:
    slowed = {worker.client_id for worker in live if worker.delay_s}  # said already, with a better reason
    growing = [row for row in partitions if grows(row) and row.owner not in slowed]
    if not growing:
        return
    growing.sort(key=growth, reverse=True)
    owners = [row.owner for row in partitions]
    runs = {worker.client_id: worker.run_p50_s for worker in live if worker.run_p50_s}
    ordered = sorted(runs.values())
    for row in growing[:_SPELLED]:
        what = f"p{row.partition} grows by {growth(row):.0f}/s: "
        slow = _times_slower(runs.get(row.owner or ""), ordered)
        if hot_key is not None and hot_key.partition == row.partition:
            key = ascii(hot_key.key[:_KEY_CHARS].decode(errors="replace"))
            what += f"key {key} brings {hot_key.share:.0%} of all requests, and one key always goes to one partition"
            yield Reason(what, "More workers cannot help it: split the key, or make its requests cheaper.")
        elif slow is not None:
            what += f"{row.owner} is {slow:.1f} times slower than its peers"
            yield Reason(what, f"See what {row.owner} has in hand and what else its machine does; restart or stop it.")
        elif row.owner and not row.out_per_s:
            yield Reason(f"{what}{row.owner} answers nothing", _silent(row.owner, live))
        else:
            what += f"{row.owner or 'nobody'} answers {row.out_per_s or 0.0:.0f}/s of {row.in_per_s or 0.0:.0f}/s"
            yield Reason(what, _own_worker(row.owner, owners, live) or _more_workers(partitions, live))
    if (more := len(growing) - _SPELLED) > 0:
        noun = "1 more partition grows" if more == 1 else f"{more} more partitions grow"
        yield Reason(f"{noun}, more slowly", _more_workers(partitions, live))


def _times_slower(own: float | None, runs: Sequence[float]) -> float | None:
    """By what factor `own`, one of the ascending median runs, is longer than the others' median; None if it is not."""
    if own is None or len(runs) < 2:
        return None
    middle = (len(runs) - 1) // 2
    factor = own / runs[middle + 1 if bisect_left(runs, own) <= middle else middle]
    return factor if factor >= _SLOWER else None


def _silent(owner: str, live: Sequence[WorkerFigures]) -> str:
    """What helps against a worker that answers nothing, though the group counts it."""
    if any(worker.remote for worker in live if worker.client_id == owner):
        return f"See whether {owner} lives, elsewhere: if not, others take its partitions after its session time-out."
    return f"See what {owner} has in hand; restart or stop it."


def _own_worker(owner: str | None, owners: Sequence[str | None], live: Sequence[WorkerFigures]) -> str | None:
    """What helps a partition whose owner has no other one, while others share theirs; None if that is not so."""
    if not owner or len(live) >= len(owners) or owners.count(owner) != 1:
        return None
    return f"{owner} reads no other partition: only more partitions, or cheaper requests, help."


def _more_workers(partitions: Sequence[PartitionFigures], live: Sequence[WorkerFigures]) -> str:
    if len(live) < len(partitions):
        verb = "shares" if len(live) == 1 else "share"
        return f"Add a worker: {len(live)} {verb} {len(partitions)} partitions."
    return "Every partition has a worker of its own: only more partitions, or cheaper requests, help."


def _idle(live: Sequence[WorkerFigures], partitions: int) -> Iterator[Reason]:
    without = [worker.client_id for worker in live if not worker.partitions and worker.state is WorkerState.IDLE]
    if not without or len(live) <= partitions:
        return
    names = ", ".join(without[:_NAMES]) + (" …" if len(without) > _NAMES else "")
    one = partitions == 1
    feed = "1 partition feeds only 1 worker" if one else f"{partitions} partitions feed only {partitions} workers"
    what = f"{feed}: {names} cannot help"
    remedy = f"Add partitions, or stop {names}. (New partitions move keys: their order starts anew.)"
    yield Reason(what, remedy)
