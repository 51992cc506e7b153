"""Keys as the widgets name them in their frames and words; a keymap of config.yml changes them."""

from collections.abc import Mapping

from tui.dashboard import keys

DEFAULT_KEYS: Mapping[str, str] = keys.effective({})


def hint(key_names: Mapping[str, str], key_id: str) -> str:
    """The key of this action as a person reads it; `key_names` maps ids of keys.py to Textual's names."""
    return keys.shown(key_names[key_id])


def how_to_add(key_names: Mapping[str, str] = DEFAULT_KEYS) -> str:
    """What to say while there is no worker."""
    return f"no workers: press {hint(key_names, 'leave')}, then {hint(key_names, 'add_worker')} to add one"
