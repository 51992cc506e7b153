"""The table partition ▸ worker: one row a partition, a remark below, the sums in the frame."""

from collections.abc import Mapping
from typing import ClassVar

from textual.events import Click, Resize
from textual.strip import Strip

from tui.dashboard.glyphs import Glyphs
from tui.dashboard.widgets.canvas import Drawn
from tui.dashboard.widgets.drawing import Line
from tui.dashboard.widgets.key_hints import DEFAULT_KEYS, hint, how_to_add
from tui.dashboard.widgets.lazy_lines import Lines
from tui.dashboard.widgets.partition_columns import partition_columns
from tui.dashboard.widgets.partition_rows import (
    OLD_S,
    age_line,
    no_rows_line,
    partition_lines,
    remark_line,
    totals_line,
)
from tui.dashboard.widgets.partitions_by_worker import lines_by_worker
from tui.ledger.figures import Figures

_ROOM_FOR_HINTS = 96


class PartitionTable(Drawn, can_focus=True):
    """Who owns which partition, one row a partition or, after `action_regroup`, grouped by worker.

    As high as its rows, up to a part of the screen; more rows scroll, while titles and remark stay in place. Old
    figures are dimmed.
    """

    ABOUT: ClassVar[str] = "Who owns each partition, what waits in it, and how fast it comes and goes"
    DEFAULT_CSS = """
    PartitionTable { height: auto; max-height: 40%; min-height: 5; }
    PartitionTable.-old { text-opacity: 60%; }
    """

    def __init__(
        self,
        glyphs: Glyphs | None = None,
        id: str | None = None,
        key_names: Mapping[str, str] = DEFAULT_KEYS,
    ) -> None:
        super().__init__(glyphs=glyphs, id=id)
        self._key_names = key_names
        self._figures: Figures | None = None
        self._by_worker = False
        self._lines: Lines = ()
        self._shown: list[Line] = []
        self._remark: Line = ()
        self.set_lines(3)

    def show(self, figures: Figures) -> None:
        """Show these figures; repaints only if something visible changed."""
        self._figures = figures
        self.set_class(figures.age_s is not None and figures.age_s > OLD_S, "-old")
        self._draw()

    def action_regroup(self) -> None:
        """Group the rows by worker, or by partition again."""
        self._by_worker = not self._by_worker
        self.scroll_to(y=0, animate=False)
        self._draw()

    async def on_click(self, event: Click) -> None:
        """A click on the remark adds the worker that it asks for, or explains it."""
        place = event.get_content_offset(self)
        if place is None or place.y != self.size.height - 1 or not self._remark or self._figures is None:
            return
        if self._figures.note:
            await self.run_action("app.explain")
        elif "add_worker" in self._key_names:
            await self.run_action("app.add_worker")

    def on_mount(self) -> None:
        """Say that there is nothing to show yet."""
        self._draw()

    def on_resize(self, event: Resize) -> None:
        """Choose the columns for the new width."""
        self._draw()

    def render_line(self, y: int) -> Strip:
        """Titles, the rows scrolled to, and the remark in the last line."""
        return self.strip(self._line(y, self.size.height, self.scroll_offset.y), self.cells)

    def _line(self, y: int, height: int, scrolled: int) -> Line:
        if y == height - 1 and y >= 2:
            return self._remark
        index = y + scrolled if y else 0
        return self._lines[index] if index < len(self._lines) else ()

    def _draw(self) -> None:
        cells, figures, glyphs = self.cells, self._figures, self.glyphs
        if figures is None or not figures.partitions:
            self._lines, self._remark = [no_rows_line(figures, cells, glyphs)], ()
        else:
            columns = partition_columns(figures, cells, self._by_worker)
            written = lines_by_worker if self._by_worker else partition_lines
            self._lines = written(figures, columns, glyphs, self._lines)
            self._remark = self._remark_line(figures, cells)
        height, scrolled = self.size.height, self.scroll_offset.y
        before, self._shown = self._shown, [self._line(y, height, scrolled) for y in range(height)]
        self.refresh_changed(before, self._shown)
        self.set_lines(max(3, len(self._lines) + 1))
        title = f"Worker {glyphs.cursor} partition" if self._by_worker else f"Partition {glyphs.cursor} worker"
        self.head(((title, "title"),), self._hints_and_age(figures))
        self.foot(totals_line(figures, self.edge_cells, glyphs) if figures else ())

    def _hints_and_age(self, figures: Figures | None) -> Line:
        """What can be done here, where there is room, and how old the figures are."""
        if figures is None:
            return ()
        age = age_line(figures, max(1, self.edge_cells - 24), self.glyphs)
        if not figures.partitions or figures.trouble or self.edge_cells < _ROOM_FOR_HINTS:
            return age
        names = self._key_names
        regroup = "by partition" if self._by_worker else "by worker"
        hints: Line = (
            (hint(names, "regroup"), "strong@regroup"),
            (f" {regroup}   ", "muted@regroup"),
            (hint(names, "explain"), "strong@app.explain"),
            (" explain", "muted@app.explain"),
        )
        return (*hints, ("   ", "text"), *age) if age else hints

    def _remark_line(self, figures: Figures, cells: int) -> Line:
        if not figures.workers and not figures.note:
            return ((how_to_add(self._key_names), "warning"),)
        return remark_line(figures, cells, self.glyphs)
