"""Partition ▸ worker as lines: who owns what, what waits there, and what is being worked on."""

from collections.abc import Sequence
from functools import partial

from msgspec.structs import replace
from rich.cells import cell_len

from tui.dashboard.formatting import age, clean, compact, count, duration, rate
from tui.dashboard.glyphs import UNKNOWN, Glyphs
from tui.dashboard.widgets.charts import bar
from tui.dashboard.widgets.columns import Fitted, titles
from tui.dashboard.widgets.columns import row as table_row
from tui.dashboard.widgets.drawing import GAP, Line, Span, cut, first_fitting, hue_role
from tui.dashboard.widgets.lazy_lines import LazyLines, Lines, Writer
from tui.events import Link, WorkerState
from tui.ledger.explain import GONE
from tui.ledger.figures import Figures, PartitionFigures
from tui.ledger.growth import grows

OLD_S = 3.0
"""Figures of the group older than this are shown dim: they are asked for about twice a second."""
_SHORT_QUEUE = 16
"""The bar's least full scale, so that three waiting requests do not look like a jam."""
_ROOMY = 90
_IN_HAND = {"working", "took"}
"""The last columns: what is being worked on, and for how long."""
STEADY_PER_S = 0.5
"""A lag that changes by less than that a second stays as it is."""


def partition_lines(figures: Figures, columns: Fitted, glyphs: Glyphs, before: Lines = ()) -> LazyLines:
    """Titles and one line a partition, in their order; what is written in `before` need not be written again."""
    rows, scale = figures.partitions, queue_scale(figures)

    def writers(number: int) -> Sequence[Writer]:
        if not number:
            return (partial(titles, columns, glyphs.ellipsis),)
        return row_writers(rows[number - 1], columns, scale, glyphs)

    return LazyLines(1 + len(rows), writers, before)


def queue_scale(figures: Figures) -> int:
    """The lag at which a bar is full."""
    return max(_SHORT_QUEUE, max([row.lag for row in figures.partitions if row.lag is not None], default=0))


def row_writers(
    row: PartitionFigures, columns: Fitted, scale: int, glyphs: Glyphs, repeated: bool = False
) -> Sequence[Writer]:
    """One partition; `scale` is the lag at which its bar is full, `repeated`: its owner's name stands above.

    What is in hand is a piece of its own: it changes at every tick, the rest when the group was looked at.
    """
    standing = tuple([fitted for fitted in columns if fitted[0].name not in _IN_HAND])
    in_hand = columns[len(standing) :]
    rest = replace(row, working_on="", took_s=None)
    return (
        partial(_standing, rest, standing, scale, glyphs, repeated),
        partial(_in_hand, row.owner, row.waits_for, row.working_on, row.took_s, in_hand, glyphs),
    )


def _standing(row: PartitionFigures, columns: Fitted, scale: int, glyphs: Glyphs, repeated: bool) -> Line:
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
    }
    return table_row(columns, cells, glyphs.ellipsis)


def _in_hand(
    owner: str | None, waits_for: int | None, request: str, took_s: float | None, columns: Fitted, glyphs: Glyphs
) -> Line:
    """The last columns, if there is room for them, behind the others."""
    if not columns:
        return ()
    widths = {column.name: width for column, width in columns}
    cells: dict[str, Line] = {
        "working": _working_on(owner, waits_for, request, widths.get("working", 0), glyphs),
        "took": ((glyphs.nothing if took_s is None else duration(took_s, glyphs), "muted"),),
    }
    return (GAP, "text"), *table_row(columns, cells, glyphs.ellipsis)


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


def _working_on(owner: str | None, waits_for: int | None, request: str, cells: int, glyphs: Glyphs) -> Line:
    if waits_for is not None and owner:
        return ((clean(f"{glyphs.nothing} {owner} on p{waits_for}", cells, glyphs), "muted"),)
    if not request:
        return ((glyphs.nothing, "muted"),)
    return ((clean(request, cells, glyphs), "text"),)


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
    states = [worker.state for worker in figures.workers]
    present = len(states) - sum(states.count(state) for state in GONE)
    workers = _plural(present, "worker")
    dot = f" {glyphs.dot} "
    skew, idle = figures.totals.skew, states.count(WorkerState.IDLE)
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
