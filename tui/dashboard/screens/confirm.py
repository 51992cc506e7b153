"""A question before something is done that cannot be undone: what will happen, and two buttons."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from tui.dashboard import help_places, keys
from tui.dashboard.formatting import clean
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.help_places import Place
from tui.dashboard.screens.box import Box, answer_hints

_MOST_CELLS = 600


class ConfirmScreen(Box[bool]):
    """Gives True for `yes`, False for the other button and for escape. `words` are paragraphs, cleaned here."""

    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("next", "previous", "leave")
    PLACE: ClassVar[Place] = help_places.QUESTION
    AUTO_FOCUS = "#yes"

    def __init__(self, title: str, words: Sequence[str], yes: str, key_names: dict[str, str], glyphs: Glyphs) -> None:
        super().__init__(id="confirm", classes="-ascii" if glyphs.ascii else None)
        self._title = title
        self._words = words
        self._yes = yes
        self._key_names = key_names
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        """The paragraphs and the buttons."""
        with VerticalScroll(classes="box", can_focus=False) as box:
            box.border_title = Content(clean(self._title, _MOST_CELLS, self._glyphs))
            box.border_subtitle = answer_hints(self._key_names, "", self._glyphs.ascii)
            for paragraph in self._words:
                yield Static(clean(paragraph, _MOST_CELLS, self._glyphs), markup=False, classes="block")
            with Horizontal(classes="buttons"):
                yield Button(Content(self._yes), id="yes", variant="primary", compact=True)
                yield Button("Cancel", id="no", compact=True)

    @on(Button.Pressed)
    def _answer(self, event: Button.Pressed) -> None:
        event.stop()
        self.dismiss(event.button.id == "yes")

    def action_leave(self) -> None:
        """No."""
        self.dismiss(False)
