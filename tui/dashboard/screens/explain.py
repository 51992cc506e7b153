"""Why work is shared as it is: every reason that the ledger found, and what helps."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.dashboard import keys
from tui.dashboard.formatting import clean
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.screens.box import Box, clickable
from tui.ledger.figures import Figures, Reason

_MOST_CELLS = 400
ALL_IS_WELL = "Nothing is the matter: every partition has a worker that keeps up."
NOTHING_KNOWN = "Nothing is known of the group yet."


class ExplainScreen(Box[None]):
    """The reasons at the moment it was opened. Closes by the key that opened it, by escape and by a click beside it."""

    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("explain")

    def __init__(self, figures: Figures, key_names: dict[str, str], glyphs: Glyphs) -> None:
        super().__init__(id="explain", classes="-ascii" if glyphs.ascii else None)
        self._figures = figures
        self._key_names = key_names
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        """A block per reason, and how evenly the work is shared."""
        with VerticalScroll(id="explain-box", classes="box") as box:
            box.border_title = "Why, and what helps"
            box.border_subtitle = clickable(f"{keys.shown(self._key_names['leave'])} close", "leave")
            for reason in self._figures.reasons:
                yield Static(self._block(reason), markup=False, classes="block")
            if not self._figures.reasons:
                known = self._figures.group_state is not None
                yield Static(ALL_IS_WELL if known else NOTHING_KNOWN, markup=False, classes="block")
            if (skew := self._figures.totals.skew) is not None:
                words = f"busiest/mean {skew:.1f}: 1.0 is when every partition answers as many"
                yield Static(Content(words).stylize("$secondary-text"), markup=False, classes="block")

    def on_mount(self) -> None:
        """Arrows and page keys scroll."""
        self.query_one("#explain-box").focus()

    def action_explain(self) -> None:
        """The key that opened it closes it."""
        self.dismiss()

    def _block(self, reason: Reason) -> Content:
        what, remedy = clean(reason.what, _MOST_CELLS, self._glyphs), clean(reason.remedy, _MOST_CELLS, self._glyphs)
        sign = self._glyphs.attention
        return Content.assemble((f"{sign} ", "$warning"), (what, "bold"), "\n  ", (remedy, "$secondary-text"))
