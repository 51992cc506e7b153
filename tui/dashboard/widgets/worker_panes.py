"""The workers of the first view, in the form their number and the window allow."""

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Grid
from textual.events import Resize
from textual.widget import Widget

from tui.calc.operations import Operations
from tui.dashboard.glyphs import Glyphs, terminal_glyphs
from tui.dashboard.widgets.arrangement import Arrangement, Form, arrange
from tui.dashboard.widgets.key_hints import DEFAULT_KEYS, how_to_add
from tui.dashboard.widgets.worker_list import WorkerSummary, WorkerTable
from tui.dashboard.widgets.worker_pane import WorkerPane
from tui.events import Link
from tui.ledger.figures import Figures, WorkerFigures

WITHOUT_BROKER = "no workers yet: they start when the broker answers"
WATCHING = "read-only: none start here; others show when the broker answers"


class WorkerPanes(Widget):
    """A pane per worker, a summary line or a table. Sets its own height; posts what a person wants of a worker."""

    DEFAULT_CSS = """
    WorkerPanes { height: 1; }
    WorkerPanes > Grid { height: 100%; }
    """

    def __init__(
        self,
        operations: Operations,
        glyphs: Glyphs | None = None,
        id: str | None = None,
        key_names: Mapping[str, str] = DEFAULT_KEYS,
    ) -> None:
        super().__init__(id=id)
        self._operations = operations
        self._glyphs = glyphs or terminal_glyphs()
        self._key_names = key_names
        self._workers: tuple[WorkerFigures, ...] = ()
        self._link = Link.STARTING
        self._arrangement = Arrangement(Form.SUMMARY, 1)
        self._panes: dict[str, WorkerPane] = {}
        self._summary = WorkerSummary(self._glyphs, key_names=key_names)
        # Drawn comes before WorkerList among its bases, so its constructor hides this argument.
        self._table = WorkerTable(self._glyphs)
        self._table.key_names = key_names
        self._grid = Grid()
        self._spare = 1_000

    def compose(self) -> ComposeResult:
        """The three forms, of which one is seen."""
        yield self._summary
        yield self._table
        yield self._grid

    def on_mount(self) -> None:
        """Begin with what is known."""
        self.apply(self._arrangement)

    def show(self, figures: Figures) -> None:
        """Show these workers; each part repaints only if something visible in it changed."""
        self._workers = figures.workers
        self._link = figures.link
        self._arrange()
        self._draw()

    def take_at_most(self, lines: int) -> None:
        """The other panels leave so many lines of the window; what fits into them may be another form."""
        if lines != self._spare:
            self._spare = lines
            self._arrange()
            self._draw()

    def on_resize(self, event: Resize) -> None:
        """The form may change with the window."""
        self._arrange()
        self._draw()

    @property
    def form(self) -> Form:
        """The form in which the workers are shown now."""
        return self._arrangement.form

    def wanted(self, workers: int) -> Arrangement:
        """The best form for so many workers here."""
        return arrange(workers, self.size.width, *self.screen.size, self._spare)

    def focus_inside(self) -> None:
        """Focus what is shown: the first pane, the table or the line; nothing while there is no pane."""
        match self.form:
            case Form.SUMMARY:
                self._summary.focus()
            case Form.TABLE:
                self._table.focus()
            case Form.PANES:
                for pane in self._grid.query(WorkerPane).results(WorkerPane):
                    pane.focus()
                    break

    @property
    def _before_the_broker(self) -> str:
        return WITHOUT_BROKER if "add_worker" in self._key_names else WATCHING

    def _arrange(self) -> None:
        wanted = self.wanted(len(self._workers))
        if wanted != self._arrangement:
            self._arrangement = wanted
            self.apply(wanted)

    def apply(self, arrangement: Arrangement) -> None:
        """Take this form."""
        self.styles.height = "1fr" if arrangement.lines is None else arrangement.lines
        self._summary.display = arrangement.form is Form.SUMMARY
        self._table.display = arrangement.form is Form.TABLE
        self._grid.display = arrangement.form is Form.PANES
        self._grid.styles.grid_size_columns = arrangement.across

    def _draw(self) -> None:
        empty = how_to_add(self._key_names) if self._link is Link.CONNECTED else self._before_the_broker
        match self._arrangement.form:
            case Form.SUMMARY:
                self._summary.show(self._workers, empty)
            case Form.TABLE:
                self._table.show(self._workers, empty)
            case Form.PANES:
                self._show_panes()

    def _show_panes(self) -> None:
        wanted = {worker.client_id: worker for worker in self._workers}
        for client_id in [name for name in self._panes if name not in wanted]:
            self._panes.pop(client_id).remove()
        for client_id, worker in wanted.items():
            pane = self._panes.get(client_id)
            if pane is None:
                pane = self._panes[client_id] = WorkerPane(worker, self._operations, self._glyphs, self._key_names)
                self._grid.mount(pane)
            else:
                pane.show(worker)
