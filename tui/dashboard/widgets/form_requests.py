"""What the request form asks for: messages that travel up from it, apart from it because it is made after the paint."""

from dataclasses import dataclass

from textual.message import Message

from tui.events import DeadLetterReceived


@dataclass(frozen=True, slots=True)
class Submission:
    """A request to be sent `times` times; `key` and `partition` None leave the choice to Kafka.

    It may be sent once in place of a dead letter, which it `corrects`.
    """

    x: str
    operation: str
    y: str | None
    times: int
    key: str | None
    partition: int | None
    corrects: DeadLetterReceived | None = None


class RequestSubmitted(Message):
    """A valid request is to be sent."""

    def __init__(self, submission: Submission) -> None:
        super().__init__()
        self.submission = submission


class LeaveRequested(Message):
    """The person is done with the form for now."""
