"""What a person can want of a result: messages to whoever can do it."""

from textual.message import Message

from tui.events import ReceivedResult


class TraceRequested(Message):
    """Show the whole way of this result's request."""

    def __init__(self, received: ReceivedResult) -> None:
        super().__init__()
        self.received = received


class CopyRequested(Message):
    """Put `text`, which is harmless, into the clipboard."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
