"""The view "dead letters": what was no request, by reason; a letter can be looked at and sent again."""

from textual import on
from textual.app import ComposeResult

from tui.dashboard.formatting import clean_bytes
from tui.dashboard.glyphs import UNKNOWN
from tui.dashboard.screens.confirm import ConfirmScreen
from tui.dashboard.screens.letter import LetterScreen, LetterWish
from tui.dashboard.screens.view import View
from tui.dashboard.widgets.letter_lists import LetterList, ReasonList
from tui.dashboard.widgets.letter_requests import CorrectRequested, SendAgainRequested, TraceLetterRequested
from tui.dashboard.widgets.letter_rows import origin
from tui.events import DeadLetterReceived
from tui.ledger.figures import Figures

_KEY_CELLS = 30


class DeadLettersView(View):
    """The reasons above, the letters of the selected one below."""

    NAME = "dead_letters"

    _shown = -1
    _partitions = 0

    def body(self) -> ComposeResult:
        """Two lists."""
        yield ReasonList(glyphs=self.glyphs, id="body", key_names=self.key_names)
        yield LetterList(glyphs=self.glyphs, id="letters", key_names=self.key_names)

    def show_body(self, figures: Figures) -> None:
        """Show the letters; costs nothing while none comes."""
        self._partitions = len(figures.partitions)
        letters = self.session.dead_letters
        if letters.total == self._shown:
            return
        self._shown = letters.total
        self.query_one(LetterList).display = len(letters) > 0
        self.query_one(ReasonList).show(letters)
        self._show_letters()

    @on(ReasonList.Selected, "#body")
    def _show_letters(self) -> None:
        self.query_one(LetterList).show(self.query_one(ReasonList).selected)

    @on(ReasonList.Opened, "#body")
    def _to_letters(self) -> None:
        self.query_one(LetterList).focus()

    @on(LetterList.Opened, "#letters")
    def _open(self) -> None:
        if (letter := self._letter) is not None:
            screen = LetterScreen(
                letter, self.session.settings.topics.dead_letters, self._confirmation, self.key_names, self.glyphs
            )
            self.app.push_screen(screen, lambda wish: self._fulfil(letter, wish))

    @on(LetterList.SendAgainAsked)
    def _ask(self) -> None:
        if (letter := self._letter) is not None:
            answer = self._confirmation(letter)
            self.app.push_screen(answer, lambda yes: self._fulfil(letter, LetterWish.SEND_AGAIN if yes else None))

    @on(LetterList.CorrectAsked)
    def _correct(self) -> None:
        if (letter := self._letter) is not None:
            self._fulfil(letter, LetterWish.CORRECT)

    @on(LetterList.TraceAsked)
    def _trace(self) -> None:
        if (letter := self._letter) is not None:
            self.post_message(TraceLetterRequested(letter))

    @property
    def _letter(self) -> DeadLetterReceived | None:
        return self.query_one(LetterList).selected

    def _fulfil(self, letter: DeadLetterReceived, wish: LetterWish | None) -> None:
        if wish is LetterWish.SEND_AGAIN:
            self.post_message(SendAgainRequested(letter))
        elif wish is LetterWish.CORRECT:
            self.post_message(CorrectRequested(letter))

    def _confirmation(self, letter: DeadLetterReceived) -> ConfirmScreen:
        topic = self.session.settings.topics.requests
        words = (
            f"Key, value and headers of dead letter {origin(letter)} go to {topic} once more, byte for byte, with "
            "headers that say that they were sent again, from where, when and by whom.",
            self._destination(letter),
            "It is a new request with a new answer; the dead letter stays where it is. It was refused because "
            f"{letter.message or letter.reason}: unless the workers have changed, it will be again.",
        )
        title = f"Send {origin(letter)} again?"
        return ConfirmScreen(title, words, "Send again", self.key_names, self.glyphs)

    def _destination(self, letter: DeadLetterReceived) -> str:
        """Which partition it will go to, and why."""
        key = None if letter.key is None else letter.key.decode(errors="surrogateescape")
        number = self.session.next_partition(key, None, self._partitions) if self._partitions else None
        there = f"p{UNKNOWN if number is None else number}"
        if letter.key is None:
            return f"It has no key: it goes to the next partition in turn, now {there}."
        return f"Its key {clean_bytes(letter.key, _KEY_CELLS, self.glyphs)} decides where it goes: to {there}."
