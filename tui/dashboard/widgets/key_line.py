"""The line below everything: the keys that act right now, each of them clickable."""

import re
from collections.abc import Collection, Iterable

from textual.events import MouseMove
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from tui.dashboard import keys
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.widgets.parts import Part, content, fitting

_GAP = 2
_KEY_IN_CLICK = re.compile(r"press\('(.+)'\)")


def key_parts(active: Iterable[tuple[str, str]], ascii: bool = False) -> list[Part]:
    """The parts for active keys, given as (id, Textual's key name), in the order of the table of keys.

    Two keys with one label, such as q and ^q, are shown as the first of them that acts.
    """
    by_id = dict(reversed(list(active)))
    parts: dict[str, Part] = {}
    for key in keys.KEYS:
        if key.rank and key.id in by_id and key.label not in parts:
            name = by_id[key.id]
            click = f"@press('{name}')"
            line = ((keys.shown(name, ascii), f"strong{click}"), (f" {key.label}", f"muted{click}"))
            parts[key.label] = Part(line, key.rank)
    return list(parts.values())


class KeyLine(Static):
    """One line of the `offered` keys; what does not fit goes by rank. Posts `Pressed` for a click."""

    ALLOW_SELECT = False

    class Pressed(Message):
        """A key on the line was clicked; `key` is Textual's name of it."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, glyphs: Glyphs, offered: Collection[str]) -> None:
        super().__init__(markup=False, id="key-line")
        self._glyphs = glyphs
        self._offered = offered

    def on_mount(self) -> None:
        """Follow the screen's focus and modes, which decide what a key does."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)

    def on_resize(self) -> None:
        """More or fewer keys fit."""
        self.show()

    def _follow(self, screen: Screen[object]) -> None:
        self.show()

    def on_mouse_move(self, event: MouseMove) -> None:
        """Say what the key under the mouse does."""
        found = _KEY_IN_CLICK.search(str(event.style.meta.get("@click", "")))
        name = "" if found is None else found[1]
        tooltip = next((one.binding.tooltip for key, one in self.screen.active_bindings.items() if key == name), "")
        if self.tooltip != (tooltip or None):
            self.tooltip = tooltip or None

    def show(self) -> None:
        """Draw the keys that act now."""
        if not self.is_attached:
            return
        active = (
            (found.binding.id, name)
            for name, found in self.screen.active_bindings.items()
            if found.binding.id and found.binding.id in self._offered and found.enabled
        )
        parts = fitting(key_parts(active, self._glyphs.ascii), self.content_size.width, _GAP)
        self.update(content(parts, _GAP), layout=False)

    def action_press(self, key: str) -> None:
        """A click does what the key does."""
        self.post_message(self.Pressed(key))
