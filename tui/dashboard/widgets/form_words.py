"""What is said of the fields of the request form while the mouse rests on them."""

from collections.abc import Mapping

_OPERAND = "A number such as 5, -0.1 or 1e9, computed exactly; up and down take what was sent before"
ABOUT: Mapping[str, str] = {
    "x": _OPERAND,
    "operation": "What to compute: arrows or its sign choose it",
    "y": _OPERAND,
    "times": "How many such requests to send",
    "key": "Requests with one key go to one partition, in order; auto: none",
    "partition": "The partition it goes to; auto: that of the key, else in turn",
    "send": "Send the request, as Enter does in every field",
}
"""By the id of the field."""
