"""A box with one field above a view: what it asks for, and what is said of what was typed."""

from collections.abc import Mapping
from typing import ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from tui.dashboard import help_places
from tui.dashboard.formatting import clean
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.help_places import Place
from tui.dashboard.screens.box import Box, answer_hints
from tui.dashboard.widgets.history_input import HistoryInput

T = TypeVar("T")

_MOST_SAID_CELLS = 600


class AskScreen(Box[T]):
    """Subclasses take what was typed in `answered`; escape leaves, if `action_leave` is not extended."""

    PLACE: ClassVar[Place] = help_places.ASKED
    DEFAULT_CSS = """
    AskScreen {
        & .asked, & .said { height: auto; }
        & .said { color: $secondary-text; &.-warning { color: $warning; } &.-error { color: $error; } }
        & HistoryInput { margin: 1 0; padding: 0 1; background: $surface; &:focus { background: $surface-lighten-1; } }
    }
    """

    def __init__(
        self, title: str, asked: str, *, value: str, most: int, key_names: Mapping[str, str], glyphs: Glyphs
    ) -> None:
        super().__init__(classes="-ascii" if glyphs.ascii else None)
        self.glyphs = glyphs
        self._title = title
        self._asked = asked
        self._keys = key_names
        self.field = HistoryInput(value, max_length=most)
        self._said = Static("", markup=False, classes="said")

    def compose(self) -> ComposeResult:
        """What is asked, the field, and room for words."""
        with Vertical(classes="box") as box:
            box.border_title = self._title
            yield Static(self._asked, markup=False, classes="asked")
            yield self.field
            yield self._said

    def hint(self, enter: str) -> None:
        """What the enter key does now; "" if nothing."""
        leave = "close" if enter else "cancel"
        self.query_one(".box").border_subtitle = answer_hints(self._keys, enter, self.glyphs.ascii, leave)

    def say(self, words: str, how: str = "") -> None:
        """Say it below the field; `how` is "", "warning" or "error"."""
        self._said.set_class(how == "warning", "-warning")
        self._said.set_class(how == "error", "-error")
        self._said.update(clean(words, _MOST_SAID_CELLS, self.glyphs))

    def answered(self, text: str) -> None:
        """What was typed, at the enter key."""
        raise NotImplementedError

    @on(Input.Submitted)
    def _answer(self, event: Input.Submitted) -> None:
        event.stop()
        self.answered(event.value)

    def action_enter(self) -> None:
        """As the enter key in the field."""
        self.answered(self.field.value)
