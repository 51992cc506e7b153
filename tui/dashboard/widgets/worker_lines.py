"""Workers as lines: the inside of a pane, one row of a table, one piece of the summary."""

from rich.cells import cell_len

from tui.calc.operations import Operations
from tui.dashboard.formatting import clean, count, duration, per_second, time_of_day
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.widgets.answers import request_and_answer
from tui.dashboard.widgets.charts import sparkline
from tui.dashboard.widgets.drawing import Line, Span, aligned, cut, hue_role, line_cells
from tui.events import ReceivedResult, WorkerState
from tui.ledger.figures import WorkerFigures, WorkerNote

_LEAST_HISTORY = 8
_MOST_PARTITIONS = 6
_RATE_CELLS = 8
"""For 12.3k/s and a blank."""
_TIME_CELLS = 6
"""For 999 ms."""
_MOST_SPARK = 24
_ROOM_FOR_P50 = 44
_STATE_ROLES = {
    WorkerState.BUSY: "success",
    WorkerState.IDLE: "muted",
    WorkerState.STOPPED: "muted",
    WorkerState.KILLED: "error",
    WorkerState.FAILED: "error",
    WorkerState.NO_BROKER: "error",
    WorkerState.REFUSED: "error",
    None: "muted",
}
"""Every other state wants attention."""


def state_span(worker: WorkerFigures, glyphs: Glyphs) -> Span:
    """The sign and the word of a worker's state: `● busy`."""
    if worker.remote:
        return f"{glyphs.busy if worker.per_s else glyphs.idle} remote", "muted"
    word = worker.state.value if worker.state else "unknown"
    return f"{glyphs.state(worker.state)} {word}", _STATE_ROLES.get(worker.state, "warning")


def name_line(worker: WorkerFigures, cells: int, glyphs: Glyphs) -> Line:
    """A pane's title: `client-0 ● busy`."""
    state, role = state_span(worker, glyphs)
    name = clean(worker.client_id, max(4, cells - cell_len(state) - 1), glyphs)
    return ((name, hue_role(worker.client_id)), (" ", "text"), (state, role))


def slow_line(worker: WorkerFigures) -> Line:
    """What it was slowed down by: `slow +200 ms`."""
    return ((f"slow +{worker.delay_s * 1_000:.0f} ms", "warning"),) if worker.delay_s else ()


def partitions_line(worker: WorkerFigures) -> Line:
    """The partitions a worker owns: `p0 p3`."""
    if not worker.partitions:
        return ()
    shown = " ".join([f"p{partition}" for partition in worker.partitions[:_MOST_PARTITIONS]])
    more = len(worker.partitions) - _MOST_PARTITIONS
    return ((f"{shown} +{more}" if more > 0 else shown, "muted"),)


def pane_lines(worker: WorkerFigures, operations: Operations, cells: int, lines: int, glyphs: Glyphs) -> list[Line]:
    """What a pane shows, the most telling first, newest history on top; at most `lines` lines of `cells` cells."""
    head = [
        current_line(worker, cells, glyphs),
        rate_line(worker, cells, glyphs),
        counts_line(worker),
    ]
    # A pane of two or three lines is for what happens, not for sums: history comes before the counts.
    order = head[:2] if lines <= 3 else head
    room = max(0, lines - len(order))
    history = [history_line(entry, operations, cells, glyphs) for entry in worker.history[:room]]
    return [cut(line, cells, glyphs.ellipsis) for line in (*order, *history)][:lines]


def current_line(worker: WorkerFigures, cells: int, glyphs: Glyphs) -> Line:
    """What the worker has in hand and since when, or why it has nothing."""
    if worker.working_on and worker.state is WorkerState.BUSY:
        took: Line = ((duration(worker.took_s, glyphs), "muted"),) if worker.took_s is not None else ()
        room = cells - line_cells(took) - 1
        request: Line = ((clean(worker.working_on, room, glyphs), "strong"),)
        return (*aligned(request, room, False, glyphs.ellipsis), (" ", "text"), *took)
    if worker.detail:
        role = "error" if worker.state and worker.state.needs_help else "muted"
        return ((clean(worker.detail, cells, glyphs), role),)
    return ((_words(worker), "muted"),)


def _words(worker: WorkerFigures) -> str:
    match worker.state:
        case _ if worker.remote:
            return "runs in another process"
        case WorkerState.IDLE:
            return "nothing waiting" if worker.partitions else "no partition to read"
        case WorkerState.BUSY:
            return "working"
        case WorkerState.PAUSED:
            return "takes no requests until resumed"
        case WorkerState.STOPPED:
            return "has left the group"
        case WorkerState.KILLED:
            return "was killed, the group has noticed"
        case WorkerState.JOINING:
            return "waits for its partitions"
        case None:
            return "nothing known yet"
        case _:
            return str(worker.state)


def rate_line(worker: WorkerFigures, cells: int, glyphs: Glyphs) -> Line:
    """Results per second, their course, and how long they run; each keeps its place whatever the figures are."""
    hue = hue_role(worker.client_id)
    rate = per_second(worker.per_s).ljust(_RATE_CELLS)
    run = _quantile("p95", worker.run_p95_s, glyphs)
    if cells >= _ROOM_FOR_P50:
        run = (*_quantile("p50", worker.run_p50_s, glyphs), ("  ", "text"), *run)
    spark = max(0, min(_MOST_SPARK, cells - _RATE_CELLS - line_cells(run) - 2))
    return ((rate, hue), (sparkline(worker.rates, spark, glyphs), hue), ("  ", "text"), *run)


def _quantile(name: str, seconds: float | None, glyphs: Glyphs) -> Line:
    text = glyphs.nothing if seconds is None else duration(seconds, glyphs)
    return (f"{name} ", "muted"), (text.rjust(_TIME_CELLS), "muted" if seconds is None else "text")


def counts_line(worker: WorkerFigures) -> Line:
    """What the worker has done so far."""
    spans: list[Span] = []
    for word, number, role in (
        ("done", worker.done, "muted"),
        ("failed", worker.failed, "error"),
        ("again", worker.again, "warning"),
    ):
        spans += [(f"{word} ", "muted"), (count(number), role if number else "muted"), ("  ", "text")]
    return tuple(spans[:-1])


def history_line(entry: ReceivedResult | WorkerNote, operations: Operations, cells: int, glyphs: Glyphs) -> Line:
    """One thing that happened: a result or a remark, with its time if there is room."""
    at = entry.at if isinstance(entry, WorkerNote) else entry.result.finished_at
    clock: Line = ((f"{time_of_day(at)}  ", "muted"),) if cells >= 10 + _LEAST_HISTORY else ()
    room = cells - line_cells(clock)
    if isinstance(entry, WorkerNote):
        return (*clock, (clean(entry.text, room, glyphs), "muted"))
    result = entry.result
    sign = "  " if result.error is not None else " = "
    again: Line = ((f"  {glyphs.again}{result.attempt}", "warning"),) if result.attempt > 1 else ()
    room = max(2, room - len(sign) - line_cells(again))
    request, answer = request_and_answer(result, operations, room, glyphs)
    return (*clock, (request, "text"), (sign, "muted"), *answer, *again)
