"""One dead letter: why it was refused, where it stood, its headers and its value."""

from collections.abc import Callable
from enum import Enum, auto
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import ModalScreen
from textual.strip import Strip

from tui.dashboard import keys
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.screens.confirm import ConfirmScreen
from tui.dashboard.widgets.canvas import Drawn
from tui.dashboard.widgets.drawing import Line
from tui.dashboard.widgets.key_line import KeyLine
from tui.dashboard.widgets.letter_requests import TraceLetterRequested
from tui.dashboard.widgets.letter_rows import letter_facts, origin
from tui.dashboard.widgets.raw_view import RawView
from tui.events import DeadLetterReceived


class LetterWish(Enum):
    """What a person wants of the letter, having looked at it."""

    SEND_AGAIN = auto()
    CORRECT = auto()


class LetterFacts(Drawn, can_focus=True):
    """Why it was refused, and where it stood."""

    DEFAULT_CSS = """
    LetterFacts { height: auto; max-height: 50%; }
    """

    def __init__(self, letter: DeadLetterReceived, dead_letters: str, glyphs: Glyphs, id: str) -> None:
        super().__init__(glyphs=glyphs, id=id)
        self._letter = letter
        self._dead_letters = dead_letters
        self._lines: tuple[Line, ...] = ()
        self.set_lines(5)

    def on_resize(self, event: events.Resize) -> None:
        """Write the lines for the new width."""
        self._lines = letter_facts(self._letter, self._dead_letters, max(1, self.cells), self.glyphs)
        self.set_lines(len(self._lines))
        self.head(((f"Dead letter {origin(self._letter)}", "title"),))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One of the lines."""
        index = y + self.scroll_offset.y
        return self.strip(self._lines[index] if index < len(self._lines) else (), self.cells)


class LetterScreen(ModalScreen[LetterWish | None]):
    """Gives what the person wants of the letter, None for nothing. `confirmation` makes the question before it."""

    BINDINGS: ClassVar[list[BindingType]] = keys.bindings(
        "next", "previous", "leave", "send_again", "correct", "trace", "help"
    )
    AUTO_FOCUS = "#letter-value"

    def __init__(
        self,
        letter: DeadLetterReceived,
        dead_letters: str,
        confirmation: Callable[[DeadLetterReceived], ConfirmScreen],
        key_names: dict[str, str],
        glyphs: Glyphs,
    ) -> None:
        super().__init__(id="letter", classes="-ascii" if glyphs.ascii else None)
        self._letter = letter
        self._dead_letters = dead_letters
        self._confirmation = confirmation
        self._key_names = key_names
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        """What is known above, the bytes below."""
        yield LetterFacts(self._letter, self._dead_letters, self._glyphs, id="letter-facts")
        yield RawView(glyphs=self._glyphs, id="letter-value", key_names=self._key_names)
        yield KeyLine(self._glyphs, self._key_names)

    def on_mount(self) -> None:
        """Show the value."""
        self.query_one(RawView).show_bytes(self._letter.value, self._letter.headers)

    def on_resize(self, event: events.Resize) -> None:
        """Other keys fit now."""
        self.refresh_bindings()

    def action_send_again(self) -> None:
        """Ask, and give the answer back."""
        self.app.push_screen(self._confirmation(self._letter), self._decide)

    def action_correct(self) -> None:
        """To the form."""
        self.dismiss(LetterWish.CORRECT)

    def action_trace_letter(self) -> None:
        """Wish to see the way of its request."""
        self.post_message(TraceLetterRequested(self._letter))

    async def action_help(self) -> None:
        """A box keeps letters from the app, but not this one."""
        await self.run_action("app.help")

    def action_leave(self) -> None:
        """Back to the list."""
        self.dismiss(None)

    def _decide(self, yes: bool | None) -> None:
        if yes:
            self.dismiss(LetterWish.SEND_AGAIN)
