"""A value of anybody to be looked at: as JSON if it is JSON, as bytes at the press of a key, its headers above it."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.events import Resize
from textual.strip import Strip

from tui.dashboard import help_places, keys
from tui.dashboard.formatting import count
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.help_places import Place
from tui.dashboard.raw_text import RawText, header_lines, hex_text, is_json, json_text
from tui.dashboard.widgets.canvas import Drawn
from tui.dashboard.widgets.drawing import Line
from tui.dashboard.widgets.key_hints import DEFAULT_KEYS, hint

NO_VALUE = "no value (null)"
EMPTY = "an empty value: 0 bytes"


class RawView(Drawn, can_focus=True):
    """Shows what `show_bytes` was given last; scrolled with arrows and page keys. Bounded by `raw_text`."""

    PLACE: ClassVar[Place] = help_places.VALUE
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("raw")
    ABOUT: ClassVar[str] = "Headers and value of a record, byte for byte as Kafka keeps it"
    DEFAULT_CSS = """
    RawView { height: 1fr; min-height: 4; }
    """

    def __init__(
        self,
        glyphs: Glyphs | None = None,
        id: str | None = None,
        key_names: Mapping[str, str] = DEFAULT_KEYS,
    ) -> None:
        super().__init__(glyphs=glyphs, id=id)
        self._key_names = key_names
        self._value: bytes | None = None
        self._headers: Sequence[tuple[str, bytes | None]] = ()
        self._is_json = False
        self._as_json = False
        self._lines: tuple[Line, ...] = ()

    def show_bytes(self, value: bytes | None, headers: Sequence[tuple[str, bytes | None]] = ()) -> None:
        """Show this value from its beginning; None is a null value."""
        self._value, self._headers = value, headers
        self._is_json = self._as_json = is_json(value)
        self.refresh_bindings()
        self._begin()

    def action_switch_raw(self) -> None:
        """JSON becomes bytes and back."""
        self._as_json = self._is_json and not self._as_json
        self._begin()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What is no JSON can be seen in one way only."""
        return self._is_json if action == "switch_raw" else True

    def on_resize(self, event: Resize) -> None:
        """Write the lines for the new width."""
        self._write()

    def render_line(self, y: int) -> Strip:
        """One of the lines."""
        index = y + self.scroll_offset.y
        return self.strip(self._lines[index] if index < len(self._lines) else (), self.cells)

    def _begin(self) -> None:
        if self.is_mounted:
            self.scroll_to(y=0, animate=False)
            self._write()

    def _write(self) -> None:
        above = header_lines(self._headers, self.cells, self.glyphs)
        raw = self._raw()
        self._lines = (*above, *(((),) if above else ()), *raw.lines)
        self.set_lines(len(self._lines))
        self._write_edges(raw)
        self.refresh()

    def _raw(self) -> RawText:
        if not self._value:
            return RawText(((((NO_VALUE if self._value is None else EMPTY), "muted"),),), 0, 0)
        return json_text(self._value, self.cells, self.glyphs) if self._as_json else hex_text(self._value, self.cells)

    def _write_edges(self, raw: RawText) -> None:
        what = ("JSON" if self._as_json else "bytes") if raw.total else ""
        switch: Line = ()
        if self._is_json:
            other = "bytes" if self._as_json else "JSON"
            switch = ((hint(self._key_names, "raw"), "strong@switch_raw"), (f" {other}", "muted@switch_raw"))
        self.head((("Value", "title"), (f" {self.glyphs.dot} {what}" if what else "", "muted")), switch)
        if raw.shown < raw.total:
            cut: Line = ((f"the first {count(raw.shown)} of {count(raw.total)} bytes", "warning"),)
            self.foot((), cut)
        else:
            self.foot((), ((f"{count(raw.total)} bytes", "muted"),))
