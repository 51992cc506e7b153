"""Partition ▸ worker the other way round: the workers with their partitions, those that have none as well."""

from collections.abc import Iterator, Sequence
from functools import partial

from tui.dashboard.formatting import clean
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.widgets.columns import Fitted, titles
from tui.dashboard.widgets.columns import row as table_row
from tui.dashboard.widgets.drawing import GAP, Line
from tui.dashboard.widgets.lazy_lines import LazyLines, Lines, Writer
from tui.dashboard.widgets.partition_rows import named, queue_scale, row_writers
from tui.events import WorkerState
from tui.ledger.figures import Figures, PartitionFigures, WorkerFigures


def lines_by_worker(figures: Figures, columns: Fitted, glyphs: Glyphs, before: Lines = ()) -> LazyLines:
    """Below the titles what nobody owns comes first; each worker's name stands in its first line only."""
    writers = list(_writers(figures, columns, glyphs))
    return LazyLines(len(writers), writers.__getitem__, before)


def _writers(figures: Figures, columns: Fitted, glyphs: Glyphs) -> Iterator[Sequence[Writer]]:
    yield (partial(titles, columns, glyphs.ellipsis),)
    scale = queue_scale(figures)
    owned: dict[str | None, list[PartitionFigures]] = {}
    for row in figures.partitions:
        owned.setdefault(row.owner or None, []).append(row)
    known = {worker.client_id for worker in figures.workers}
    for owner in [None, *sorted(name for name in owned if name and name not in known)]:
        for number, row in enumerate(owned.get(owner, ())):
            yield row_writers(row, columns, scale, glyphs, repeated=number > 0 and owner is not None)
    for worker in figures.workers:
        rows = owned.get(worker.client_id, [])
        for number, row in enumerate(rows):
            yield row_writers(row, columns, scale, glyphs, repeated=number > 0)
        if not rows:
            yield (partial(_without_partition, worker, columns, glyphs),)


def _without_partition(worker: WorkerFigures, columns: Fitted, glyphs: Glyphs) -> Line:
    """`client-5 ○  –  idle: no partition`, the words over all columns behind the second."""
    widths = {column.name: width for column, width in columns}
    state = (glyphs.state(worker.state), "warning" if worker.state is WorkerState.IDLE else "muted")
    cells: dict[str, Line] = {
        "worker": named(worker.client_id, state, max(0, widths.get("worker", 0) - 2), glyphs),
        "partition": ((glyphs.nothing, "muted"),),
    }
    first = table_row(columns[:2], cells, glyphs.ellipsis)
    room = sum(width for _, width in columns[2:]) + len(GAP) * (len(columns) - 3)
    if room <= 0:
        return first
    words = f"{worker.state or 'unknown'}: no partition"
    return (*first, (GAP, "text"), (clean(words, room, glyphs), "muted"))
