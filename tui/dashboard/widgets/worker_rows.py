"""Workers without panes of their own: side by side in a summary, or one row each in a table."""

from collections.abc import Sequence
from functools import lru_cache

from rich.cells import cell_len

from tui.dashboard.formatting import clean, compact, duration, per_second
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.widgets.charts import sparkline
from tui.dashboard.widgets.columns import Column, Fitted, fit
from tui.dashboard.widgets.columns import row as table_row
from tui.dashboard.widgets.drawing import Line, Span, aligned, cut, hue_role
from tui.dashboard.widgets.worker_lines import current_line, partitions_line, state_span
from tui.ledger.figures import WorkerFigures

_SUMMARY_SPARK = 8
_SUMMARY_ACROSS = 3
"""So many workers, the default, share one line of 80 columns."""


def summary_lines(
    workers: Sequence[WorkerFigures], cells: int, lines: int, selected: str | None, glyphs: Glyphs
) -> list[Line]:
    """All workers in at most `lines` lines, side by side, in the order given; `+3 more` if they do not fit."""
    name, spark, piece_cells = _summary_widths(workers, cells, glyphs)
    each_line = max(1, (cells + 1) // (piece_cells + 1))
    room = each_line * lines
    shown = workers if len(workers) <= room else workers[: max(0, room - 1)]
    pieces = [summary_piece(worker, name, spark, worker.client_id == selected, glyphs) for worker in shown]
    if len(shown) < len(workers):
        pieces.append(((f" +{len(workers) - len(shown)} more", "muted"),))
    return [
        _side_by_side(pieces[start : start + each_line], piece_cells, cells, glyphs)
        for start in range(0, len(pieces), each_line)
    ]


def summary_index(workers: Sequence[WorkerFigures], cells: int, x: int, y: int, glyphs: Glyphs) -> int:
    """Which worker `summary_lines` has drawn at this place; its number may be that of none, or of one left out."""
    *_, piece_cells = _summary_widths(workers, cells, glyphs)
    each_line = max(1, (cells + 1) // (piece_cells + 1))
    return y * each_line + min(x // (piece_cells + 1), each_line - 1)


def _summary_widths(workers: Sequence[WorkerFigures], cells: int, glyphs: Glyphs) -> tuple[int, int, int]:
    """The cells of a name, of a course, and of all that is said of one worker."""
    name = min(16, max(cell_len(clean(worker.client_id, 16, glyphs)) for worker in workers))
    rate = max(5, *(len(per_second(worker.per_s)) for worker in workers), 0)
    fixed = 1 + name + 1 + 1 + 1 + 1 + rate
    spark = max(4, min(_SUMMARY_SPARK, (cells + 1) // min(len(workers), _SUMMARY_ACROSS) - 1 - fixed))
    return name, spark, fixed + spark


def _side_by_side(pieces: Sequence[Line], piece_cells: int, cells: int, glyphs: Glyphs) -> Line:
    spans: list[Span] = []
    for piece in pieces:
        spans += [(" ", "text")] * bool(spans)
        spans += aligned(piece, piece_cells, False, glyphs.ellipsis)
    return cut(tuple(spans), cells, glyphs.ellipsis)


def summary_piece(worker: WorkerFigures, name_cells: int, spark_cells: int, selected: bool, glyphs: Glyphs) -> Line:
    """One worker of the summary: `client-0 ● ▂▃▅▇▇▅▃ 19/s`."""
    hue = hue_role(worker.client_id)
    state, role = state_span(worker, glyphs)
    return (
        (glyphs.cursor if selected else " ", "strong"),
        *aligned(((clean(worker.client_id, name_cells, glyphs), hue),), name_cells, False, glyphs.ellipsis),
        (" ", "text"),
        (state[0], role),
        (" ", "text"),
        (sparkline(worker.rates, spark_cells, glyphs), hue),
        (" ", "text"),
        (per_second(worker.per_s), "muted"),
    )


def table_columns(workers: Sequence[WorkerFigures], cells: int) -> Fitted:
    """The columns of the table of workers that fit into `cells`."""
    name = max([len(worker.client_id) for worker in workers], default=0)
    slow = any(worker.delay_s for worker in workers)
    return _fitted(min(20, max(8, name)), slow, cells)


@lru_cache(maxsize=32)
def _fitted(name: int, with_slow: bool, cells: int) -> Fitted:
    slow = [Column("slow", "slow", 9, rank=4, right=True)] if with_slow else []
    return fit(
        (
            Column("worker", "  worker", name + 2, rank=0),
            Column("state", "state", 12, rank=1),
            *slow,
            Column("partitions", "partitions", 10, rank=3, grow=1, most=24),
            Column("rate", "done/s", 7, rank=2, right=True),
            Column("rates", "", 10, rank=6, grow=2, most=32),
            Column("p50", "p50", 7, rank=8, right=True),
            Column("p95", "p95", 7, rank=7, right=True),
            Column("done", "done", 6, rank=5, right=True),
            Column("failed", "failed", 6, rank=4, right=True),
            Column("again", "again", 5, rank=9, right=True),
            Column("now", "working on", 12, rank=10, grow=2, most=40),
        ),
        cells,
    )


def table_line(worker: WorkerFigures, columns: Fitted, selected: bool, glyphs: Glyphs) -> Line:
    """One worker as one row."""
    widths = {column.name: width for column, width in columns}
    hue = hue_role(worker.client_id)
    now = current_line(worker, max(12, widths.get("now", 12)), glyphs)
    cells: dict[str, Line] = {
        "worker": (
            (f"{glyphs.cursor if selected else ' '} ", "strong"),
            (clean(worker.client_id, max(1, widths["worker"] - 2), glyphs), hue),
        ),
        "state": (state_span(worker, glyphs),),
        "slow": ((f"+{worker.delay_s * 1_000:.0f} ms", "warning"),) if worker.delay_s else (),
        "partitions": partitions_line(worker),
        "rate": ((per_second(worker.per_s), "text"),),
        "rates": ((sparkline(worker.rates, widths.get("rates", 0), glyphs), hue),),
        "p50": ((duration(worker.run_p50_s, glyphs), "muted"),),
        "p95": ((duration(worker.run_p95_s, glyphs), "muted"),),
        "done": ((compact(worker.done), "text"),),
        "failed": ((compact(worker.failed), "error" if worker.failed else "muted"),),
        "again": ((compact(worker.again), "warning" if worker.again else "muted"),),
        "now": now,
    }
    return table_row(columns, cells, glyphs.ellipsis)
