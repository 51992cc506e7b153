"""The form in which a person types a request; it checks, remembers, and posts what is to be sent."""

from collections.abc import Iterator
from functools import partial
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Input, Select, Static

from tui.dashboard.correction import Correction, correction
from tui.dashboard.formatting import clean
from tui.dashboard.glyphs import UNKNOWN, Glyphs
from tui.dashboard.keys import bindings
from tui.dashboard.needs import RunningSession
from tui.dashboard.widgets.field import Field
from tui.dashboard.widgets.field_rules import (
    MAX_KEY_CHARS,
    key_problem,
    operand_problem,
    partition_problem,
    times_problem,
)
from tui.dashboard.widgets.form_requests import LeaveRequested, RequestSubmitted, Submission
from tui.dashboard.widgets.form_words import ABOUT
from tui.dashboard.widgets.history_input import HistoryInput
from tui.dashboard.widgets.labelled import Labelled
from tui.dashboard.widgets.operation_select import OperationSelect
from tui.events import DeadLetterReceived
from tui.ledger.figures import Figures

_OWNER_CELLS = 16
_CORRECTED_CELLS = 74
_AUTO, _KEPT = "auto", "as it was"
_ROOM_FOR_SIGNS = 100
"""Characters an operand may have beyond the digit limit: sign, point, exponent, leading zeros."""


class RequestForm(Container):
    """Enter in any field sends, and the values stay: the one in the focused field is selected, to be typed over."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("leave")

    def __init__(self, session: RunningSession, glyphs: Glyphs) -> None:
        super().__init__(id="form")
        limits = session.operations.limits
        operand = partial(operand_problem, limits=limits)
        longest = limits.max_digits + _ROOM_FOR_SIGNS
        self._session = session
        self._figures: Figures | None = None
        self._glyphs = glyphs
        self._select = OperationSelect(session.operations, glyphs)
        self._select.tooltip = ABOUT["operation"]
        self._x = Field("x", "", operand, max_length=longest, number=True)
        self._y = Field("y", "", operand, max_length=longest, number=True)
        self._times = Field("times", "1", times_problem, max_length=12)
        self._key = Field("key", "", key_problem, max_length=MAX_KEY_CHARS, placeholder=_AUTO)
        self._partition = Field("partition", "", self._partition_problem, max_length=10, placeholder=_AUTO)
        self._correction: Correction | None = None
        self._longest = longest
        self._corrected = Static("", markup=False, id="corrected")
        self._said_below = Static("", markup=False, id="said-below")
        self._said_inside = Static("", markup=False, id="said-inside")
        self.border_title = "Request"

    def compose(self) -> ComposeResult:
        """The fields in the order in which Tab walks them."""
        with Container(id="form-rows"):
            yield self._x
            yield Labelled("operation", self._select)
            yield self._y
            yield self._times
            yield self._key
            yield self._partition
            yield self._said_inside
            words = "Send" if self._glyphs.ascii else "Send ⏎"
            yield Button(words, id="send", variant="primary", compact=True, tooltip=ABOUT["send"])
        yield self._corrected
        yield self._said_below

    def show(self, figures: Figures) -> None:
        """Learn how many partitions there are and who owns them."""
        self._figures = figures
        self._say_destination()

    def focus_first(self) -> None:
        """Begin with x."""
        self._x.input.focus()

    def recall(self, x: str, operation: str, y: str | None, key: str | None) -> None:
        """Fill in what was sent before; what is typed next replaces it."""
        self._select.recall(operation)
        for field, value in ((self._x, x), (self._y, y), (self._key, key)):
            field.input.value = value or ""
        self._x.input.select_all()

    def fields(self) -> Iterator[Field]:
        """The fields in order."""
        yield from (self._x, self._y, self._times, self._key, self._partition)

    def correct(self, letter: DeadLetterReceived) -> None:
        """Take up what can be read of a dead letter; what is sent next is sent once, in its place."""
        found = correction(letter, self._session.operations, self._longest, MAX_KEY_CHARS)
        self._take_up(found)
        for field, value in ((self._x, found.x), (self._y, found.y), (self._key, found.typed_key or "")):
            field.input.value = value
        self._times.input.value, self._partition.input.value = "1", ""
        if found.operation is not None:
            self._select.value = found.operation
        self.focus_first()

    def _take_up(self, found: Correction | None) -> None:
        self._correction = found
        words = "" if found is None else clean(found.words, _CORRECTED_CELLS, self._glyphs)
        self._times.disabled = found is not None
        kept = found is not None and found.typed_key is None
        self._key.input.placeholder = _KEPT if kept else _AUTO
        self._corrected.update(words, layout=False)
        self.border_title = Content(f"Request {words}".rstrip())
        self.set_class(found is not None, "-correcting")

    def submit(self) -> None:
        """Post the request if every visible field is right, else go to the first that is not."""
        wrong = [field for field in self.fields() if not field.verify()]
        self._say()
        if wrong:
            wrong[0].input.focus()
            return
        submission = self._submission()
        for field in self.fields():
            if field.used:
                field.input.history.add(field.value)
            if field.input.has_focus:
                field.input.select_all()
        self._take_up(None)
        self.post_message(RequestSubmitted(submission))

    def _submission(self) -> Submission:
        return Submission(
            x=self._x.value,
            operation=self._select.operation.name,
            y=self._y.value if self._y.used else None,
            times=int(self._times.value),
            key=self._key_to_send(),
            partition=int(self._partition.value) if self._partition.used and self._partition.value else None,
            corrects=self._correction.letter if self._correction is not None else None,
        )

    def _key_to_send(self) -> str | None:
        """What stands in the field, if a person can see it; a corrected letter keeps a key that no field can show."""
        found = self._correction
        if found is not None and (not self._key.used or (found.typed_key is None and not self._key.value)):
            return found.key
        return (self._key.value or None) if self._key.used else None

    def _partition_problem(self, text: str) -> str:
        return partition_problem(text, self._partitions)

    @property
    def _partitions(self) -> int | None:
        """How many there are; None while that is unknown."""
        return (len(self._figures.partitions) or None) if self._figures is not None else None

    @on(Input.Submitted)
    @on(OperationSelect.SendRequested)
    @on(Button.Pressed, "#send")
    def _send(self, event: Message) -> None:
        event.stop()
        self.submit()

    @on(Select.Changed)
    def _follow_operation(self, event: Message) -> None:
        """An operation of one operand leaves y out, without moving the other fields."""
        event.stop()
        unused = self._select.operation.arity == 1
        self._y.disabled = unused
        self._y.set_class(unused, "-unused")
        if unused:
            self._y.say("")
        self._say()

    @on(Input.Changed)
    @on(Input.Blurred)
    @on(HistoryInput.TooLong)
    def _follow_fields(self, event: Message) -> None:
        event.stop()
        self._say()

    def _say(self) -> None:
        """Say what is wrong with the field that has the focus, else with the first wrong one.

        Below the one line, under the field; with a row per field inside the form, if it does not fit beside the field.
        """
        wrong = [field for field in self.fields() if field.problem and field.used]
        wrong.sort(key=lambda field: not field.input.has_focus)
        words = f"{wrong[0].label}: {wrong[0].problem}" if wrong else ""
        self._said_below.update(words, layout=False)
        self.set_class(bool(wrong), "-wrong")
        if wrong:
            self._said_inside.update("" if wrong[0].says_all else wrong[0].problem, layout=False)
        else:
            self._say_destination()
        if wrong:
            room = self.size.width - cell_len(words) - 2
            under = wrong[0].input.region.x - self.region.x + 1
            self._said_below.styles.padding = (0, 0, 0, max(1, min(under, room)))

    def _say_destination(self) -> None:
        """With a row per field: which partition the request will go to, and who owns that now."""
        if self.has_class("-wrong") or not self._said_inside.display:
            return
        words = Content.assemble(("will go", "$secondary-text"), "     ", self._destination())
        if words != self._said_inside.content:
            self._said_inside.update(words, layout=False)

    def _destination(self) -> str:
        times, key, partition = self._times.value, self._key_to_send(), self._partition.value
        if self._figures is None or self._partitions is None:
            return UNKNOWN
        if times not in ("", "1") and key is None and not partition:
            return "to all partitions in turn"
        number = self._session.next_partition(key, int(partition) if partition else None, self._partitions)
        if number is None:
            return UNKNOWN
        owner = self._figures.partitions[number].owner
        known = UNKNOWN if owner is None else clean(owner, _OWNER_CELLS, self._glyphs) or "no worker"
        return f"p{number} ({known})"

    def on_resize(self) -> None:
        """The words follow their field, and may fit beside it now or no longer."""
        self.call_after_refresh(self._say)

    def action_leave(self) -> None:
        """Let the letters act again; a dead letter is given up."""
        self._take_up(None)
        self.post_message(LeaveRequested())
