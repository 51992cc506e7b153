"""One worker from near: everything that is known of it, in a frame that fills the window."""

from collections.abc import Mapping
from typing import ClassVar

from textual.events import Resize
from textual.strip import Strip

from tui.calc.operations import Operations
from tui.dashboard.formatting import clean
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.widgets.canvas import Drawn
from tui.dashboard.widgets.drawing import Line, line_cells
from tui.dashboard.widgets.key_hints import DEFAULT_KEYS, hint
from tui.dashboard.widgets.worker_detail_lines import detail_lines
from tui.dashboard.widgets.worker_keys import WorkerKeys
from tui.dashboard.widgets.worker_lines import name_line, slow_line
from tui.dashboard.widgets.worker_requests import key_words
from tui.ledger.figures import Figures, WorkerFigures
from tui.worker_details import WorkerDetails

_GONE = "is not in the group any more"
_BETWEEN = 3


class WorkerDetail(Drawn, WorkerKeys, can_focus=True):
    """Scrolls with the arrows. The keys of a worker act on the one that is shown."""

    ABOUT: ClassVar[str] = "One worker from near: its lanes, its signs of life, its last answers and errors"
    DEFAULT_CSS = """
    WorkerDetail { height: 1fr; }
    """

    def __init__(
        self, operations: Operations, glyphs: Glyphs, id: str, key_names: Mapping[str, str] = DEFAULT_KEYS
    ) -> None:
        super().__init__(glyphs=glyphs, id=id)
        self._operations = operations
        self._key_names = key_names
        self._client_id = ""
        self._figures: Figures | None = None
        self._details: WorkerDetails | None = None
        self._lines: list[Line] = []

    @property
    def chosen(self) -> WorkerFigures | None:
        """The worker that is shown."""
        workers = self._figures.workers if self._figures else ()
        return next((worker for worker in workers if worker.client_id == self._client_id), None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """It is open already."""
        return False if action == "open" else super().check_action(action, parameters)

    def show(self, client_id: str, figures: Figures, details: WorkerDetails | None) -> None:
        """Show this worker; repaints only if something visible changed."""
        if client_id != self._client_id:
            self.scroll_home(animate=False)
        before = self.chosen
        self._client_id, self._figures, self._details = client_id, figures, details
        self._draw()
        if (before and before.state) != (self.chosen and self.chosen.state):
            self.refresh_bindings()

    def on_resize(self, event: Resize) -> None:
        """Write the lines for the new size."""
        self._draw()

    def render_line(self, y: int) -> Strip:
        """One of the lines."""
        index = y + self.scroll_offset.y
        return self.strip(self._lines[index] if index < len(self._lines) else (), self.cells)

    def _draw(self) -> None:
        if self._figures is None:
            return
        worker = self.chosen
        lines = self._written(worker, self._figures)
        if lines != self._lines:
            self._lines = lines
            self.set_lines(len(lines))
            self.refresh()
        back: Line = ((hint(self._key_names, "leave"), "strong@screen.leave"), (" all", "muted@screen.leave"))
        if worker is None:
            self.head(())
            self.foot((), back)
            return
        self.head(name_line(worker, self.edge_cells, self.glyphs), slow_line(worker))
        room = self.edge_cells - line_cells(back) - _BETWEEN
        words = key_words(worker, self._key_names, room)
        self.foot((), (*words, (" " * _BETWEEN, "text"), *back) if words else back)

    def _written(self, worker: WorkerFigures | None, figures: Figures) -> list[Line]:
        if worker is None:
            return [((clean(f"{self._client_id} {_GONE}", self.cells, self.glyphs), "warning"),)]
        own = [place for place in figures.partitions if place.partition in worker.partitions]
        return detail_lines(worker, own, self._details, self._operations, self.cells, self.glyphs)
