"""What boxes above a view have in common: escape, a click on the word in the frame and a click beside it close them."""

from typing import ClassVar, TypeVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.style import Style

from tui.dashboard import keys

T = TypeVar("T")


class Box(ModalScreen[T]):
    """Subclasses say in `action_leave` what closing them means."""

    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("leave")

    def on_click(self, event: events.Click) -> None:
        """A click on what is behind the box."""
        behind, _ = self.get_widget_at(event.screen_x, event.screen_y)
        if behind is self and self.is_current:
            self.action_leave()

    def action_leave(self) -> None:
        """Close."""
        self.dismiss()


def clickable(words: str, action: str) -> Content:
    """Words for a frame; a click on them does `action` of the screen."""
    return Content(words).stylize(Style.from_meta({"@click": f"screen.{action}"}))
