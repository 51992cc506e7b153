"""The line above the results in which a person says which of them to show."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widgets import Input, Static

from tui.dashboard import help_places
from tui.dashboard.help_places import Place
from tui.dashboard.keys import bindings
from tui.dashboard.widgets.drawing import Line
from tui.dashboard.widgets.history_input import HistoryInput
from tui.dashboard.widgets.key_hints import DEFAULT_KEYS, hint
from tui.dashboard.widgets.label import Label
from tui.dashboard.widgets.parts import line_content
from tui.ledger.result_filter import HELP, FilterError, ResultFilter, parsed

MOST_CHARS = 200


class FilterBar(Horizontal):
    """Posts `Wanted` with every change that is a filter, and says what is wrong with one that is not.

    Enter goes to the results; escape shows all of them again.
    """

    PLACE: ClassVar[Place] = help_places.FILTER
    BINDINGS: ClassVar[list[BindingType]] = bindings("leave")
    DEFAULT_CSS = """
    FilterBar {
        height: 1;
        padding: 0 1;
        & > Static { width: auto; color: $secondary-text; padding: 0 1; }
        & > Input { width: 1fr; background: $surface; padding: 0 1; }
        & > Input:focus { background: $surface-lighten-1; }
        & > Input.-wrong { color: $error; background: $error 20%; }
        & > .said { color: $error; max-width: 60%; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """

    @dataclass
    class Wanted(Message):
        """These results are to be shown; None: all of them."""

        wanted: ResultFilter | None

    @dataclass
    class Done(Message):
        """The person goes on to the results; `closed`: and wants no filter any more."""

        closed: bool

    def __init__(self, text: str = "", key_names: Mapping[str, str] = DEFAULT_KEYS) -> None:
        super().__init__(id="filter-bar")
        self._key_names = key_names
        self._input = HistoryInput(text, max_length=MOST_CHARS, placeholder=HELP, id="filter")
        self._said = Static("", markup=False, classes="said")

    def compose(self) -> ComposeResult:
        """A sign, the field, words."""
        yield Label("filter")
        yield self._input
        yield self._said
        yield Static(self._leave_hint(), markup=False, classes="hint")

    def _leave_hint(self) -> Content:
        words: Line = ((hint(self._key_names, "leave"), "strong"), (" all", "muted"))
        return line_content(words)

    @property
    def text(self) -> str:
        """What stands in the field."""
        return self._input.value.strip()

    def on_mount(self) -> None:
        """What it was made with is wanted at once."""
        if self._input.value:
            self._parse(Input.Changed(self._input, self._input.value))

    def focus_field(self) -> None:
        """Type into it."""
        self._input.focus()

    @on(Input.Changed)
    def _parse(self, event: Input.Changed) -> None:
        event.stop()
        try:
            wanted = parsed(event.value)
        except FilterError as error:
            self._input.add_class("-wrong")
            self._said.update(str(error))
            return
        self._input.remove_class("-wrong")
        self._said.update("")
        self.post_message(self.Wanted(wanted if wanted.text else None))

    @on(Input.Submitted)
    def _keep(self, event: Input.Submitted) -> None:
        event.stop()
        self._input.history.add(self._input.value)
        self.post_message(self.Done(closed=not self._input.value.strip()))

    @on(Click, ".hint")
    def _unfilter(self) -> None:
        self.action_leave()

    def action_leave(self) -> None:
        """No filter any more."""
        self._input.history.add(self._input.value)
        self._input.value = ""
        self.post_message(self.Wanted(None))
        self.post_message(self.Done(closed=True))
