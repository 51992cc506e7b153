"""Which names of keys can stand in config.yml: those that a terminal sends, and that nothing else needs."""

from textual.keys import REPLACED_KEYS, Keys, key_to_character

_MODIFIERS = {"ctrl", "shift", "alt", "super", "hyper", "meta"}
_NAMES = {key.value for key in Keys}
_SAME = {"ctrl+h": "backspace", "ctrl+i": "tab", "ctrl+j": "enter", "ctrl+m": "enter", "ctrl+enter": "enter"}
"""Terminals send for these what they send for others."""
_MOVING = {"up", "down", "left", "right", "pageup", "pagedown"}
_COPY = "ctrl+c"


def character_of(key: str) -> str | None:
    """What is typed with a key of this name, None for one such as f2; Textual does not know its own name "slash"."""
    return key_to_character(REPLACED_KEYS.get(key, key))


def complaint(key: str, in_form: bool) -> str:
    """Why `key`, a name as Textual has it, cannot start an action inside or outside the form; "" if it can."""
    *modifiers, last = key.split("+")
    named = last in _NAMES if modifiers else key in _NAMES
    typed = character_of(last) is not None and not (modifiers and last.isupper()) and modifiers != ["shift"]
    if not (named or typed) or not _MODIFIERS.issuperset(modifiers):
        return "is no key that a terminal sends: they are named as f3, ctrl+t, n or N"
    if key in _SAME:
        return f"is the same as {_SAME[key]} for a terminal"
    if key == _COPY:
        return "copies what is selected"
    if key in _MOVING and not in_form:
        return "moves inside a panel"
    return ""
