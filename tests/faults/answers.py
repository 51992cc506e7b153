"""The results and dead-letter topics, held against the requests."""

from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import msgspec

from tests.faults.asked import NOBODY, Asked
from tests.faults.messages import Answer, Message
from tests.faults.stored import Stored
from tests.faults.verdict import Verdict

UNANSWERED = -1
PARTITION = "kcalc-dlq-partition"
OFFSET = "kcalc-dlq-offset"
TOPIC = "kcalc-dlq-topic"
SAID = {"kcalc-dlq-reason", "kcalc-dlq-timestamp", "kcalc-dlq-client-id", PARTITION, OFFSET, TOPIC}


class _Error(msgspec.Struct):
    code: str


class _Result(msgspec.Struct):
    """A result as README.md describes it, read by a decoder of its own."""

    id: str
    operator_1: str
    operator_2: str | None
    operation: str
    result: str | None
    error: _Error | None
    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class _Read:
    """An answer: which place it answers, and what is wrong with it."""

    partition: int
    offset: int
    wrong: Callable[[Message], bool]


_decode = msgspec.json.Decoder(_Result).decode


class Answers:
    """The answers in one topic: `first_at[partition][offset]` is where the first answer to a request stands."""

    def __init__(self, asked: Asked, requests_topic: str, verdict: Verdict) -> None:
        self.first_at = [array("q", [UNANSWERED]) * len(numbers) for numbers in asked.numbers]
        self._asked = asked
        self._topic = requests_topic
        self._verdict = verdict
        self._last_of_key: dict[tuple[int, bytes], int] = {}

    def read_results(self, records: Iterable[Stored]) -> None:
        """Each must be the right result of one request, once, and each key in the order of its requests."""
        for record in records:
            self._take(record, self._result(record))

    def read_dead_letters(self, records: Iterable[Stored]) -> None:
        """Each must be a message that is no request, byte for byte, once, with headers that say where it was."""
        for record in records:
            self._take(record, self._dead_letter(record))

    def _take(self, record: Stored, read: _Read | None) -> None:
        message = None if read is None else self._asked.at(read.partition, read.offset)
        if read is None or message is None:
            self._verdict.unaccounted.append(f"nobody asked for {record}")
            return
        name = f"request {message.number} (p{read.partition}/{read.offset})"
        if record.partition != read.partition or record.key != message.key or read.wrong(message):
            self._verdict.wrong.append(f"{name} was answered with {record}")
        first_at = self.first_at[read.partition]
        if first_at[read.offset] != UNANSWERED:
            self._verdict.doubled.append(f"{name} was answered at {first_at[read.offset]} and again with {record}")
            return
        first_at[read.offset] = record.offset
        if message.key is not None:
            place = read.partition, message.key
            if self._last_of_key.get(place, NOBODY) > read.offset:
                self._verdict.reordered.append(f"{name} was answered after a later one of its key, with {record}")
            self._last_of_key[place] = read.offset

    def _result(self, record: Stored) -> _Read | None:
        try:
            found = _decode(record.value or b"")
        except (msgspec.DecodeError, UnicodeDecodeError):
            return None
        said = found.id, (found.operator_1, found.operator_2, found.operation), found.result

        def wrong(message: Message) -> bool:
            must_id = message.id or f"{self._topic}/{found.partition}/{found.offset}"
            error = None if found.error is None else found.error.code
            return said != (must_id, message.fields, found.result) or Answer(found.result, error) != message.answer

        return _Read(found.partition, found.offset, wrong)

    def _dead_letter(self, record: Stored) -> _Read | None:
        # Of a header that comes twice the last is the worker's: the sender's own come first.
        said = dict(record.headers)
        try:
            partition, offset = int(said[PARTITION] or b""), int(said[OFFSET] or b"")
        except (KeyError, ValueError):
            return None

        def wrong(message: Message) -> bool:
            kept = record.value == message.value and record.headers[: len(message.headers)] == message.headers
            added = {name for name, value in record.headers[len(message.headers) :] if value}
            from_here = said.get(TOPIC) == self._topic.encode()
            return message.answer is not None or not kept or not from_here or not added >= SAID

        return _Read(partition, offset, wrong)
