"""One result as one line of the log: which columns fit, and what stands in them."""

from dataclasses import dataclass
from functools import lru_cache

from rich.cells import cell_len

from tui.calc.operations import Operations
from tui.dashboard.formatting import clean, clean_bytes, count, duration, place, time_of_day
from tui.dashboard.glyphs import UNKNOWN, Glyphs
from tui.dashboard.widgets.answers import answer_line, request_and_answer, request_text
from tui.dashboard.widgets.columns import Column, Fitted, fit, titles
from tui.dashboard.widgets.columns import row as table_row
from tui.dashboard.widgets.drawing import Line, hue_role, line_cells, line_text
from tui.events import ReceivedResult
from tui.ledger.figures import Figures

_WIDE = 110
"""From this many cells (a window of 160 columns has 114 beside its rebalances) there is room for the key, the attempt
and the result's own offset, and for a request and an answer that are not cut at once."""
_WITH_ID = 180
"""From this many cells on there is room for the id, too."""
_MOST_COPIED = 20_000  # terminals take some 75 kB of a copy


@dataclass(frozen=True, slots=True, eq=False)
class RowLayout:
    """The columns of the log at one width; `row_layout` gives the same object again, so it is compared by identity."""

    columns: Fitted
    cells: int


@lru_cache(maxsize=32)
def row_layout(cells: int, worker_cells: int = 8, place_cells: int = 6) -> RowLayout:
    """The columns for `cells`; a worker's name takes `worker_cells` and a place partition@offset `place_cells`."""
    columns = [
        Column("time", "time", 8, rank=5),
        Column("request", "request", 14 if cells >= _WIDE else 8, rank=1, grow=4, most=28),
        Column("result", "result", 12 if cells >= _WIDE else 8, rank=0, right=True, grow=3, most=24),
        Column("worker", "worker", worker_cells, rank=2),
        Column("place", "p@off", max(6, place_cells), rank=3),
        Column("again", "", 3, rank=7),
        Column("wait", "wait", 6, rank=4, right=True),
        Column("run", "run", 6, rank=6, right=True),
    ]
    if cells >= _WIDE:
        columns += [
            Column("key", "key", 8, rank=8, grow=1, most=32),
            Column("attempt", "attempt", 7, rank=9, right=True),
            Column("result_place", "result at", max(9, place_cells), rank=10),
        ]
    if cells >= _WITH_ID:
        columns.append(Column("id", "id", 12, rank=11, grow=1, most=40))
    return RowLayout(fit(columns, cells), cells)


def layout_for(figures: Figures | None, cells: int) -> RowLayout:
    """The columns for `cells`, with room for the names of these workers and for offsets as high as theirs."""
    if figures is None:
        return row_layout(cells)
    name = max([len(worker.client_id) for worker in figures.workers], default=0)
    last = max([row.partition for row in figures.partitions], default=0)
    end = max([row.end for row in figures.partitions if row.end is not None], default=0)
    return row_layout(cells, min(16, max(8, name)), min(16, max(6, len(place(last, end)))))


def title_row(layout: RowLayout, glyphs: Glyphs) -> Line:
    """The log's first line."""
    return titles(layout.columns, glyphs.ellipsis)


def result_row(received: ReceivedResult, layout: RowLayout, operations: Operations, glyphs: Glyphs) -> Line:
    """One result in exactly the columns of `layout`."""
    result = received.result
    widths = {column.name: width for column, width in layout.columns}
    worker_cells = widths.get("worker", 0)
    cells: dict[str, Line] = {
        "time": ((time_of_day(result.finished_at), "muted"),),
        "worker": ((clean(result.client_id, worker_cells, glyphs), hue_role(result.client_id)),),
        "place": ((place(result.partition, result.offset), "muted"),),
        "run": ((duration(result.finished_at - result.received_at, glyphs), "muted"),),
    }
    if result.attempt > 1:
        cells["again"] = ((f"{glyphs.again}{result.attempt}", "warning"),)
    if result.sent_at is not None:
        cells["wait"] = ((duration(result.received_at - result.sent_at, glyphs), "text"),)
    else:
        cells["wait"] = ((UNKNOWN, "muted"),)
    if "key" in widths:
        cells["key"] = ((clean_bytes(received.key, widths["key"], glyphs), "muted"),)
    if "attempt" in widths:
        cells["attempt"] = ((count(result.attempt), "muted"),)
        cells["result_place"] = ((place(received.result_partition, received.result_offset), "muted"),)
    if "id" in widths:
        cells["id"] = ((clean(result.id, widths["id"], glyphs), "muted"),)
    return table_row(_with_answer(received, layout, cells, operations, glyphs), cells, glyphs.ellipsis)


def row_text(received: ReceivedResult, operations: Operations, glyphs: Glyphs) -> str:
    """One result as a line to be pasted elsewhere: nothing is cut but what is beyond all use, and nothing acts."""
    result = received.result
    request = request_text(result, operations, _MOST_COPIED, glyphs)
    answer = line_text(answer_line(result, _MOST_COPIED, glyphs))
    wait = duration(result.received_at - result.sent_at, glyphs) if result.sent_at is not None else UNKNOWN
    return "  ".join(
        (
            time_of_day(result.finished_at),
            f"{request} {'' if result.error else '= '}{answer}",
            clean(result.client_id, _MOST_COPIED, glyphs),
            f"p{place(result.partition, result.offset)}",
            f"attempt {count(result.attempt)}",
            f"wait {wait}",
            f"run {duration(result.finished_at - result.received_at, glyphs)}",
            f"id {clean(result.id, _MOST_COPIED, glyphs)}",
        )
    )


def _with_answer(
    received: ReceivedResult, layout: RowLayout, cells: dict[str, Line], operations: Operations, glyphs: Glyphs
) -> Fitted:
    """Put request and answer into `cells`; where one is short the other may take its room."""
    widths = {column.name: width for column, width in layout.columns}
    if "request" not in widths:
        cells["result"] = answer_line(received.result, widths["result"], glyphs)
        return layout.columns
    area = widths["request"] + widths["result"]
    request, answer = request_and_answer(received.result, operations, area, glyphs)
    left = max(cell_len(request), min(widths["request"], area - line_cells(answer)))
    cells["request"] = ((request, "text"),)
    cells["result"] = answer
    given = {"request": left, "result": area - left}
    return tuple((column, given.get(column.name, width)) for column, width in layout.columns)
