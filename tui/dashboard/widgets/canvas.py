"""The base of all widgets that draw themselves line by line."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from typing import ClassVar, Self

from rich.style import Style
from textual.content import Content
from textual.events import MouseMove
from textual.filter import ANSIToTruecolor, LineFilter
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style as LabelStyle

from tui.dashboard.glyphs import Glyphs, terminal_glyphs
from tui.dashboard.hues import DARK, LIGHT, SIXTEEN
from tui.dashboard.widgets.drawing import Line, edge
from tui.dashboard.widgets.strips import strip_of

ROLES = ("text", "muted", "faint", "strong", "title", "error", "warning", "success", "frame")
"""What a piece of text is; besides these, `hue-0` to `hue-7` are the workers."""


class Canvas(ScrollView, can_focus=False):
    """A widget that draws itself line by line; subclasses give the lines and keep `virtual_size` true."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"drawn--{role}" for role in ROLES}
    DEFAULT_CSS = """
    Canvas {
        overflow-x: hidden;
        overflow-y: hidden;
        scrollbar-size-vertical: 1;
        scrollbar-color: $rule;
        scrollbar-background: $background;
        background: transparent;
        .drawn--text { color: $foreground; }
        .drawn--muted { color: $secondary-text; }
        .drawn--faint { color: $rule; }
        .drawn--strong { color: $foreground; text-style: bold; }
        .drawn--title { color: $accent; }
        .drawn--error { color: $error; text-style: bold; }
        .drawn--warning { color: $warning; }
        .drawn--success { color: $success; }
        .drawn--frame { color: $rule; }
        &:focus .drawn--frame { color: $border; }
    }
    """

    def __init__(self, glyphs: Glyphs | None = None, id: str | None = None) -> None:
        glyphs = glyphs or terminal_glyphs()
        super().__init__(id=id, classes="-ascii" if glyphs.ascii else None)
        self.glyphs = glyphs
        self._palette: dict[str, Style] = {}
        self._painted_cells: int | None = None

    def style(self, role: str) -> Style:
        """The Rich style of a role in the current theme."""
        style = self._palette.get(role)
        if style is None:
            style = self._palette[role] = self._made_style(role)
        return style

    def _made_style(self, role: str) -> Style:
        if not role.startswith("hue-"):
            return self.get_component_rich_style(f"drawn--{role}")
        theme = self.app.current_theme
        hues = SIXTEEN if theme.ansi else DARK if theme.dark else LIGHT
        return self.get_component_rich_style("drawn--text") + Style(color=hues[int(role[4:])])

    def notify_style_update(self) -> None:
        """The theme, the focus or the background changed: every colour is looked up again."""
        super().notify_style_update()
        self._palette.clear()
        # Textual updates the styles of the components only after this call.
        if self.is_running:
            self.call_later(self.recolour)

    def recolour(self) -> None:
        """Draw again in the new colours; subclasses that keep drawn things extend this."""
        self._palette.clear()
        self.refresh()

    @property
    def cells(self) -> int:
        """The width to draw in, without a scroll bar."""
        return self.scrollable_content_region.width if self._painted_cells is None else self._painted_cells

    def render_lines(self, crop: Region) -> list[Strip]:
        """Every line asks for the width, which takes Textual as long as a third of a line."""
        self._painted_cells = self.scrollable_content_region.width
        try:
            return super().render_lines(crop)
        finally:
            self._painted_cells = None

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Without the one that looks at each segment for a colour to be turned into RGB.

        A theme that is not the terminal's own has none, nothing here is dim, and it took a tenth of a tick.
        """
        return [each for each in super().get_line_filters() if not isinstance(each, ANSIToTruecolor)]

    def refresh_changed(self, before: Sequence[Line], after: Sequence[Line]) -> None:
        """Draw again those lines in sight that differ; the frame stays as it is."""
        width = self.size.width
        lines = enumerate(zip_longest(before, after))
        if changed := [Region(0, y, width, 1) for y, (old, new) in lines if old != new]:
            self.refresh(*changed)

    def strip(self, line: Line, cells: int) -> Strip:
        """The line as Textual draws it, in exactly `cells` cells."""
        return strip_of(line, cells, self.style)

    def set_lines(self, count: int) -> None:
        """Tell how many lines there are to scroll through; asks for a new layout only when that changes."""
        size = Size(0, count)
        if size != self.virtual_size:
            self.virtual_size = size


class Drawn(Canvas):
    """A canvas in a frame whose texts are set with `head` and `foot`, which cost nothing while they stay the same."""

    DEFAULT_CSS = """
    Drawn {
        border: round $rule;
        border-title-color: $accent;
        border-subtitle-color: $secondary-text;
        padding: 0 0 0 1;
        overflow-y: auto;
        scrollbar-gutter: stable;
        scrollbar-size-horizontal: 0;
        &.-ascii { border: ascii $rule; }
        &:focus { border: round $border; }
        &.-ascii:focus { border: ascii $border; }
    }
    """

    ABOUT: ClassVar[str] = ""
    """What the panel shows; said while the mouse rests on its upper border, where it covers nothing."""

    def __init__(self, glyphs: Glyphs | None = None, id: str | None = None) -> None:
        super().__init__(glyphs=glyphs, id=id)
        self._head: Line = ()
        self._foot: Line = ()
        self._written_edge: Region | None = None

    def on_mouse_move(self, event: MouseMove) -> None:
        """Say what this is."""
        wanted = self.ABOUT if event.y == 0 and self.ABOUT else None
        if self.tooltip != wanted:
            self.tooltip = wanted

    def head(self, left: Line, right: Line = ()) -> None:
        """Write into the upper border."""
        line = edge(left, right, self.edge_cells, self.glyphs)
        if line != self._head:
            self._head = line
            with self._edge_only(0):
                self.border_title = self._label(line)

    def foot(self, left: Line, right: Line = ()) -> None:
        """Write into the lower border."""
        line = edge(left, right, self.edge_cells, self.glyphs)
        if line != self._foot:
            self._foot = line
            with self._edge_only(self.outer_size.height - 1):
                self.border_subtitle = self._label(line)

    @contextmanager
    def _edge_only(self, y: int) -> Iterator[None]:
        """Textual draws all of a widget again for a new title; here only the line of its border, `y` lines below."""
        offset = self.content_offset
        self._written_edge = Region(-offset.x, y - offset.y, self.outer_size.width, 1)
        try:
            yield
        finally:
            self._written_edge = None

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Draw these regions again, or all of it; while a border is written, only that."""
        if self._written_edge is not None and not regions:
            regions = (self._written_edge,)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    @property
    def edge_cells(self) -> int:
        """Cells for text in a border, without its corners, one piece of border and one blank on each side."""
        return max(0, self.outer_size.width - 6)

    def recolour(self) -> None:
        """Write the frame's texts in the new colours."""
        super().recolour()
        if self._head:
            self.border_title = self._label(self._head)
        if self._foot:
            self.border_subtitle = self._label(self._foot)

    def _label(self, line: Line) -> Content:
        return Content.assemble(*((text, self._label_style(role)) for text, role in line))

    def _label_style(self, role: str) -> LabelStyle:
        name, _, action = role.partition("@")
        style = LabelStyle.from_rich_style(self.style(name))
        return style + LabelStyle.from_meta({"@click": action}) if action else style
