"""The history of a run: what its sender was told of every request."""

from array import array
from enum import IntEnum

from tests.faults.messages import Message, message

NOWHERE = -1


class Outcome(IntEnum):
    """What the sender knows: UNKNOWN is a request that was handed over and never acknowledged."""

    UNSENT = 0
    ACKNOWLEDGED = 1
    UNKNOWN = 2


class History:
    """`count` requests of the run named `run`; 9 bytes each, so that a million of them fit."""

    def __init__(self, run: str, count: int, partitions: int) -> None:
        self.run = run
        self.count = count
        self.partitions = partitions
        self._outcomes = bytearray(count)
        self._offsets = array("q", [NOWHERE]) * count

    def message(self, number: int) -> Message:
        """The request of that number; ValueError if there is none."""
        if not 0 <= number < self.count:
            raise ValueError(f"the run has no request {number}")
        return message(self.run, number, self.partitions)

    def handed_over(self, number: int) -> None:
        """The sender's client has it: from now on it may be stored."""
        self._outcomes[number] = Outcome.UNKNOWN

    def acknowledged(self, number: int, offset: int) -> None:
        """The broker said that it is stored at that offset of its partition."""
        self._outcomes[number] = Outcome.ACKNOWLEDGED
        self._offsets[number] = offset

    def outcome(self, number: int) -> Outcome:
        """What the sender knows of it."""
        return Outcome(self._outcomes[number])

    def offset(self, number: int) -> int:
        """Where it was said to be stored, NOWHERE if it was not said."""
        return self._offsets[number]

    def total(self, outcome: Outcome) -> int:
        """How many requests have that outcome."""
        return self._outcomes.count(outcome)
