"""Keys as the widgets name them in their frames and words; a keymap of config.yml changes them."""

from collections.abc import Mapping

from tui.dashboard import keys

DEFAULT_KEYS: Mapping[str, str] = keys.effective({})


def hint(key_names: Mapping[str, str], key_id: str) -> str:
    """The key of this action as a person reads it; `key_names` maps ids of keys.py to Textual's names."""
    return keys.shown(key_names[key_id])


def how_to_add(key_names: Mapping[str, str] = DEFAULT_KEYS) -> str:
    """What to say while there is no worker; without that key nobody can add one from here."""
    if "add_worker" not in key_names:
        return "no workers in the group"
    return f"no workers: press {hint(key_names, 'leave')}, then {hint(key_names, 'add_worker')} to add one"


def nothing_yet(cells: int, key_names: Mapping[str, str] = DEFAULT_KEYS) -> str:
    """What to say in `cells` while there is no result; without the key to send nobody can make one from here."""
    how = "nothing yet: type two numbers and press Enter"
    return how if "send" in key_names and len(how) <= cells else "nothing yet"
