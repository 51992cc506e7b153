"""A small box that asks how long a worker is to wait before each request."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from tui.dashboard import help_places
from tui.dashboard.formatting import clean
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.help_places import Place
from tui.dashboard.screens.box import Box, answer_hints

MOST_MS = 60_000
_NAME_CELLS = 40
_DIGITS = 5
_USUAL_MS = 200


def milliseconds(text: str) -> int | None:
    """The delay a person typed, None if that is none from 0 to `MOST_MS`; nothing typed is 0."""
    typed = text.strip() or "0"
    if not (typed.isascii() and typed.isdigit()) or int(typed) > MOST_MS:
        return None
    return int(typed)


class SlowScreen(Box[float | None]):
    """Gives the delay in seconds, 0 for none, or None if the person thought better of it."""

    PLACE: ClassVar[Place] = help_places.ASKED

    def __init__(self, client_id: str, now_s: float, key_names: dict[str, str], glyphs: Glyphs) -> None:
        super().__init__(id="slow", classes="-ascii" if glyphs.ascii else None)
        self._client_id = clean(client_id, _NAME_CELLS, glyphs)
        self._now_ms = round(now_s * 1_000)
        self._key_names = key_names
        self._ascii = glyphs.ascii

    def compose(self) -> ComposeResult:
        """One field, and what it means."""
        with Vertical(id="slow-box", classes="box") as box:
            box.border_title = Content(f"Slow {self._client_id} down")
            box.border_subtitle = answer_hints(self._key_names, "do it", self._ascii)
            yield Static("milliseconds before each request; 0 ends it", markup=False)
            yield Input(str(self._now_ms or _USUAL_MS), max_length=_DIGITS, compact=True, id="delay")
            yield Static("", markup=False, id="slow-said")

    def on_mount(self) -> None:
        """Type at once, over what is there."""
        self.query_one(Input).focus()

    @on(Input.Submitted)
    def action_enter(self) -> None:
        """Take what was typed, or say what is wrong with it."""
        delay_ms = milliseconds(self.query_one(Input).value)
        if delay_ms is None:
            self.query_one("#slow-said", Static).update(f"a whole number from 0 to {MOST_MS}")
        else:
            self.dismiss(delay_ms / 1_000)

    def action_leave(self) -> None:
        """Change nothing."""
        self.dismiss(None)
