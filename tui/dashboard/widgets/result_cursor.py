"""One selected row in a list of numbered rows: moved by arrows, pages and clicks, marked by more than a colour."""

from typing import ClassVar

from rich.segment import Segment
from textual.events import Click
from textual.geometry import Region
from textual.strip import Strip

from tui.dashboard.widgets.canvas import Drawn
from tui.dashboard.widgets.log_lines import LogLines


class RowCursor(Drawn):
    """Rows and separators below one line of titles, one row of which may be selected.

    Subclasses say which there are, hold the page still and release it, and say what opening a row is. A row stays
    selected until `selected` is None again; the page is held meanwhile. A separator cannot be selected.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"drawn--selected"}
    DEFAULT_CSS = """
    RowCursor {
        .drawn--selected { color: $accent; background: $foreground 15%; text-style: bold; }
    }
    """

    selected: int | None = None
    """The number of the selected row."""

    @property
    def lines(self) -> LogLines:
        """The rows that can be selected now, and the separators between them."""
        raise NotImplementedError

    def hold(self) -> None:
        """From now on the page stays as it is."""
        raise NotImplementedError

    def release(self) -> None:
        """No row is selected any more: the page need not be held for one."""
        raise NotImplementedError

    def action_open(self) -> None:
        """Look at the selected row."""
        raise NotImplementedError

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without a selected row there is nothing to open and to copy."""
        return self.selected is not None if action in {"open", "copy"} else True

    @property
    def page(self) -> int:
        """How many rows are seen at once."""
        return max(1, self.size.height - 1)

    def select(self, number: int) -> None:
        """Select the row with this number, or the one nearest to it, and show it."""
        if not self.lines.rows:
            return
        self.hold()
        lines, page = self.lines, self.page
        before, self.selected = self.selected, min(max(number, lines.rows.start), lines.rows.stop - 1)
        index = lines.line_of(self.selected)
        # Nothing below the oldest row can be selected, so that row brings it into sight.
        last = index if self.selected > lines.rows.start else min(len(lines) - 1, index + page - 1)
        if index < self.scroll_offset.y:
            self.scroll_to(y=index, animate=False)
        elif last >= self.scroll_offset.y + page:
            self.scroll_to(y=last - page + 1, animate=False)
        self.refresh()
        if before is None:
            self.refresh_bindings()

    def deselect(self) -> None:
        """Select no row."""
        if self.selected is not None:
            self.selected = None
            self.refresh()
            self.refresh_bindings()

    def emphasized(self, number: int, strip: Strip) -> Strip:
        """The row's strip, on another ground if it is selected."""
        if number != self.selected:
            return strip
        mark = self.style("selected").background_style
        return Strip(Segment.apply_style(strip, post_style=mark), strip.cell_length)

    def render_lines(self, crop: Region) -> list[Strip]:
        """What the base draws, with a sign in the blank cell before the selected row."""
        strips = super().render_lines(crop)
        if self.selected is None:
            return strips
        row = self.lines.line_of(self.selected) + 1 - self.scroll_offset.y
        line, cell = self.gutter.top + row - crop.y, self.gutter.left - 1 - crop.x
        if 1 <= row <= self.page and 0 <= line < len(strips) and 0 <= cell < crop.width:
            sign = Strip([Segment(self.glyphs.cursor, self.style("selected"))], 1)
            strips[line] = Strip.join([strips[line].crop(0, cell), sign, strips[line].crop(cell + 1)])
        return strips

    def on_click(self, event: Click) -> None:
        """A click selects a row, a double one opens it."""
        place = event.get_content_offset(self)
        index = -1 if place is None else place.y - 1 + self.scroll_offset.y
        if (number := self.lines.row_at(index)) is None:
            return
        self.select(number)
        if event.chain == 2:
            self.action_open()

    def action_scroll_down(self) -> None:
        """Select the row below; at first the topmost one."""
        self._move(1)

    def action_scroll_up(self) -> None:
        """Select the row above; from the topmost one let go."""
        self._move(-1)

    def action_page_down(self) -> None:
        """Select the row a page below."""
        self._move(self.page)

    def action_page_up(self) -> None:
        """Select the row a page above."""
        self._move(-self.page)

    def action_scroll_end(self) -> None:
        """Select the oldest row."""
        self.select(self.lines.rows.start)

    def _move(self, step: int) -> None:
        lines = self.lines
        newest = lines.rows.stop - 1
        if self.selected is None:
            if step > 0 or self.scroll_offset.y:
                first_seen = newest - lines.rows_above(self.scroll_offset.y)
                self.select(first_seen if abs(step) == 1 else lines.row_beyond(first_seen, step))
        elif step < 0 and self.selected == newest:
            self.deselect()
            self.release()
        else:
            self.select(lines.row_beyond(self.selected, step))
