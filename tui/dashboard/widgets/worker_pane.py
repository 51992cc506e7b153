"""One worker in a frame of its own: what it has in hand, how fast it is, what it did last."""

from collections.abc import Mapping
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Grid
from textual.events import Click, Resize
from textual.strip import Strip

from tui.calc.operations import Operations
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.widgets.canvas import Drawn
from tui.dashboard.widgets.drawing import Line, first_fitting
from tui.dashboard.widgets.key_hints import DEFAULT_KEYS
from tui.dashboard.widgets.worker_keys import WorkerKeys
from tui.dashboard.widgets.worker_lines import name_line, pane_lines, partitions_line, slow_line
from tui.dashboard.widgets.worker_requests import key_words
from tui.ledger.figures import WorkerFigures


class WorkerPane(Drawn, WorkerKeys, can_focus=True):
    """A worker's pane. Its keys, and clicks on their words in the frame, post the wishes of worker_requests."""

    ABOUT: ClassVar[str] = "One worker: what it has in hand, how fast it is, what it did last"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "neighbour(-1, 0)", "Left", show=False),
        Binding("right", "neighbour(1, 0)", "Right", show=False),
        Binding("up", "neighbour(0, -1)", "Above", show=False),
        Binding("down", "neighbour(0, 1)", "Below", show=False),
    ]
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

    @property
    def chosen(self) -> WorkerFigures:
        """The worker the keys act on."""
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

    def on_click(self, event: Click) -> None:
        """A double click, but on the words in the frame, looks at the worker from near."""
        if event.chain == 2 and event.get_content_offset(self) is not None:
            self.action_open()

    def action_neighbour(self, across: int, down: int) -> None:
        """To the pane beside, above or below this one."""
        grid = self.parent
        if isinstance(grid, Grid):
            panes = [pane for pane in grid.children if isinstance(pane, WorkerPane)]
            place = panes.index(self) + across + down * (grid.styles.grid_size_columns or 1)
            if 0 <= place < len(panes):
                panes[place].focus()

    def _draw(self) -> None:
        cells, height = self.cells, self.size.height
        lines = pane_lines(self._worker, self._operations, cells, height, self.glyphs)
        before, self._lines = self._lines, lines
        self.refresh_changed(before, lines)
        name, slow = name_line(self._worker, self.edge_cells, self.glyphs), slow_line(self._worker)
        named = first_fitting(((*name, ("  ", "text"), *slow), name), self.edge_cells, self.glyphs.ellipsis)
        self.head(named if slow else name, partitions_line(self._worker))
        self.foot((), key_words(self._worker, self._key_names, self.edge_cells))
