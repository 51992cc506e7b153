"""Where keys act that mean something else than elsewhere: boxes, the filter, values.

The help begins with them, and the key line takes its words from them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from textual.dom import DOMNode
from textual.screen import Screen


@dataclass(frozen=True, slots=True)
class Place:
    """`title` says where; `keys` are ids of keys.py, each with its word and what it does there."""

    title: str
    keys: tuple[tuple[str, str, str], ...]


_LEAVE = ("leave", "close", "Close it, nothing is done")
_CLOSE = ("leave", "close", "Close it")

PANEL = Place("in this box", (_CLOSE,))
QUESTION = Place(
    "in a question",
    (("send", "answer", "Press the button that has the focus"), ("next", "other", "To the other button"), _LEAVE),
)
ASKED = Place("in this box", (("send", "do it", "Take what was typed"), _LEAVE))
FIELDS = Place("in this box", (("send", "do it", "Take what was typed"), ("next", "next", "The next field"), _LEAVE))
SAVING = Place(
    "in this box",
    (
        ("send", "save", "Write the file; once more to overwrite one"),
        ("leave", "close", "Close it, or cancel the saving"),
    ),
)
FILTER = Place(
    "in the filter",
    (
        ("send", "keep", "Keep the filter and go to the results"),
        ("older", "older", "The filter before"),
        ("newer", "newer", "The filter after it"),
        ("leave", "all", "Show all results again"),
    ),
)
VALUE = Place(
    "in a value", (("raw", "JSON/bytes", "See it as JSON or as bytes"), ("next", "next", "The next panel"), _CLOSE)
)
TRACE = Place(
    "in a trace",
    (("next", "next", "The steps, the request, the result in turn"), ("open", "close", "Close it"), _CLOSE),
)


def place_in(screen: Screen[object]) -> Place | None:
    """Where the focus of `screen` is, if keys mean something else there: the innermost node with a `PLACE`."""
    focused = screen.focused
    around: Iterable[DOMNode] = [screen] if focused is None else focused.ancestors_with_self
    return next((node.PLACE for node in around if hasattr(node, "PLACE")), None)
