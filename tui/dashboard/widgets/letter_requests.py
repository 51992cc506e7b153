"""What a person may want of a dead letter: messages that travel up to whoever holds the session."""

from textual.message import Message

from tui.events import DeadLetterReceived


class LetterRequested(Message):
    """A wish that concerns one dead letter."""

    def __init__(self, letter: DeadLetterReceived) -> None:
        super().__init__()
        self.letter = letter


class SendAgainRequested(LetterRequested):
    """It should be sent again as it was; the person has confirmed that."""


class CorrectRequested(LetterRequested):
    """It should be put into the form."""


class TraceLetterRequested(LetterRequested):
    """The whole way of its request should be shown."""
