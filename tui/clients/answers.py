"""The answers to one batch of requests: results and dead letters, filled into batches for their topics."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tui.calc.answer import answer
from tui.calc.messages import NoRequest, encode_result
from tui.calc.operations import Operations
from tui.clients import dead_letters
from tui.clients.aiokafka_types import BatchBuilder, Headers, Record
from tui.clients.operation_process import Answered, Asked
from tui.settings import TopicSettings


@dataclass(frozen=True, slots=True)
class Calculator:
    """What turns a record into an answer, the same for all lanes of a worker."""

    client_id: str
    topics: TopicSettings
    operations: Operations
    max_request_bytes: int
    clock: Callable[[], float]


@dataclass(slots=True)
class Answers:
    """The answers to `count` requests, all of a partition up to `next_offset`, each with the key of its request.

    `create_batch(size)` makes a batch whose first record has about that many bytes.
    """

    calculator: Calculator
    create_batch: Callable[[int], BatchBuilder]
    attempt_of: Callable[[int], int]
    count: int = 0
    next_offset: int = 0
    _open: dict[str, BatchBuilder] = field(default_factory=dict)
    _full: list[tuple[str, BatchBuilder]] = field(default_factory=list)

    def add(self, record: Record, received_at: float | None = None) -> None:
        """Compute the answer to one request message, taken up at that time (Unix seconds; None: now)."""
        calculator = self.calculator
        try:
            result = answer(
                record.value,
                calculator.operations,
                topic=record.topic,
                partition=record.partition,
                offset=record.offset,
                client_id=calculator.client_id,
                attempt=self.attempt_of(record.offset),
                received_at=calculator.clock() if received_at is None else received_at,
                sent_at=record.timestamp / 1_000,
                clock=calculator.clock,
                max_bytes=calculator.max_request_bytes,
            )
        except NoRequest as refused:
            self._refuse(record, refused)
        else:
            self._append(record, calculator.topics.results, encode_result(result), [])

    def add_answered(self, record: Record, answered: Answered) -> None:
        """Take an answer that was computed elsewhere."""
        if answered.result is None:
            self._refuse(record, NoRequest(answered.reason, answered.message))
        else:
            self._append(record, self.calculator.topics.results, answered.result, [])

    def asked(self, record: Record) -> Asked:
        """The question for whoever computes elsewhere."""
        return Asked(
            record.value,
            record.topic,
            record.partition,
            record.offset,
            self.calculator.client_id,
            self.attempt_of(record.offset),
            record.timestamp / 1_000,
        )

    def batches(self, topic: str) -> Iterable[BatchBuilder]:
        """What is to be stored in `topic`, in order. Nothing may be added afterwards."""
        return [builder for name, builder in [*self._full, *self._open.items()] if name == topic]

    def _refuse(self, record: Record, refused: NoRequest) -> None:
        headers = dead_letters.headers(record, refused, self.calculator.client_id)
        self._append(record, self.calculator.topics.dead_letters, record.value, headers)

    def _append(self, record: Record, topic: str, value: bytes | None, headers: Headers) -> None:
        builder = self._open.get(topic)
        if builder is None:
            builder = self._open[topic] = self.create_batch(len(record.key or b"") + len(value or b""))
        if builder.append(timestamp=None, key=record.key, value=value, headers=headers) is None:
            self._full.append((topic, self._open.pop(topic)))
            self._append(record, topic, value, headers)
            return
        self.count += 1
        self.next_offset = record.offset + 1
