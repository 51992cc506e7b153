"""The requests topic, held against what its sender was told."""

from array import array
from collections.abc import Iterable

from tests.faults.history import History, Outcome
from tests.faults.messages import NUMBER, Message
from tests.faults.stored import Stored
from tests.faults.verdict import Verdict

NOBODY = -1


class Asked:
    """Which request stands where: `numbers[partition][offset]`, NOBODY where none of this run does."""

    def __init__(self, history: History, verdict: Verdict) -> None:
        self.numbers = [array("q") for _ in range(history.partitions)]
        self._history = history
        self._verdict = verdict
        self._seen = bytearray(history.count)
        self._last_of_key: dict[bytes, int] = {}

    def read(self, records: Iterable[Stored]) -> None:
        """Everything acknowledged must be there: unchanged, at its place, once, and each key in order."""
        for record in records:
            message = self._message(record)
            numbers = self.numbers[record.partition]
            numbers.extend([NOBODY] * (record.offset + 1 - len(numbers)))
            if message is None:
                self._verdict.unaccounted.append(f"request at {record}")
                continue
            numbers[record.offset] = message.number
            self._compare(message, record)
            self._in_order(message, record)
        for number in range(self._history.count):
            if not self._seen[number] and self._history.outcome(number) is Outcome.ACKNOWLEDGED:
                self._verdict.lost.append(f"request {number} was acknowledged and is not stored")

    def at(self, partition: int, offset: int) -> Message | None:
        """The request at that place."""
        if not 0 <= partition < len(self.numbers) or not 0 <= offset < len(self.numbers[partition]):
            return None
        number = self.numbers[partition][offset]
        return None if number == NOBODY else self._history.message(number)

    def _message(self, record: Stored) -> Message | None:
        """The message that this record must be, by its header."""
        try:
            return self._history.message(int(record.headers[0][1] or b"")) if record.headers[0][0] == NUMBER else None
        except (IndexError, ValueError):
            return None

    def _compare(self, message: Message, record: Stored) -> None:
        name = f"request {message.number}"
        if self._seen[message.number]:
            self._verdict.doubled.append(f"{name} is stored twice, also at {record}")
        self._seen[message.number] = 1
        sent = message.partition, message.key, message.value, message.headers
        if sent != (record.partition, record.key, record.value, record.headers):
            self._verdict.wrong.append(f"{name} was changed: {record}")
        told = self._history.offset(message.number)
        if self._history.outcome(message.number) is Outcome.ACKNOWLEDGED and told != record.offset:
            self._verdict.wrong.append(f"{name} was acknowledged at offset {told} and is at {record}")

    def _in_order(self, message: Message, record: Stored) -> None:
        if message.key is None:
            return
        if self._last_of_key.get(message.key, NOBODY) > message.number:
            self._verdict.reordered.append(f"request {message.number} stands behind a later one of its key: {record}")
        self._last_of_key[message.key] = message.number
