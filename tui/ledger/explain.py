"""One sentence for the person: what is the matter with the way work is shared, the worst first, and what helps."""

from collections.abc import Sequence

from tui.events import WorkerState
from tui.ledger.figures import PartitionFigures, WorkerFigures

_GROWING_PER_S = 1.0
_WORTH_SAYING_LAG = 5
_GONE = {WorkerState.STOPPED, WorkerState.FAILED, WorkerState.STOPPING}


def explain(group_state: str | None, partitions: Sequence[PartitionFigures], workers: Sequence[WorkerFigures]) -> str:
    """The most important remark about these partitions and workers, "" if all is well."""
    if group_state is None or not partitions:
        return ""
    live = [worker for worker in workers if worker.state not in _GONE]
    if not live:
        waiting = sum(row.lag or 0 for row in partitions)
        return f"no worker: {_wait(waiting)}, press w to add a worker" if waiting else "no worker: press w to add one"
    if group_state in {"PreparingRebalance", "CompletingRebalance"}:
        return "rebalance under way: no partition is read until it ends"
    return _paused(partitions) or _growing(partitions) or _idle(live, len(partitions))


def _wait(requests: int) -> str:
    return "1 request waits" if requests == 1 else f"{requests} requests wait"


def _paused(partitions: Sequence[PartitionFigures]) -> str:
    for row in partitions:
        if row.owner_state is WorkerState.PAUSED and row.lag:
            return f"p{row.partition}: {_wait(row.lag)} because {row.owner} is paused"
    return ""


def _growing(partitions: Sequence[PartitionFigures]) -> str:
    worst = max(partitions, key=lambda row: (row.in_per_s or 0.0) - row.out_per_s)
    growth = (worst.in_per_s or 0.0) - worst.out_per_s
    if growth < _GROWING_PER_S or (worst.lag or 0) < _WORTH_SAYING_LAG:
        return ""
    answers = f"{worst.owner or 'nobody'} answers {worst.out_per_s:.0f}/s of {worst.in_per_s or 0.0:.0f}/s"
    return f"p{worst.partition} grows by {growth:.0f}/s: {answers}"


def _idle(live: Sequence[WorkerFigures], partitions: int) -> str:
    without = [worker.client_id for worker in live if not worker.partitions and worker.state in {WorkerState.IDLE}]
    if not without or len(live) <= partitions:
        return ""
    names = ", ".join(without[:3]) + (" …" if len(without) > 3 else "")
    return f"{names} cannot help: {partitions} partitions feed at most {partitions} workers"
