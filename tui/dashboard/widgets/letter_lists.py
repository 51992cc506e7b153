"""The two lists of the dead letters: the reasons, and the letters that were refused for one of them."""

from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message

from tui.dashboard import keys
from tui.dashboard.formatting import clean, count
from tui.dashboard.widgets.columns import Fitted
from tui.dashboard.widgets.drawing import Line
from tui.dashboard.widgets.letter_rows import group_columns, group_row, letter_columns, letter_row
from tui.dashboard.widgets.pick_list import PickList
from tui.events import DeadLetterReceived
from tui.ledger.dead_letters import DeadLetters, ReasonGroup

NO_LETTER = "none: what cannot be read comes here"
_REASON_CELLS = 40


class ReasonList(PickList[ReasonGroup]):
    """The reasons, that of the newest letter first. As high as it needs to be, up to a part of the screen."""

    ABOUT: ClassVar[str] = "Why requests were refused, and how many for each reason"
    DEFAULT_CSS = """
    ReasonList { height: auto; max-height: 40%; }
    """

    def show(self, letters: DeadLetters) -> None:
        """Show what is kept now; what had to make room is counted."""
        self.empty = NO_LETTER
        self.show_rows(letters.groups())
        dropped: Line = ()
        if letters.dropped:
            dropped = ((f"{count(letters.dropped)} older dropped", "warning"),)
        self.head((("Dead letters", "title"),), dropped)
        self.foot((), ((f"{count(len(letters))} kept", "muted"),))

    def columns(self, cells: int) -> Fitted:
        """Reason, count, time."""
        return group_columns(cells)

    def row(self, row: ReasonGroup, columns: Fitted) -> Line:
        """One reason."""
        return group_row(row, columns, self.glyphs)

    def same(self, one: ReasonGroup, other: ReasonGroup) -> bool:
        """The reason is what stays."""
        return one.reason == other.reason


class LetterList(PickList[DeadLetterReceived]):
    """The letters of one reason, the newest first. Keys ask to send the selected one again, and for its way."""

    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("send_again", "correct", "trace")
    ABOUT: ClassVar[str] = "The requests that were refused for the reason selected above, the newest first"
    DEFAULT_CSS = """
    LetterList { height: 1fr; }
    """

    class SendAgainAsked(Message):
        """The selected letter is to be sent again as it was."""

    class CorrectAsked(Message):
        """The selected letter is to be corrected and sent."""

    class TraceAsked(Message):
        """The way of the selected letter's request is to be shown."""

    _reason = ""

    def show(self, group: ReasonGroup | None) -> None:
        """Show the letters of this reason; a letter stays selected while it is there."""
        reason, self._reason = self._reason, group.reason if group is not None else ""
        self.show_rows(group.letters if group is not None else (), anew=reason != self._reason)
        self.head(((clean(self._reason, _REASON_CELLS, self.glyphs), "title"),))
        self.foot((), ((count(len(self.rows)), "muted"),))

    def columns(self, cells: int) -> Fitted:
        """Place, time, client, key, value."""
        return letter_columns(cells, self.rows, self.glyphs)

    def row(self, row: DeadLetterReceived, columns: Fitted) -> Line:
        """One letter."""
        return letter_row(row, columns, self.glyphs)

    def action_send_again(self) -> None:
        """Ask to send the selected letter as it was."""
        if self.rows:
            self.post_message(self.SendAgainAsked())

    def action_correct(self) -> None:
        """Ask to correct the selected letter."""
        if self.rows:
            self.post_message(self.CorrectAsked())

    def action_trace_letter(self) -> None:
        """Ask for the way of the selected letter's request."""
        if self.rows:
            self.post_message(self.TraceAsked())
