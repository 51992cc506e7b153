"""All workers over a whole window: panes in a grid while they can be read, else one table."""

from tui.dashboard.widgets.arrangement import Arrangement, Form, fill
from tui.dashboard.widgets.worker_list import WorkerTable
from tui.dashboard.widgets.worker_pane import WorkerPane
from tui.dashboard.widgets.worker_panes import WorkerPanes


class WorkersWindow(WorkerPanes):
    """The workers of the first view, with all the room there is. Remembers which of them had the focus."""

    DEFAULT_CSS = """
    WorkersWindow { height: 1fr; }
    """

    _chosen: str | None = None

    def wanted(self, workers: int) -> Arrangement:
        """The best form for so many workers here."""
        return fill(workers, *self.size)

    def on_descendant_focus(self) -> None:
        """Remember whose pane it was."""
        focused = self.screen.focused
        if isinstance(focused, WorkerPane):
            self._chosen = focused.worker.client_id

    def apply(self, arrangement: Arrangement) -> None:
        """Take this form, and keep the focus: Textual takes it from what is hidden."""
        super().apply(arrangement)
        self.call_after_refresh(self._keep_focus)

    def _keep_focus(self) -> None:
        focused = self.screen.focused
        if self.display and (focused is None or self in focused.ancestors):
            self.focus_chosen()

    def focus_chosen(self) -> None:
        """Focus the pane that had the focus last, or the first one, or the table; nothing while there is no worker."""
        if self.form is Form.TABLE:
            self.query_one(WorkerTable).focus()
        elif panes := [*self.query(WorkerPane)]:
            chosen = (pane for pane in panes if pane.worker.client_id == self._chosen)
            next(chosen, panes[0]).focus()
