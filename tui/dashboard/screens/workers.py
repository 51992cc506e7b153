"""The view "workers": all of them at once, in panes or in a table, and one of them from near."""

from textual import on
from textual.app import ComposeResult

from tui.dashboard.screens.view import View
from tui.dashboard.widgets.worker_detail import WorkerDetail
from tui.dashboard.widgets.worker_requests import OpenRequested
from tui.dashboard.widgets.workers_window import WorkersWindow
from tui.ledger.figures import Figures


class WorkersView(View):
    """The workers over the whole window. Enter enlarges one, escape leads back to all."""

    NAME = "workers"
    AUTO_FOCUS = ""  # there is nothing to focus before the first figures

    _opened: str | None = None
    _figures: Figures | None = None

    def body(self) -> ComposeResult:
        """All workers, and one; either is seen."""
        operations, names = self.session.operations, self.key_names
        yield WorkersWindow(operations, glyphs=self.glyphs, id="body", key_names=names)
        yield WorkerDetail(operations, glyphs=self.glyphs, id="enlarged", key_names=names)

    def on_mount(self) -> None:
        """Show what was asked for before it was there."""
        self._arrange()

    def show_body(self, figures: Figures) -> None:
        """Hand the workers down, and what only this process knows of the enlarged one."""
        self._figures = figures
        if self._opened is None:
            self.query_one(WorkersWindow).show(figures)
        else:
            self.query_one(WorkerDetail).show(self._opened, figures, self.session.worker_details(self._opened))
        if self.focused is None:
            self.call_after_refresh(self._take_focus)

    def open(self, client_id: str) -> None:
        """Look at one worker."""
        self._opened = client_id
        if self.is_mounted:
            self._arrange()

    @on(OpenRequested)
    def _open(self, event: OpenRequested) -> None:
        event.stop()
        self.open(event.client_id)

    def action_leave(self) -> None:
        """From one worker to all, from there to the first view."""
        if self._opened is None:
            super().action_leave()
        else:
            self._opened = None
            self._arrange()

    def _arrange(self) -> None:
        enlarged = self._opened is not None
        self.query_one(WorkersWindow).display = not enlarged
        self.query_one(WorkerDetail).display = enlarged
        if self._figures is not None:
            self.show_body(self._figures)
        self.call_after_refresh(self._take_focus)

    def _take_focus(self) -> None:
        if self._opened is not None:
            self.query_one(WorkerDetail).focus()
        else:
            self.query_one(WorkersWindow).focus_chosen()
