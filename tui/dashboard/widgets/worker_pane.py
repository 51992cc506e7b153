"""One worker in a frame of its own: what it has in hand, how fast it is, what it did last."""

from collections.abc import Mapping
from typing import ClassVar

from textual.binding import BindingType
from textual.events import Resize
from textual.strip import Strip

from tui.calc.operations import Operations
from tui.dashboard import keys
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.widgets.drawing import Drawn, Line, line_cells
from tui.dashboard.widgets.key_hints import DEFAULT_KEYS
from tui.dashboard.widgets.worker_lines import name_line, pane_lines, partitions_line
from tui.dashboard.widgets.worker_requests import key_words, pause_or_resume, stop_or_start
from tui.ledger.figures import WorkerFigures


class WorkerPane(Drawn, can_focus=True):
    """A worker's pane. Its keys, and clicks on their words in the frame, post the wishes of worker_requests."""

    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("worker_pause", "worker_stop")
    DEFAULT_CSS = """
    WorkerPane { height: 100%; width: 100%; overflow-y: hidden; scrollbar-gutter: auto; padding: 0 1; }
    """

    def __init__(
        self,
        worker: WorkerFigures,
        operations: Operations,
        glyphs: Glyphs | None = None,
        key_names: Mapping[str, str] = DEFAULT_KEYS,
    ) -> None:
        super().__init__(glyphs=glyphs)
        self._key_names = key_names
        self._worker = worker
        self._operations = operations
        self._lines: list[Line] = []

    @property
    def worker(self) -> WorkerFigures:
        """The figures that are shown."""
        return self._worker

    def show(self, worker: WorkerFigures) -> None:
        """Show these figures; repaints only if something visible changed."""
        self._worker = worker
        self._draw()

    def on_mount(self) -> None:
        """Draw what it was made with."""
        self._draw()

    def on_resize(self, event: Resize) -> None:
        """Write the lines for the new size."""
        self._draw()

    def render_line(self, y: int) -> Strip:
        """One line of the pane."""
        return self.strip(self._lines[y] if y < len(self._lines) else (), self.cells)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key that can do nothing for this worker is not shown."""
        if action == "pause":
            return pause_or_resume(self._worker) is not None
        if action == "stop":
            return stop_or_start(self._worker) is not None
        return True

    def action_pause(self) -> None:
        """Wish that the worker pauses, or goes on if it is paused."""
        wish = pause_or_resume(self._worker)
        if wish is not None:
            self.post_message(wish)

    def action_stop(self) -> None:
        """Wish that the worker stops, or starts if it is stopped."""
        wish = stop_or_start(self._worker)
        if wish is not None:
            self.post_message(wish)

    def _draw(self) -> None:
        cells, height = self.cells, self.size.height
        lines = pane_lines(self._worker, self._operations, cells, height, self.glyphs)
        if lines != self._lines:
            self._lines = lines
            self.refresh()
        self.head(name_line(self._worker, self.edge_cells, self.glyphs))
        owned = partitions_line(self._worker, self.glyphs)
        words = key_words(self._worker, self._key_names)
        if line_cells(owned) + line_cells(words) + 3 > self.edge_cells:
            owned = ()
        self.foot(owned, words)
