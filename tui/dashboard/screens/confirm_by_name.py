"""A box that asks before something is destroyed: it is done only after a name was typed."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from tui.dashboard import help_places
from tui.dashboard.formatting import clean
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.help_places import Place
from tui.dashboard.screens.box import Box, answer_hints

_WORDS_CELLS = 400
_NAME_CELLS = 249


class ConfirmByName(Box[bool]):
    """Gives True if `name` was typed and entered, False if the person left; `words` say what will happen then."""

    PLACE: ClassVar[Place] = help_places.ASKED
    AUTO_FOCUS = "#confirm-name"

    def __init__(self, words: str, name: str, key_names: dict[str, str], glyphs: Glyphs) -> None:
        super().__init__(id="confirm", classes="-ascii" if glyphs.ascii else None)
        self._words = words
        self._wanted = name
        self._key_names = key_names
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        """What will happen, what to type, and the field to type it in."""
        with VerticalScroll(id="confirm-box", classes="box", can_focus=False) as box:
            box.border_title = "Really?"
            box.border_subtitle = answer_hints(self._key_names, "do it", self._glyphs.ascii)
            words = clean(self._words, _WORDS_CELLS, self._glyphs)
            yield Static(Content.assemble((words, "bold")), classes="block")
            yield Static(self._demand(), id="confirm-demand")
            yield Input(id="confirm-name", max_length=_NAME_CELLS, compact=True)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_enter()

    def action_enter(self) -> None:
        """Do it, if that is the name."""
        if self.query_one(Input).value.strip() == self._wanted:
            self.dismiss(True)
            return
        said = f"{self._glyphs.failed} that is not {self._shown_name}: nothing was done"
        self.query_one("#confirm-demand", Static).update(Content.assemble((said, "$error")))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.query_one("#confirm-demand", Static).update(self._demand())

    def _demand(self) -> Content:
        return Content.assemble("Type ", (self._shown_name, "bold $warning"), " to do it:")

    @property
    def _shown_name(self) -> str:
        return clean(self._wanted, _NAME_CELLS, self._glyphs)

    def action_leave(self) -> None:
        """Do nothing."""
        self.dismiss(False)
