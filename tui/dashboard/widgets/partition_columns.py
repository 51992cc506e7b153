"""Which columns of partition ▸ worker fit, and how wide they are."""

from functools import lru_cache

from tui.dashboard.widgets.columns import Column, Fitted, fit
from tui.ledger.figures import Figures


def partition_columns(figures: Figures, cells: int, by_worker: bool = False) -> Fitted:
    """The columns that fit into `cells`, by the priorities of the first view; `by_worker`: the worker comes first.

    Where there is no room for the trend of the lag, its arrow stands behind the lag.
    """
    rows = figures.partitions
    name = max([len(row.owner) for row in rows if row.owner], default=0)
    last = max([row.partition for row in rows], default=0)
    end = max([row.end for row in rows if row.end is not None], default=0)
    return _fitted(len(str(last)), min(16, max(8, name)), len(str(end)), cells, by_worker)


@lru_cache(maxsize=32)
def _fitted(partition: int, name: int, end: int, cells: int, by_worker: bool) -> Fitted:
    """The columns for partitions, workers' names and offsets of so many cells."""
    fitted = fit(_columns(partition, name, end, by_worker, with_trend=True), cells)
    if any(column.name == "trend" for column, _ in fitted):
        return fitted
    return fit(_columns(partition, name, end, by_worker, with_trend=False), cells)


def _columns(partition: int, name: int, end: int, by_worker: bool, with_trend: bool) -> list[Column]:
    columns = [
        Column("partition", "p", partition, rank=0),
        Column("leader", "leader", 6, rank=12),
        Column("worker", "worker", name + 2, rank=1),
        Column("committed", "committed", max(9, end), rank=10, right=True),
        Column("end", "end", max(6, end), rank=11, right=True),
        Column("lag", "lag", 5 if with_trend else 6, rank=2, right=True),
        Column("trend", "trend", 7, rank=9),
        Column("oldest", "oldest", 7, rank=8, right=True),
        Column("queue", "queue", 6, rank=3, grow=3, most=24),
        Column("in", "in/s", 5, rank=6, right=True),
        Column("out", "out/s", 5, rank=5, right=True),
        Column("working", "working on", 16, rank=4, grow=1, most=34),
        Column("took", "took", 7, rank=7, right=True),
    ]
    if by_worker:
        columns.insert(0, columns.pop(2))
    return [column for column in columns if with_trend or column.name != "trend"]
