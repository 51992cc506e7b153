"""What boxes above a view have in common: escape, a click on the word in the frame and a click beside it close them."""

from collections.abc import Mapping
from typing import ClassVar, TypeVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.style import Style

from tui.dashboard import help_places, keys
from tui.dashboard.help_places import Place

T = TypeVar("T")


class Box(ModalScreen[T]):
    """Subclasses say in `action_leave` what closing them means."""

    PLACE: ClassVar[Place] = help_places.PANEL
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("leave")

    def on_click(self, event: events.Click) -> None:
        """A click on what is behind the box."""
        behind, _ = self.get_widget_at(event.screen_x, event.screen_y)
        if behind is self and self.is_current:
            self.left_beside()

    def left_beside(self) -> None:
        """A click beside the box leaves it."""
        self.action_leave()

    async def action_help(self) -> None:
        """A box keeps letters from the app, but not this one."""
        await self.run_action("app.help")

    def action_leave(self) -> None:
        """Close."""
        self.dismiss()


def answer_hints(key_names: Mapping[str, str], enter: str, ascii: bool = False, leave: str = "close") -> Content:
    """What the enter key and escape do in a box; a click does it by `action_enter`, `action_leave`.

    Without `enter` only escape does something.
    """
    asked = {"send": ("enter", enter), "leave": ("leave", leave)}
    hints = []
    for key_id, (action, words) in asked.items():
        if words:
            # Where nothing is sent the key is not offered, but it acts in boxes.
            name = keys.shown(key_names.get(key_id, keys.BY_ID[key_id].keys), ascii)
            hints.append(clickable(f"{name} {words}", action))
    return Content("   ").join(hints)


def clickable(words: str, action: str) -> Content:
    """Words for a frame; a click on them does `action` of the screen."""
    return Content(words).stylize(Style.from_meta({"@click": f"screen.{action}"}))
