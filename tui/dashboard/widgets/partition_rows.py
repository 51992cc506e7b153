"""Partition ▸ worker as lines: who owns what, what waits there, and what is being worked on."""

from rich.cells import cell_len

from tui.dashboard.formatting import age, clean, compact, count, duration, rate
from tui.dashboard.glyphs import UNKNOWN, Glyphs
from tui.dashboard.widgets.charts import bar
from tui.dashboard.widgets.columns import Column, Fitted, fit
from tui.dashboard.widgets.columns import row as table_row
from tui.dashboard.widgets.drawing import Line, Span, cut, first_fitting, hue_role
from tui.dashboard.widgets.lazy_lines import LazyLines
from tui.events import Link, WorkerState
from tui.ledger.explain import GONE
from tui.ledger.figures import Figures, PartitionFigures
from tui.ledger.growth import grows

OLD_S = 3.0
"""Figures of the group older than this are shown dim: they are asked for about twice a second."""
_SHORT_QUEUE = 16
"""The bar's least full scale, so that three waiting requests do not look like a jam."""
_ROOMY = 90
STEADY_PER_S = 0.5
"""A lag that changes by less than that a second stays as it is."""


def partition_columns(figures: Figures, cells: int, by_worker: bool = False) -> Fitted:
    """The columns that fit into `cells`, by the priorities of the first view; `by_worker`: the worker comes first.

    Where there is no room for the trend of the lag, its arrow stands behind the lag.
    """
    columns = _columns(figures, by_worker, with_trend=True)
    fitted = fit(columns, cells)
    if any(column.name == "trend" for column, _ in fitted):
        return fitted
    return fit(_columns(figures, by_worker, with_trend=False), cells)


def _columns(figures: Figures, by_worker: bool, with_trend: bool) -> list[Column]:
    names = [len(row.owner or "") for row in figures.partitions]
    worker = min(16, max([8, *names])) + 2
    last = max((row.partition for row in figures.partitions), default=0)
    ends = max((len(str(row.end or 0)) for row in figures.partitions), default=1)
    offset = max(9, ends)
    columns = [
        Column("partition", "p", len(str(last)), rank=0),
        Column("leader", "leader", 6, rank=12),
        Column("worker", "worker", worker, rank=1),
        Column("committed", "committed", offset, rank=10, right=True),
        Column("end", "end", max(6, ends), rank=11, right=True),
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


def partition_rows(figures: Figures, columns: Fitted, glyphs: Glyphs) -> LazyLines:
    """One line a partition, in their order."""
    rows, scale = figures.partitions, queue_scale(figures)
    return LazyLines(len(rows), lambda number: partition_row(rows[number], columns, scale, glyphs))


def queue_scale(figures: Figures) -> int:
    """The lag at which a bar is full."""
    return max([_SHORT_QUEUE, *(row.lag or 0 for row in figures.partitions)])


def partition_row(row: PartitionFigures, columns: Fitted, scale: int, glyphs: Glyphs, repeated: bool = False) -> Line:
    """One partition; `scale` is the lag at which its bar is full, `repeated`: its owner's name stands above."""
    widths = {column.name: width for column, width in columns}
    oldest = duration(row.oldest_waiting_s, glyphs) if row.lag or row.lag is None else glyphs.nothing
    leader = UNKNOWN if row.leader is None else f"b{row.leader}"
    cells: dict[str, Line] = {
        "partition": ((str(row.partition), "strong"),),
        "leader": ((leader, "muted"),),
        "worker": _owner(row, widths.get("worker", 0) - 2, repeated, glyphs),
        "committed": ((_committed(row, glyphs), "muted"),),
        "end": ((UNKNOWN if row.end is None else str(row.end), "muted"),),
        "lag": _lag(row, "trend" not in widths, glyphs),
        "trend": _trend(row, glyphs),
        "oldest": ((oldest, "muted"),),
        "queue": _queue(row, scale, widths.get("queue", 0), glyphs),
        "in": ((rate(row.in_per_s), "muted"),),
        "out": ((rate(row.out_per_s), "muted"),),
        "working": _working_on(row, widths.get("working", 0), glyphs),
        "took": ((glyphs.nothing if row.took_s is None else duration(row.took_s, glyphs), "muted"),),
    }
    return table_row(columns, cells, glyphs.ellipsis)


def _committed(row: PartitionFigures, glyphs: Glyphs) -> str:
    if row.committed is None:
        return UNKNOWN if row.end is None else glyphs.nothing
    return str(row.committed)


def _lag(row: PartitionFigures, with_arrow: bool, glyphs: Glyphs) -> Line:
    number = (compact(row.lag), "text" if row.lag else "muted")
    if not with_arrow:
        return (number,)
    arrow, role = _arrow(row, glyphs)
    return number, (" " if arrow in (glyphs.level, UNKNOWN) else arrow, role)


def _trend(row: PartitionFigures, glyphs: Glyphs) -> Line:
    """Whether the lag grows, shrinks or stays, and by how many a second."""
    arrow, role = _arrow(row, glyphs)
    if row.lag_per_s is None or arrow in (glyphs.level, UNKNOWN):
        return ((arrow, role),)
    return (f"{arrow} ", role), (rate(abs(row.lag_per_s)), "muted")


def _arrow(row: PartitionFigures, glyphs: Glyphs) -> Span:
    if row.lag is None or row.lag_per_s is None:
        return UNKNOWN, "muted"
    if abs(row.lag_per_s) < STEADY_PER_S:
        return glyphs.level, "muted"
    return (glyphs.up, "warning") if row.lag_per_s > 0 else (glyphs.down, "success")


def _owner(row: PartitionFigures, cells: int, repeated: bool, glyphs: Glyphs) -> Line:
    if row.owner is None:
        return ((UNKNOWN, "muted"),)
    if not row.owner:
        return ((f"{glyphs.nothing} nobody"[: max(1, cells)], "warning"),)
    return named("" if repeated else row.owner, _state(row, glyphs), cells, glyphs)


def named(owner: str, state: Span, cells: int, glyphs: Glyphs) -> Line:
    """A worker's name in `cells` cells, and the sign of its state."""
    name = clean(owner, cells, glyphs)
    return ((name + " " * (cells - cell_len(name) + 1), hue_role(owner)), state)


def _state(row: PartitionFigures, glyphs: Glyphs) -> Span:
    if row.waits_for is not None:
        return glyphs.waiting, "muted"
    sign = glyphs.state(row.owner_state)
    match row.owner_state:
        case WorkerState.BUSY:
            return sign, "warning" if grows(row) else "success"
        case WorkerState.PAUSED | WorkerState.STOPPING | WorkerState.CONNECTING | WorkerState.JOINING:
            return sign, "warning"
        case WorkerState.FAILED | WorkerState.KILLED | WorkerState.NO_BROKER | WorkerState.REFUSED:
            return sign, "error"
        case _:
            return sign, "muted"


def _queue(row: PartitionFigures, scale: int, cells: int, glyphs: Glyphs) -> Line:
    if row.lag is None:
        return ((UNKNOWN, "muted"),)
    full, rest = bar(row.lag, scale, cells, glyphs)
    return ((full, hue_role(row.owner) if row.owner else "warning"), (rest, "faint"))


def _working_on(row: PartitionFigures, cells: int, glyphs: Glyphs) -> Line:
    if row.waits_for is not None and row.owner:
        return ((clean(f"{glyphs.nothing} {row.owner} on p{row.waits_for}", cells, glyphs), "muted"),)
    if not row.working_on:
        return ((glyphs.nothing, "muted"),)
    return ((clean(row.working_on, cells, glyphs), "text"),)


def remark_line(figures: Figures, cells: int, glyphs: Glyphs) -> Line:
    """The one sentence below the table, "" if there is nothing to say, or if it stands above the panels already."""
    said_above = figures.link.down or figures.note == figures.trouble
    if not figures.partitions or not figures.note or said_above:
        return ()
    line: Line = ((f"{glyphs.attention} ", "warning"), (clean(figures.note, cells, glyphs), "text"))
    return cut(line, cells, glyphs.ellipsis)


def no_rows_line(figures: Figures | None, cells: int, glyphs: Glyphs) -> Line:
    """What to say while there is no partition to show."""
    if figures is None or figures.link is Link.STARTING:
        detail = figures.link_detail if figures else ""
        return ((clean(detail or f"connecting{glyphs.ellipsis}", cells, glyphs), "muted"),)
    if figures.link.down:
        detail = f": {figures.link_detail}" if figures.link_detail else ""
        return ((clean(f"{glyphs.failed} {figures.link}{detail}", cells, glyphs), "error"),)
    if figures.trouble:
        return ((clean(figures.trouble, cells, glyphs), "warning"),)
    return ((f"connected, reading the topics{glyphs.ellipsis}" if figures.age_s is None else "no topics yet", "muted"),)


def age_line(figures: Figures, cells: int, glyphs: Glyphs) -> Line:
    """How old the group's figures are, or why there are none."""
    if figures.trouble:
        return ((clean(figures.trouble, cells, glyphs), "warning"),)
    if figures.age_s is None:
        return ()
    return ((age(figures.age_s), "warning" if figures.age_s > OLD_S else "muted"),)


def totals_line(figures: Figures, cells: int, glyphs: Glyphs) -> Line:
    """The sums in the lower border, the longest wording that fits."""
    if not figures.partitions:
        return ()
    lag, per_s = figures.totals.lag, figures.totals.lag_per_s
    steady = lag is None or abs(per_s) < STEADY_PER_S
    trend = "" if steady else f" {glyphs.up}" if per_s > 0 else f" {glyphs.down}"
    backlog: Line = ((f"lag {count(lag)}", "muted"), (trend, "warning" if per_s > 0 else "success"))
    partitions = _plural(len(figures.partitions), "partition")
    present = sum(worker.state not in GONE for worker in figures.workers)
    workers = _plural(present, "worker")
    dot = f" {glyphs.dot} "
    skew, idle = figures.totals.skew, sum(worker.state is WorkerState.IDLE for worker in figures.workers)
    busiest = "" if skew is None else f"busiest/mean {skew:.1f}{dot}"
    roomy = [f"{partitions}{dot}{workers}{dot}{idle} idle{dot}"] if cells >= _ROOMY else []
    wordings = (
        *(f"{busiest}{words}" for words in roomy),
        *roomy,
        f"{partitions}{dot}{workers}{dot}",
        f"{len(figures.partitions)}p{dot}{present}w{dot}",
        "",
    )
    return first_fitting((((words, "muted"), *backlog) for words in wordings), cells, glyphs.ellipsis)


def _plural(number: int, word: str) -> str:
    return f"{count(number)} {word}" if number == 1 else f"{count(number)} {word}s"
