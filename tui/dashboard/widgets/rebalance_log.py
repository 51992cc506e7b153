"""The rebalances, newest on top: drawn from the ledger's timeline, scrolled with the arrows."""

from typing import ClassVar

from textual.events import Resize
from textual.strip import Strip

from tui.dashboard.formatting import count
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.keys import shown
from tui.dashboard.widgets.canvas import Drawn
from tui.dashboard.widgets.drawing import Line, first_fitting
from tui.dashboard.widgets.rebalance_lines import rebalance_lines
from tui.ledger.figures import Figures, Rebalance

NO_REBALANCE = ("no rebalance yet: start or stop a worker and see what it costs", "no rebalance yet")
_WIDE = 50


class RebalanceLog(Drawn, can_focus=True):
    """All rebalances that the ledger keeps. A page that was scrolled down does not move when a new one comes.

    `all_key` is the key of the view that shows more of them, if this is not it.
    """

    ABOUT: ClassVar[str] = "Every rebalance: why it came, what it moved and how long partitions stood still"
    DEFAULT_CSS = """
    RebalanceLog { height: 1fr; min-height: 4; }
    """

    _shown: tuple[Rebalance, ...] | None = None
    _lines: tuple[Line, ...] = ()
    _flapping = 0

    def __init__(self, glyphs: Glyphs | None = None, id: str | None = None, all_key: str = "") -> None:
        super().__init__(glyphs, id)
        self._all_key = all_key

    def show(self, figures: Figures) -> None:
        """Show these rebalances; costs nothing while they stay the same."""
        if figures.rebalances is self._shown and figures.flapping == self._flapping:
            return
        self._shown, self._flapping = figures.rebalances, figures.flapping
        self._write()

    def on_resize(self, event: Resize) -> None:
        """Write the lines for the new width."""
        self._write()

    def render_line(self, y: int) -> Strip:
        """One of the lines."""
        index = y + self.scroll_offset.y
        return self.strip(self._lines[index] if index < len(self._lines) else (), self.cells)

    def _write(self) -> None:
        entries, before = self._shown or (), len(self._lines)
        lines: list[Line] = []
        for entry in entries:
            lines += [*rebalance_lines(entry, self.cells, self.glyphs), ()]
        none = first_fitting((((words, "muted"),) for words in NO_REBALANCE), self.cells, self.glyphs.ellipsis)
        self._lines = tuple(lines[:-1]) or (none,)
        self.set_lines(len(self._lines))
        if self.scroll_offset.y and len(self._lines) > before:
            self.scroll_to(y=self.scroll_offset.y + len(self._lines) - before, animate=False)
        key = shown(self._all_key, self.glyphs.ascii) if self._all_key else ""
        hint: Line = ((key, "strong@app.view('events')"), (" all", "muted@app.view('events')")) if key else ()
        if self._flapping:
            within = "within a minute" if self.edge_cells >= _WIDE else "a minute"
            hint = ((f"{self.glyphs.attention} flapping: {self._flapping} {within}", "warning"),)
        self.head((("Rebalances", "title"),), hint)
        self.foot((), ((count(len(entries)), "muted"),) if entries else ())
        self.refresh()
