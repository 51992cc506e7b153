"""The log of results, newest on top: reads the ring at each tick and draws only the rows that can be seen."""

from collections.abc import Mapping
from typing import ClassVar

from textual.binding import BindingType
from textual.cache import LRUCache
from textual.events import Resize
from textual.strip import Strip
from textual.worker import Worker

from tui.calc.operations import Operations
from tui.dashboard import keys
from tui.dashboard.filtering import look_through
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.widgets.accounting import accounting_line
from tui.dashboard.widgets.key_hints import DEFAULT_KEYS
from tui.dashboard.widgets.log_lines import LogLines
from tui.dashboard.widgets.log_page import LogPage
from tui.dashboard.widgets.result_cursor import RowCursor
from tui.dashboard.widgets.result_requests import CopyRequested, TraceRequested
from tui.dashboard.widgets.result_rows import RowLayout, layout_for, result_row, row_layout, row_text, title_row
from tui.dashboard.widgets.result_titles import empty_line, held_hint, hold_hint, results_title
from tui.dashboard.widgets.separator_line import separator_line
from tui.events import ReceivedResult
from tui.ledger.figures import Figures
from tui.ledger.filtered import FilteredResults
from tui.ledger.result_filter import ResultFilter
from tui.ledger.ring import ResultRing

_STRIPS = 1_024


class ResultsLog(RowCursor, can_focus=True):
    """The newest results of `ring`, and the rebalances between them.

    Scrolling, selecting a row and `action_pause` hold the page, `action_follow` lets it go. A held page never moves:
    what comes meanwhile is counted in the frame, and so is what the ring dropped.
    """

    ABOUT: ClassVar[str] = "Every result, the newest first: who computed it, how long it waited and ran"
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("open", "copy", "follow", "save", "jump")
    DEFAULT_CSS = """
    ResultsLog { height: 1fr; min-height: 4; }
    """

    def __init__(
        self,
        ring: ResultRing,
        operations: Operations,
        glyphs: Glyphs | None = None,
        id: str | None = None,
        key_names: Mapping[str, str] = DEFAULT_KEYS,
    ) -> None:
        super().__init__(glyphs=glyphs, id=id)
        self._key_names = key_names
        self._ring = ring
        self._page = LogPage(ring)
        self._operations = operations
        self._figures: Figures | None = None
        self._paused = False
        self._layout: RowLayout = row_layout(0)
        self._laid_out_for = 0
        self._strips: LRUCache[tuple[int, RowLayout], Strip] = LRUCache(_STRIPS)

    @property
    def following(self) -> bool:
        """True while new results appear by themselves."""
        return self._page.following

    @property
    def new_rows(self) -> int:
        """Results that came since the page is held still."""
        return self._page.new_rows

    @property
    def shown(self) -> ResultRing | FilteredResults:
        """Where the rows are from: all that is kept, or what the filter wants of it."""
        return self._page.shown

    @property
    def lines(self) -> LogLines:
        """The rows and separators of the page that is held, or of all."""
        return self._page.lines

    def go_to(self, number: int) -> None:
        """Hold the page still with this row of `shown` on top."""
        self._paused = True
        self._page.follow()
        self.hold()
        self.scroll_to(y=self.lines.line_of(number), animate=False)
        self.select(number)

    def show(self, figures: Figures) -> None:
        """Show the ring and the books as they are now; costs one repaint, and none if nothing changed."""
        self._figures = figures
        changed = self._page.update(figures.rebalances)
        changed |= self._lay_out()
        self._count_lines()
        self._write_edges()
        if changed or not self.shown.total:
            self.refresh()

    def action_pause(self) -> None:
        """Hold the page still, or follow again if it is held."""
        if self.following:
            self._paused = True
            self.hold()
        else:
            self.action_follow()

    def action_follow(self) -> None:
        """Go to the newest result and stay there."""
        self.scroll_to(y=0, animate=False)
        self._follow()

    def want(self, wanted: ResultFilter | None) -> None:
        """Show only what this filter wants, or everything again, from the newest on."""
        if wanted is None:
            self._page.show(self._ring)
        else:
            rows = FilteredResults(self._ring, wanted)
            rows.update()
            self._page.show(rows)

            async def look() -> None:
                await look_through(rows)
                if rows is self.shown and self.following:
                    self._follow()

            # Not its coroutine: that of a worker which is replaced before it begins would never be awaited.
            _: Worker[None] = self.run_worker(look, group="filter", exclusive=True)
        self._strips.clear()
        self.scroll_to(y=0, animate=False)
        self._follow()

    def _follow(self) -> None:
        self._paused = False
        self.deselect()
        self._page.follow()
        self._count_lines()
        self._write_edges()
        self.refresh()

    def action_open(self) -> None:
        """Trace the selected result."""
        if (received := self._selected_row()) is not None:
            self.post_message(TraceRequested(received))

    def action_copy(self) -> None:
        """Copy the selected row as text."""
        if (received := self._selected_row()) is not None:
            self.post_message(CopyRequested(row_text(received, self._operations, self.glyphs)))

    def release(self) -> None:
        """Follow again, unless a person paused the log."""
        if not self._paused:
            self.action_follow()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Scrolling away from the newest row holds the page; coming back to it follows again."""
        super().watch_scroll_y(old_value, new_value)
        if round(new_value):
            self.hold()
        elif not self.following and not self._paused and self.selected is None:
            # No scrolling in here: this may be the last step of an animation, which must end by itself.
            self._follow()

    def on_resize(self, event: Resize) -> None:
        """Choose the columns for the new width."""
        self._lay_out()
        self._count_lines()
        self._write_edges()

    def recolour(self) -> None:
        """Colours changed: no drawn strip is good any more."""
        super().recolour()
        self._strips.clear()

    def render_line(self, y: int) -> Strip:
        """The column titles, then one row a line."""
        cells = self.cells
        if cells != self._laid_out_for:
            self._lay_out()  # it is drawn before it hears of its new width
        if y == 0:
            return self.strip(title_row(self._layout, self.glyphs), cells)
        if not self.shown.total:
            looking = self.shown.unseen if isinstance(self.shown, FilteredResults) and self._ring.total else None
            empty = empty_line(self._figures, looking, cells, self.glyphs, self._key_names)
            return self.strip(empty if y == 1 else (), cells)
        line = self.scroll_offset.y + y - 1
        if (separator := self.lines.separator_at(line)) is not None:
            return self._separator_strip(separator, cells)
        number = self.lines.row_at(line)
        return self.strip((), cells) if number is None else self.emphasized(number, self._row_strip(number, cells))

    def _separator_strip(self, number: int, cells: int) -> Strip:
        found = self._page.rebalance(number)
        return self.strip(separator_line(*found, self._layout, cells, self.glyphs) if found else (), cells)

    def _row_strip(self, sequence: int, cells: int) -> Strip:
        key = (sequence, self._layout)
        strip = self._strips.get(key)
        if strip is None:
            received = self._page.row(sequence)
            if received is None:
                return Strip.blank(cells, self.style("text"))
            line = result_row(received, self._layout, self._operations, self.glyphs)
            strip = self._strips[key] = self.strip(line, cells)
        return strip

    def _selected_row(self) -> ReceivedResult | None:
        return None if self.selected is None else self._page.row(self.selected)

    def hold(self) -> None:
        """Keep the page, unless it is kept."""
        if not self.following:
            return
        self._page.hold()
        self._count_lines()
        self._write_edges()

    def _count_lines(self) -> None:
        """Keep the scroll bar true: exact while the page is held, else rounded down, as each change is a new layout."""
        lines = len(self.lines)
        if self.following and lines > 4 * max(1, self.size.height):
            step = 1 << max(0, lines.bit_length() - 2)
            lines -= lines % step
        self.set_lines(lines + 1)

    def _lay_out(self) -> bool:
        """Choose the columns; True if they changed."""
        self._laid_out_for = cells = self.cells
        layout = layout_for(self._figures, cells)
        changed = layout is not self._layout
        if changed:
            self._layout = layout
            self.refresh()
        return changed

    def _write_edges(self) -> None:
        cells = self.edge_cells
        hint = hold_hint(self._key_names) if self.shown.total else ()
        if not self.following:
            hint = held_hint(self.new_rows, self._paused, cells, self._key_names)
        self.head(results_title(self.shown, self._ring, cells, self.glyphs), hint)
        if self._figures is not None:
            self.foot(accounting_line(self._figures.accounting, cells, self.glyphs))
