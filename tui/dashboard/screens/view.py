"""What all views but the first have in common: header and state line above, key line below, one body between."""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.widget import Widget

from tui.dashboard import keys
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.needs import RunningSession
from tui.dashboard.screens.layout import layout_classes
from tui.dashboard.widgets.header import Header
from tui.dashboard.widgets.key_line import KeyLine
from tui.dashboard.widgets.profile_bar import ProfileBar
from tui.dashboard.widgets.state_line import StateLine
from tui.dashboard.widgets.too_small import TooSmall
from tui.ledger.figures import Figures


class View(Screen[None]):
    """A screen above the first view, with the same frame. Subclasses give the body and what it shows."""

    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("next", "previous", "leave")
    AUTO_FOCUS = "#body"
    NAME: ClassVar[str]

    def __init__(self, session: RunningSession, glyphs: Glyphs, key_names: dict[str, str]) -> None:
        super().__init__(classes="-ascii" if glyphs.ascii else None)
        self.session = session
        self.glyphs = glyphs
        self.key_names = key_names
        self._focused_before: Widget | None = None

    def body(self) -> ComposeResult:
        """The widgets between the lines; the one with the id `body` gets the focus."""
        raise NotImplementedError

    def show_body(self, figures: Figures) -> None:
        """Draw these figures."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield TooSmall()
        yield ProfileBar(self.session.settings.profile, self.glyphs)
        yield Header(self.session, self.glyphs)
        yield StateLine(self.glyphs, self.key_names)
        yield from self.body()
        yield KeyLine(self.glyphs, self.key_names)

    def show(self, figures: Figures, problem: str = "", leaving: bool = False) -> None:
        """Draw these figures; `problem` is why kcalc could not start, `leaving` that it is stopping."""
        if not self.query(Header):
            return  # a beat while the screen is being taken down
        self.query_one(Header).show(figures, leaving)
        self.query_one(StateLine).show(figures, problem)
        self.show_body(figures)

    def on_resize(self, event: events.Resize) -> None:
        """Other keys fit now, or nothing does."""
        tiny = layout_classes(event.size)["-tiny"]
        if tiny and not self.has_class("-tiny"):
            self._focused_before = self.focused
        self.set_class(tiny, "-tiny")
        self.query_one(TooSmall).tell(event.size)
        if not tiny and self._focused_before is not None:
            # Textual takes the focus from what is hidden.
            self.call_after_refresh(self._focused_before.focus)
            self._focused_before = None
        self.refresh_bindings()

    def action_leave(self) -> None:
        """To the first view."""
        self.app.pop_screen()
