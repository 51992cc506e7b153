"""The line below everything: the keys that act right now, each of them clickable."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from textual.events import MouseMove
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from tui.dashboard import help_places, keys
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.widgets.parts import Part, content, fitting

_GAP = 2
_KEY_IN_CLICK = re.compile(r"press\('(.+)'\)")


@dataclass(frozen=True, slots=True)
class Acting:
    """A key that acts: its id in keys.py, Textual's name of it, and what it is called where it acts."""

    id: str
    name: str
    label: str


def acting_keys(screen: Screen[object], key_names: Mapping[str, str]) -> list[Acting]:
    """The keys offered that act on `screen` now, called what they do where the focus is.

    In a box these are its own and those of its place: a field of it knows keys that do nothing there.
    """
    place = help_places.place_in(screen)
    words = {} if place is None else {key_id: word for key_id, word, _ in place.keys}
    active = []
    for name, found in screen.active_bindings.items():
        key_id, own = found.binding.id, found.node is screen or not screen.is_modal
        if key_id and found.enabled and (key_id in words or (own and key_id in key_names)):
            active.append(Acting(key_id, name, words.get(key_id, found.binding.description)))
    return active


def key_parts(active: Iterable[Acting], ascii: bool = False) -> list[Part]:
    """The parts for active keys, in the order of the table of keys.

    Two keys with one label, such as q and ^q, are shown as the first of them that acts.
    """
    by_id = dict(reversed([(key.id, key) for key in active]))
    parts: dict[str, Part] = {}
    for key in keys.KEYS:
        if key.rank and (acting := by_id.get(key.id)) is not None and acting.label not in parts:
            parts[acting.label] = _part(keys.shown(acting.name, ascii), acting.label, acting.name, key.rank)
    return list(parts.values())


def key_line_parts(active: Sequence[Acting], key_names: Mapping[str, str], cells: int, ascii: bool) -> tuple[Part, ...]:
    """The parts that fit into `cells`, the least important gone; the keys of the views are all there or are one part.

    `key_names` maps the id of each key to Textual's names of it.
    """
    every = key_parts(active, ascii)
    leading = [key for key in active if key.id in keys.VIEWS]
    shown = fitting(every, cells, _GAP)
    labels = {key.label for key in leading}
    if not labels or labels <= {_label(part) for part in shown}:
        return shown
    at = next(index for index, part in enumerate(every) if _label(part) in labels)
    others = [part for part in every if _label(part) not in labels]
    return fitting([*others[:at], _views(leading, key_names, ascii), *others[at:]], cells, _GAP)


def _part(shown: str, label: str, name: str, rank: int) -> Part:
    click = f"@press('{name}')"
    return Part(((shown, f"strong{click}"), (f" {label}", f"muted{click}")), rank)


def _label(part: Part) -> str:
    return part.line[-1][0].lstrip()


def _views(leading: Sequence[Acting], key_names: Mapping[str, str], ascii: bool) -> Part:
    """All keys of views as one part such as `1-5 views`; a click on it goes to the view after the one that is shown."""
    names = [keys.shown(key_names[key_id], ascii) for key_id in keys.VIEWS]
    in_turn = all(name.isdigit() and int(name) == int(names[0]) + index for index, name in enumerate(names))
    by_id = {key.id: key for key in leading}
    here = next((index for index, key_id in enumerate(keys.VIEWS) if key_id not in by_id), -1)
    following = [by_id[key_id] for key_id in (*keys.VIEWS[here + 1 :], *keys.VIEWS) if key_id in by_id]
    shown = f"{names[0]}-{names[-1]}" if in_turn else " ".join(names)
    return _part(shown, "views", following[0].name, keys.VIEWS_RANK)


class KeyLine(Static):
    """One line of the keys in `key_names` that act now; what does not fit goes by rank. Posts `Pressed` for a click.

    Under an open box these are the keys of the box.
    """

    ALLOW_SELECT = False

    class Pressed(Message):
        """A key on the line was clicked; `key` is Textual's name of it."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, glyphs: Glyphs, key_names: Mapping[str, str]) -> None:
        super().__init__(markup=False, id="key-line")
        self._glyphs = glyphs
        self._key_names = key_names

    def on_mount(self) -> None:
        """Follow the screen's focus and modes, which decide what a key does."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)
        self.app.screen_change_signal.subscribe(self, self._follow_box)

    def on_resize(self) -> None:
        """More or fewer keys fit."""
        self.show()

    def _follow(self, screen: Screen[object]) -> None:
        self.show()

    def _follow_box(self, screen: Screen[object]) -> None:
        if screen.is_modal and screen is not self.screen:
            screen.bindings_updated_signal.subscribe(self, self._follow)
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
        active = acting_keys(self.app.screen, self._key_names)
        parts = key_line_parts(active, self._key_names, self.content_size.width, self._glyphs.ascii)
        self.update(content(parts, _GAP), layout=False)

    def action_press(self, key: str) -> None:
        """A click does what the key does."""
        self.post_message(self.Pressed(key))
