"""A list of drawn rows below their titles, one of which is selected: moved by arrows, pages and clicks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from textual.binding import BindingType
from textual.events import Click, Resize
from textual.message import Message
from textual.strip import Strip

from tui.dashboard import keys
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.widgets.canvas import Drawn
from tui.dashboard.widgets.columns import Fitted, titles
from tui.dashboard.widgets.drawing import Line
from tui.dashboard.widgets.key_hints import DEFAULT_KEYS

T = TypeVar("T")
MARK_CELLS = 2


class PickList(Drawn, Generic[T], can_focus=True):
    """Rows of which one is selected; it stays so while other rows come and go. Subclasses say what a row looks like.

    Posts `Selected` when another row is, and `Opened` for the key, and for a double click.
    """

    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("open")
    COMPONENT_CLASSES: ClassVar[set[str]] = {"drawn--selected"}
    DEFAULT_CSS = """
    PickList { min-height: 3; }
    PickList:focus .drawn--selected { background: $foreground 15%; }
    """

    @dataclass
    class Told(Message):
        """Something about the selected row of `list`."""

        list: "PickList[Any]"

        @property
        def control(self) -> "PickList[Any]":
            """The list."""
            return self.list

    class Selected(Told):
        """Another row is selected now."""

    class Opened(Told):
        """The selected row is to be looked at."""

    def __init__(
        self,
        glyphs: Glyphs | None = None,
        id: str | None = None,
        key_names: Mapping[str, str] = DEFAULT_KEYS,
    ) -> None:
        super().__init__(glyphs=glyphs, id=id)
        self.key_names = key_names
        self.rows: Sequence[T] = ()
        self.empty = ""
        """What is said where there is no row."""
        self._at = 0
        self._columns: Fitted = ()
        self.set_lines(2)

    def columns(self, cells: int) -> Fitted:
        """The columns for so many cells."""
        raise NotImplementedError

    def row(self, row: T, columns: Fitted) -> Line:
        """One row."""
        raise NotImplementedError

    def same(self, one: T, other: T) -> bool:
        """True if these stand for the same thing, seen at two times."""
        return one is other

    @property
    def selected(self) -> T | None:
        """The row on which the keys act; None if there is none."""
        return self.rows[self._at] if self.rows else None

    def show_rows(self, rows: Sequence[T], anew: bool = False) -> None:
        """Show these; `anew`: from the first one on, whatever was selected."""
        before, self.rows = self.selected, rows
        found = None
        if before is not None and not anew:
            found = next((index for index, row in enumerate(rows) if self.same(before, row)), None)
        above = 0 if found is None else found - self._at
        in_sight = self.scroll_offset.y <= self._at < self.scroll_offset.y + max(1, self.size.height - 1)
        self._at = min(self._at, max(0, len(rows) - 1)) if found is None and not anew else found or 0
        self.set_lines(max(1, len(rows)) + 1)
        self._lay_out()
        # Only then Textual knows that there is more to scroll through.
        above = above if self.scroll_offset.y else 0
        if in_sight or found is None:
            self.call_after_refresh(self._reveal, above)
        elif above:  # a person has scrolled away from it: what they read stays where it is
            self.call_after_refresh(self.scroll_relative, y=above, animate=False)
        if found is None:
            self.post_message(self.Selected(self))
        if (before is None) is not (self.selected is None):
            self.refresh_bindings()

    def render_line(self, y: int) -> Strip:
        """The titles, which stay in place, and the rows scrolled to."""
        cells = self.cells
        if not self.rows:
            return self.strip(((self.empty, "muted"),) if y == 0 else (), cells)
        if y == 0:
            return self.strip(((" " * MARK_CELLS, "text"), *titles(self._columns, self.glyphs.ellipsis)), cells)
        index = self.scroll_offset.y + y - 1
        if index >= len(self.rows):
            return self.strip((), cells)
        mark = (f"{self.glyphs.cursor} " if index == self._at else " " * MARK_CELLS, "title")
        strip = self.strip((mark, *self.row(self.rows[index], self._columns)), cells)
        if index == self._at and self.has_focus:
            return strip.apply_style(self.get_component_rich_style("drawn--selected", partial=True))
        return strip

    def on_resize(self, event: Resize) -> None:
        """Choose the columns for the new width."""
        self._lay_out()
        self._reveal()

    def select(self, index: int) -> None:
        """Select this row, or the one nearest to it."""
        index = max(0, min(index, len(self.rows) - 1))
        if index != self._at:
            self._at = index
            self._reveal()
            self.refresh()
            self.post_message(self.Selected(self))

    def on_click(self, event: Click) -> None:
        """A click selects a row, a double one opens it."""
        offset = event.get_content_offset(self)
        if offset is None or offset.y < 1:
            return
        index = self.scroll_offset.y + offset.y - 1
        if index >= len(self.rows):
            return
        self.select(index)
        if event.chain == 2:
            self.action_open()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where no row is, there is nothing to open."""
        return bool(self.rows) if action == "open" else True

    def action_open(self) -> None:
        """Look at the selected row."""
        if self.rows:
            self.post_message(self.Opened(self))

    def action_scroll_up(self) -> None:
        """The row above."""
        self.select(self._at - 1)

    def action_scroll_down(self) -> None:
        """The row below."""
        self.select(self._at + 1)

    def action_page_up(self) -> None:
        """A page up."""
        self.select(self._at - self._page)

    def action_page_down(self) -> None:
        """A page down."""
        self.select(self._at + self._page)

    def action_scroll_home(self) -> None:
        """The first row."""
        self.select(0)

    def action_scroll_end(self) -> None:
        """The last row."""
        self.select(len(self.rows) - 1)

    @property
    def _page(self) -> int:
        return max(1, self.size.height - 2)

    def _lay_out(self) -> None:
        self._columns = self.columns(max(1, self.cells - MARK_CELLS))
        self.refresh()

    def _reveal(self, came_above: int = 0) -> None:
        """Scroll past `came_above` new rows, and as far as it takes to see the selected row below the titles."""
        height = self.size.height - 1
        if height > 0:
            top = self.scroll_offset.y + came_above
            self.scroll_to(y=max(self._at - height + 1, min(top, self._at)), animate=False)
