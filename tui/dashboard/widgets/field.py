"""One labelled field of the request form: it checks what is typed and says beside itself what is wrong."""

import re
from collections.abc import Callable

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.widgets import Input, Static

from tui.dashboard.formatting import clean
from tui.dashboard.widgets.form_words import ABOUT
from tui.dashboard.widgets.history_input import HistoryInput
from tui.dashboard.widgets.labelled import Labelled

_UNFINISHED = re.compile(r"[+-]?(\.?|[0-9]*\.?[0-9]*[eE][+-]?)")
PROBLEM_CELLS = 100
_AROUND_WORDS = 2
"""Blanks beside what is wrong; what is not shown yet has no size that could be asked for."""


class Field(Labelled):
    """A label, a `HistoryInput` and the reason why its value cannot be sent ("" if it can).

    An empty field is no problem until it is sent, and in one for a `number` what may still become one (`-`, `1e`) is
    none until the field is left.
    """

    def __init__(
        self,
        name: str,
        value: str,
        check: Callable[[str], str],
        *,
        max_length: int,
        placeholder: str = "",
        number: bool = False,
    ) -> None:
        self._input = HistoryInput(value, max_length=max_length, placeholder=placeholder, id=name)
        self._input.tooltip = ABOUT.get(name)
        super().__init__(name, self._input)
        self._number = number
        self.check = check
        self.problem = ""
        self._said = Static("", markup=False, classes="said")

    def compose(self) -> ComposeResult:
        """Field and words."""
        yield self._input
        yield self._said

    @property
    def value(self) -> str:
        """What stands in the field, without the blanks around it."""
        return self._input.value.strip()

    @property
    def input(self) -> HistoryInput:
        """The field itself, to be focused."""
        return self._input

    @property
    def says_all(self) -> bool:
        """True if there is room beside the field for all that is wrong."""
        return cell_len(self.problem) <= self.region.right - self._input.region.right - _AROUND_WORDS

    @property
    def used(self) -> bool:
        """True if the field is to be filled in: only what a person can see is sent."""
        return bool(self.display) and not self.disabled

    @property
    def _unfinished(self) -> bool:
        return self._number and bool(_UNFINISHED.fullmatch(self.value))

    def verify(self) -> bool:
        """Check the value as it would be sent, and say what is wrong; True if nothing is."""
        self.say(self.check(self.value) if self.used else "")
        return not self.problem

    def say(self, problem: str) -> None:
        """Show why the value cannot be sent; "" if it can."""
        self.problem = clean(problem, PROBLEM_CELLS)
        self._said.update(self.problem, layout=False)
        self.set_class(bool(problem), "-wrong")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Check while typing."""
        self.say("" if not self.value or self._unfinished else self.check(self.value))

    def on_input_blurred(self, event: Input.Blurred) -> None:
        """What was left unfinished is wrong now; an empty field can wait for the sending."""
        if self.value and self.used:
            self.verify()

    def on_history_input_too_long(self, event: HistoryInput.TooLong) -> None:
        """The field took nothing over: say why."""
        found = f"{event.characters:,} characters" if event.characters > event.allowed + 1 else "too long"
        self.say(f"{found}: at most {event.allowed:,}")
