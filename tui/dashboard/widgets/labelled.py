"""The word before a field of the form; a click on it goes to the field."""

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget


class Labelled(Horizontal):
    """Draws the label in the margin left of the field, if it has room: a widget of its own would cost 50 µs a tick."""

    ALLOW_SELECT = False

    def __init__(self, label: str, field: Widget) -> None:
        super().__init__(id=f"field-{label}")
        self.label = label
        self._field = field

    def compose(self) -> ComposeResult:
        """The field alone."""
        yield self._field

    def render(self) -> Content:
        """The label."""
        return Content(self.label if cell_len(self.label) < self._field.styles.margin.left else "")

    def on_click(self, event: events.Click) -> None:
        """Go to the field."""
        if event.widget is self:
            self._field.focus()
