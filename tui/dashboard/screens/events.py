"""The view "events": every rebalance, why it came, what it moved and what it cost."""

from textual.app import ComposeResult

from tui.dashboard.screens.view import View
from tui.dashboard.widgets.rebalance_log import RebalanceLog
from tui.ledger.figures import Figures


class EventsView(View):
    """The rebalance timeline over the whole window."""

    NAME = "events"

    def body(self) -> ComposeResult:
        """One log."""
        yield RebalanceLog(glyphs=self.glyphs, id="body")

    def show_body(self, figures: Figures) -> None:
        """Hand the timeline down."""
        self.query_one(RebalanceLog).show(figures)
