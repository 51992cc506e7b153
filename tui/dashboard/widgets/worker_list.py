"""All workers in one drawn widget: a summary line, or a table for more workers than panes can show."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Click, Resize
from textual.strip import Strip

from tui.dashboard.formatting import clean
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.widgets.canvas import Canvas, Drawn
from tui.dashboard.widgets.columns import titles
from tui.dashboard.widgets.drawing import Line
from tui.dashboard.widgets.key_hints import DEFAULT_KEYS, how_to_add
from tui.dashboard.widgets.lazy_lines import LazyLines, Lines, Writer
from tui.dashboard.widgets.worker_keys import WorkerKeys
from tui.dashboard.widgets.worker_requests import key_words
from tui.dashboard.widgets.worker_rows import summary_index, summary_lines, table_columns, table_line
from tui.ledger.figures import WorkerFigures


class WorkerList(Canvas, WorkerKeys, can_focus=True):
    """Workers of which, with the focus, one is selected: arrows choose, the keys of a worker act on it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,up", "choose(-1)", "Previous", show=False),
        Binding("right,down", "choose(1)", "Next", show=False),
    ]

    def __init__(
        self,
        glyphs: Glyphs | None = None,
        id: str | None = None,
        key_names: Mapping[str, str] = DEFAULT_KEYS,
    ) -> None:
        super().__init__(glyphs=glyphs, id=id)
        self.key_names = key_names
        self.rows: tuple[WorkerFigures, ...] = ()
        self.lines: Lines = ()
        self._shown: list[Line] = []
        self._empty = ""
        self._chosen: str | None = None

    def written(self) -> Lines:
        """The lines for `rows`; subclasses know how."""
        return [((clean(f" {self._empty}", self.cells, self.glyphs), "muted"),)]

    def show(self, workers: tuple[WorkerFigures, ...], empty: str) -> None:
        """Show these workers, or `empty` if there are none; repaints only if something visible changed."""
        self.rows = workers
        self._empty = empty
        self.draw()

    def draw(self) -> None:
        """Write the lines anew and repaint if those in sight differ."""
        self.lines = self.written()
        scrolled = self.scroll_offset.y
        before, self._shown = self._shown, [self.line(y, scrolled) for y in range(self.size.height)]
        self.refresh_changed(before, self._shown)

    def line(self, y: int, scrolled: int) -> Line:
        """What stands on line `y` of the widget when its rows are scrolled by so many; the titles stay."""
        index = y + scrolled if y else 0
        return self.lines[index] if index < len(self.lines) else ()

    def render_line(self, y: int) -> Strip:
        """One line of workers."""
        return self.strip(self.line(y, self.scroll_offset.y), self.cells)

    def on_resize(self, event: Resize) -> None:
        """Write the lines for the new size."""
        self.draw()

    def watch_has_focus(self, has_focus: bool) -> None:
        """Show which worker the keys act on, or hide it."""
        super().watch_has_focus(has_focus)
        self.draw()

    @property
    def chosen(self) -> WorkerFigures | None:
        """The worker the keys act on; the first one until a person chose."""
        for worker in self.rows:
            if worker.client_id == self._chosen:
                return worker
        return self.rows[0] if self.rows else None

    @property
    def marked(self) -> str | None:
        """The client id that carries the cursor, None without the focus."""
        return self.chosen.client_id if self.has_focus and self.chosen else None

    def select(self, index: int) -> None:
        """Let the keys act on the worker at this place, or on the nearest there is."""
        if self.rows:
            self._chosen = self.rows[max(0, min(len(self.rows) - 1, index))].client_id
            self.draw()
            self.refresh_bindings()

    def action_choose(self, step: int) -> None:
        """Select the next or the previous worker."""
        if self.chosen is not None:
            self.select(self.rows.index(self.chosen) + step)


class WorkerSummary(WorkerList):
    """The workers side by side in a line or a few."""

    DEFAULT_CSS = """
    WorkerSummary { height: 100%; }
    """

    def written(self) -> Lines:
        """As many workers as fit, and how many more there are."""
        cells, height = self.cells, self.size.height
        if not self.rows:
            return super().written()
        return summary_lines(self.rows, cells, max(1, height), self.marked, self.glyphs)

    async def on_click(self, event: Click) -> None:
        """A click selects a worker, a double one looks at it from near; where there is none, it adds one."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        if not self.rows:
            if "add_worker" in self.key_names and self._empty == how_to_add(self.key_names):
                await self.run_action("app.add_worker")
            return
        index = summary_index(self.rows, self.cells, offset.x, offset.y, self.glyphs)
        if index < len(self.rows):
            self.select(index)
            if event.chain == 2:
                self.action_open()


class WorkerTable(Drawn, WorkerList, can_focus=True):
    """The workers one a row, in a frame; more rows scroll."""

    ABOUT: ClassVar[str] = "Every worker, one a row: what it owns, how fast it is, what it did"
    DEFAULT_CSS = """
    WorkerTable { height: 100%; }
    """

    def written(self) -> Lines:
        """Titles and rows."""
        cells = self.cells
        if not self.rows:
            return super().written()
        columns = table_columns(self.rows, cells)
        rows, marked, glyphs = self.rows, self.marked, self.glyphs

        def writers(number: int) -> Sequence[Writer]:
            if not number:
                return (partial(titles, columns, glyphs.ellipsis),)
            worker = rows[number - 1]
            return (partial(table_line, worker, columns, worker.client_id == marked, glyphs),)

        return LazyLines(1 + len(rows), writers, self.lines)

    def draw(self) -> None:
        """Write rows and frame."""
        super().draw()
        self.set_lines(len(self.lines))
        self.head((("Workers", "title"),), ((str(len(self.rows)), "muted"),))
        shown = self.chosen if self.marked else None
        self.foot((), key_words(shown, self.key_names, self.edge_cells) if shown else ())

    def select(self, index: int) -> None:
        """Select and keep the row in sight."""
        super().select(index)
        index = max(0, min(len(self.rows) - 1, index))
        rows = max(1, self.size.height - 1)
        self.scroll_to(y=min(index, max(self.scroll_offset.y, index - rows + 1)), animate=False)

    def on_click(self, event: Click) -> None:
        """A click selects the worker of a row, a double one looks at it from near."""
        offset = event.get_content_offset(self)
        if offset is not None and offset.y:
            index = offset.y - 1 + self.scroll_offset.y
            if index < len(self.rows):
                self.select(index)
                if event.chain == 2:
                    self.action_open()
