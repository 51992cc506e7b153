"""A one-line field that remembers what was sent from it and refuses a paste that is too long."""

from collections import deque
from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Input

from tui.dashboard.keys import bindings

HISTORY_KEPT = 100


class History:
    """The values sent, newest last, with a place in them. What was being typed waits at the newest end."""

    def __init__(self) -> None:
        self._values: deque[str] = deque(maxlen=HISTORY_KEPT)
        self._back = 0
        self._draft = ""

    def add(self, value: str) -> None:
        """Remember a value that was sent; the same one twice in a row counts once."""
        self._back = 0
        if value and (not self._values or self._values[-1] != value):
            self._values.append(value)

    def older(self, current: str) -> str:
        """The value before; at the oldest it stays."""
        if self._back == 0:
            self._draft = current
            if self._values and self._values[-1] == current:
                self._back = 1
        self._back = min(self._back + 1, len(self._values))
        return self._at_place(current)

    def newer(self, current: str) -> str:
        """The value after; past the newest it is what was being typed."""
        if self._back == 0:
            return current
        self._back -= 1
        return self._at_place(current)

    def _at_place(self, current: str) -> str:
        if not self._values:
            return current
        return self._values[-self._back] if self._back else self._draft


class HistoryInput(Input):
    """An `Input` of one row: up and down walk through what was sent."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("send", "older", "newer")

    class TooLong(Message):
        """`characters` were typed or pasted where `allowed` are the most; nothing was taken over."""

        def __init__(self, field: "HistoryInput", characters: int, allowed: int) -> None:
            super().__init__()
            self.field = field
            self.characters = characters
            self.allowed = allowed

        @property
        def control(self) -> "HistoryInput":
            """The field that refused."""
            return self.field

    def __init__(self, value: str = "", *, max_length: int, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(value, placeholder=placeholder, max_length=max_length, id=id, compact=True)
        self.history = History()
        self._most = max_length
        self._edits: dict[str, Callable[[], None]] = {
            "backspace": self.action_delete_left,
            "delete": self.action_delete_right,
            "ctrl+d": self.action_delete_right,
            "ctrl+w": self.action_delete_left_word,
            "ctrl+u": self.action_delete_left_all,
            "ctrl+k": self.action_delete_right_all,
            "left": self.action_cursor_left,
            "right": self.action_cursor_right,
            "home": self.action_home,
            "ctrl+a": self.action_home,
            "end": self.action_end,
            "ctrl+e": self.action_end,
        }

    def on_paste(self, event: events.Paste) -> None:
        """Refuse at once what cannot be a value: validating and drawing a million characters would take seconds."""
        if len(event.text) > self._most:
            event.prevent_default()
            event.stop()
            self.post_message(self.TooLong(self, len(event.text), self._most))

    def on_key(self, event: events.Key) -> None:
        """Edit at once: Textual runs keys of bindings only after the characters that were typed behind them."""
        if (edit := self._edits.get(event.key)) is not None:
            event.stop()
            event.prevent_default()
            edit()

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """True for what is typed into the field; Textual does not find the character of its own name "slash"."""
        return key == "slash" or super().check_consume_key(key, character)

    def restricted(self) -> None:
        """What was typed or pasted would make the value too long."""
        self.post_message(self.TooLong(self, self._most + 1, self._most))

    def action_older(self) -> None:
        """Take the value sent before."""
        self._take(self.history.older(self.value))

    def action_newer(self) -> None:
        """Take the value sent after it, at last what was being typed."""
        self._take(self.history.newer(self.value))

    def _take(self, value: str) -> None:
        self.value = value
        self.cursor_position = len(value)
