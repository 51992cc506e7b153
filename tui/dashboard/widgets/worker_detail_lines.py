"""One worker from near, as lines: its signs of life, its lanes, what it answered last and what failed."""

from collections.abc import Iterator, Sequence

from tui.calc.operations import Operations
from tui.dashboard.formatting import age, clean, compact, duration
from tui.dashboard.glyphs import UNKNOWN, Glyphs
from tui.dashboard.widgets.columns import Column, Fitted, fit, row, titles
from tui.dashboard.widgets.drawing import Line, Span, cut
from tui.dashboard.widgets.worker_lines import counts_line, current_line, history_line, rate_line
from tui.events import ReceivedResult
from tui.ledger.figures import PartitionFigures, WorkerFigures
from tui.worker_details import LaneDetails, WorkerDetails

_ID_CELLS = 60
_ERRORS = 3
_TROUBLE_CELLS = 400


def detail_lines(
    worker: WorkerFigures,
    partitions: Sequence[PartitionFigures],
    details: WorkerDetails | None,
    operations: Operations,
    cells: int,
    glyphs: Glyphs,
) -> list[Line]:
    """All that is known of it, in lines of at most `cells` cells; `partitions` are its own.

    `details` are None if it runs elsewhere, or is no member of the group.
    """
    blank: Line = ()
    lines = [current_line(worker, cells, glyphs), rate_line(worker, cells, glyphs), counts_line(worker)]
    lines += [*_who(worker, glyphs), *_ages(details, glyphs)]
    lines += [blank, *lane_lines(partitions, details, cells, glyphs)]
    failed = [one for one in worker.history if isinstance(one, ReceivedResult) and one.result.error is not None]
    for title, entries in (("errors", failed[:_ERRORS]), ("last", worker.history)):
        if entries:
            lines += [blank, ((title, "title"),)]
            lines += [history_line(entry, operations, cells, glyphs) for entry in entries]
    return [cut(line, cells, glyphs.ellipsis) for line in lines]


def _who(worker: WorkerFigures, glyphs: Glyphs) -> Iterator[Line]:
    if worker.host or worker.member_id:
        host, member = clean(worker.host, _ID_CELLS, glyphs), clean(worker.member_id, _ID_CELLS, glyphs)
        yield (("host ", "muted"), (host, "text"), ("  member ", "muted"), (member, "text"))
    else:
        yield (("no member of the group", "muted"),)


def _ages(details: WorkerDetails | None, glyphs: Glyphs) -> Iterator[Line]:
    if details is None:
        return
    spans: list[Span] = []
    for name, since in (
        ("last poll", details.poll_age_s),
        ("heartbeat", details.heartbeat_age_s),
        ("commit", details.commit_age_s),
    ):
        spans += [("  ", "text")] * bool(spans)
        spans += [(f"{name} ", "muted"), (glyphs.nothing if since is None else age(since), "text")]
    yield tuple(spans)


def lane_lines(
    partitions: Sequence[PartitionFigures], details: WorkerDetails | None, cells: int, glyphs: Glyphs
) -> list[Line]:
    """A table with a row for each lane; of a worker elsewhere only what the group knows of its partitions."""
    lanes = {lane.partition: lane for lane in details.lanes} if details else {}
    known = {place.partition: place for place in partitions}
    numbers = sorted(lanes.keys() | known.keys())
    if not numbers:
        return [(("no partition", "muted"),)]
    columns = _columns(cells)
    lines = [titles(columns, glyphs.ellipsis)]
    for number in numbers:
        lane = lanes.get(number)
        lines.append(_lane(number, lane, known.get(number), columns, glyphs))
        if lane is not None and lane.trouble:
            lines.append(((f"  {glyphs.failed} {clean(lane.trouble, _TROUBLE_CELLS, glyphs)}", "error"),))
    return lines


def _columns(cells: int) -> Fitted:
    return fit(
        (
            Column("lane", "lane", 5, rank=0),
            Column("committed", "committed", 9, rank=4, right=True),
            Column("reached", "reached", 7, rank=2, right=True),
            Column("end", "end", 6, rank=5, right=True),
            Column("lag", "lag", 5, rank=1, right=True),
            Column("hand", "in hand", 10, rank=3, grow=1, most=60),
            Column("took", "took", 7, rank=6, right=True),
        ),
        cells,
    )


def _lane(
    number: int, lane: LaneDetails | None, place: PartitionFigures | None, columns: Fitted, glyphs: Glyphs
) -> Line:
    room = next((width for column, width in columns if column.name == "hand"), 0)
    hand: Line = ((UNKNOWN, "muted"),)
    took: Line = ((UNKNOWN, "muted"),)
    if lane is not None:
        hand = ((clean(lane.request, room, glyphs), "strong"),) if lane.request else ((glyphs.nothing, "muted"),)
        took = ((duration(lane.took_s, glyphs), "muted"),) if lane.took_s is not None else ((glyphs.nothing, "muted"),)
    committed = place.committed if place else None
    return row(
        columns,
        {
            "lane": ((f"p{number}", "text"),),
            "committed": ((glyphs.nothing if place and committed is None else _offset(committed), "muted"),),
            "reached": ((_offset(lane.reached if lane else None), "text"),),
            "end": ((_offset(place.end if place else None), "muted"),),
            "lag": ((compact(place.lag if place else None), "text"),),
            "hand": hand,
            "took": took,
        },
        glyphs.ellipsis,
    )


def _offset(offset: int | None) -> str:
    return UNKNOWN if offset is None else str(offset)
