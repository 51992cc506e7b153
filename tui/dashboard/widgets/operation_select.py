"""The field in which a person chooses the operation: by arrows and mouse, or by typing its name or sign."""

from typing import ClassVar

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Select

from tui.calc.operations import Operation, Operations
from tui.dashboard.formatting import clean
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.keys import bindings

_TYPED_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷", "%": "mod", "!": "!"}
"""What stands on a keyboard for an operation's sign."""
_NOTATION_CELLS = 24
_ONE_GO_S = 1.0
"""Letters that follow each other faster spell one name."""


def operation_for(typed: str, operations: Operations, current: str) -> str | None:
    """The operation that is meant by what was typed at one go: its sign, or how its name begins.

    A single letter goes on to the next operation after `current` that begins with it. None if nothing does.
    """
    sign = _TYPED_SIGNS.get(typed, typed)
    for operation in operations:
        if operation.symbol == sign:
            return operation.name
    names = list(operations.names)
    if len(typed) == 1 and current in names:
        start = names.index(current) + 1
        names = names[start:] + names[:start]
    return next((name for name in names if name.lower().startswith(typed.lower())), None)


class OperationSelect(Select[str], inherit_bindings=False):
    """A compact `Select` of the operations. Enter sends the form; space and the arrows open the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,up,down", "show_overlay", "Choose", show=False),
        *bindings("send"),
    ]

    class SendRequested(Message):
        """Enter was pressed on the closed field."""

    def __init__(self, operations: Operations, glyphs: Glyphs) -> None:
        self._operations = operations
        self._glyphs = glyphs
        self._typed = ""
        self._typed_at = 0.0
        width = max(len(name) for name in operations.names)
        self._shown = {operation.name: _option(operation, width, glyphs) for operation in operations}
        options = [(shown, name) for name, shown in self._shown.items()]
        super().__init__(options, allow_blank=False, value=operations.names[0], id="operation", compact=True)

    def render(self) -> Content:
        """The chosen one and an arrow: what `Select` has for them are three widgets, which cost 150 µs a tick."""
        arrow = "" if self._glyphs.ascii else "▲" if self.expanded else "▼"
        room = max(0, self.content_size.width - 2 * len(arrow))
        chosen = Content.from_rich_text(self._shown[self.operation.name]).truncate(room, ellipsis=bool(arrow))
        gap = " " * (room - chosen.cell_length + len(arrow))
        return Content.assemble(chosen, (gap, "not underline not reverse"), (arrow, "$foreground 50%"))

    def watch_value(self) -> None:
        """Draw what was chosen."""
        self.refresh()

    def watch_expanded(self) -> None:
        """Turn the arrow."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Open or close the list."""
        if event.widget is self:
            self.expanded = not self.expanded

    def recall(self, name: str) -> None:
        """Choose the operation of that name, if there is one."""
        if name in self._operations.names:
            self.value = name

    @property
    def operation(self) -> Operation:
        """The chosen one."""
        assert isinstance(self.value, str)
        return self._operations[self.value]

    def check_consume_key(self, key: str, character: str | None = None) -> bool:
        """Printable characters choose an operation and so never reach the letters of the panels."""
        return character is not None and character.isprintable() and character != " "

    def on_key(self, event: events.Key) -> None:
        """Choose by what is typed."""
        if self.expanded or event.character is None or not event.is_printable or event.character == " ":
            return
        event.stop()
        at_one_go = event.time - self._typed_at < _ONE_GO_S
        self._typed_at = event.time
        for typed in (self._typed + event.character, event.character) if at_one_go else (event.character,):
            found = operation_for(typed, self._operations, self.operation.name)
            if found is not None:
                self._typed, self.value = typed, found
                return

    def action_submit(self) -> None:
        """Send instead of opening the list: Enter sends in every field."""
        self.post_message(self.SendRequested())


def _option(operation: Operation, name_cells: int, glyphs: Glyphs) -> Text:
    notation = operation.describe("x", "y", ascii=glyphs.ascii)
    return Text.assemble(
        operation.name.ljust(name_cells),
        "  ",
        (clean(notation, _NOTATION_CELLS, glyphs), "dim"),
        no_wrap=True,
    )
