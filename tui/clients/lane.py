"""One partition's loop: read a batch, compute, produce, and say up to where it is safe to commit."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from aiokafka.errors import MessageSizeTooLargeError
from aiokafka.structs import RecordMetadata, TopicPartition

from tui.calc.messages import NoRequest, decode_request
from tui.clients.aiokafka_types import Consumer, Producer, Record
from tui.clients.answers import Answers, Calculator
from tui.clients.backoff import Backoff
from tui.clients.connection import BATCH_BYTES, Connection, closed, started
from tui.clients.reasons import reason
from tui.clients.tasks import spawn
from tui.clients.turns import Turns
from tui.events import BatchFinished, BatchStarted, Event, LaneFailed

log = logging.getLogger(__name__)

_IN_HAND = 4  # batches computed and not yet acknowledged
_POLL_MS = 1_000
_CANCEL_S = 1.0
_PRODUCER_STOP_S = 0.5
_LEAST_BATCH_BYTES = 1_024
_SHOWN_CHARS = 200


@dataclass(frozen=True, slots=True)
class LaneParts:
    """What the lanes of one worker have in common. `safe(partition, next_offset)` is called with every progress."""

    calculator: Calculator
    connection: Connection
    batch: int
    turns: Turns
    emit: Callable[[Event], None]
    safe: Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class _InHand:
    delivered: list["asyncio.Future[RecordMetadata]"]
    next_offset: int
    count: int
    started_at: float


class Lane:
    """Owns its partition from `start` to `stop`, and one producer. At-least-once: an offset is safe when everything
    before it is answered and the broker has acknowledged the answers.

    A lane that fails says so and starts again at its last safe offset, with backoff; it skips nothing.
    """

    def __init__(self, parts: LaneParts, consumer: Consumer, partition: TopicPartition, position: int) -> None:
        self._parts = parts
        self._clock = parts.calculator.clock
        self._consumer = consumer
        self._partition = partition
        self._safe = position
        self._reached = position
        self._redelivered_below = position
        self._attempt = 1
        self._batch_bytes = BATCH_BYTES
        self._producer: Producer | None = None
        self._running = asyncio.Event()
        self._running.set()
        self._stopping = asyncio.Event()
        self._waiting = False
        self._reading: asyncio.Task[None] | None = None
        self._task: asyncio.Task[None] | None = None
        self._backoff = Backoff(first_s=0.5)

    def start(self) -> None:
        """Begin to read, in a task of its own."""
        name = f"lane {self._parts.calculator.client_id} p{self._partition.partition}"
        self._task = spawn(self._supervise(), name)

    def pause(self) -> None:
        """Take no further batch; those in hand are finished."""
        self._running.clear()

    def resume(self) -> None:
        """Go on."""
        self._running.set()

    async def stop(self, within_s: float) -> None:
        """End within `within_s` seconds plus `_CANCEL_S`, with nothing in hand if the broker answers in time."""
        self._stopping.set()
        if self._reading is not None and self._waiting:
            self._reading.cancel()
        if self._task is None:
            return
        done, _ = await asyncio.wait([self._task], timeout=within_s)
        if not done:
            self._task.cancel()
            await asyncio.wait([self._task], timeout=_CANCEL_S)

    async def _supervise(self) -> None:
        try:
            while (error := await self._run()) is not None:
                await self._failed(error)
        finally:
            await self._drop_producer()

    async def _run(self) -> Exception | None:
        """Work until stopped or until something fails, which is returned."""
        in_hand: asyncio.Queue[_InHand | None] = asyncio.Queue()
        room = asyncio.Semaphore(_IN_HAND)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._confirm(in_hand, room), name="confirm")
                self._reading = group.create_task(self._read(in_hand, room), name="read")
        except ExceptionGroup as failed:
            return None if self._stopping.is_set() else failed.exceptions[0]
        return None

    async def _read(self, in_hand: "asyncio.Queue[_InHand | None]", room: asyncio.Semaphore) -> None:
        try:
            while not self._stopping.is_set():
                records = await self._next()
                if records:
                    await room.acquire()
                    await self._answer(records, in_hand)
        finally:
            in_hand.put_nowait(None)

    async def _next(self) -> list[Record]:
        self._waiting = True
        try:
            await self._running.wait()
            found = await self._consumer.getmany(self._partition, timeout_ms=_POLL_MS, max_records=self._parts.batch)
        finally:
            self._waiting = False
        return found.get(self._partition, [])

    async def _answer(self, records: list[Record], in_hand: "asyncio.Queue[_InHand | None]") -> None:
        parts, started_at = self._parts, self._clock()
        calculator, count, next_offset = parts.calculator, len(records), records[-1].offset + 1
        text = _written(records[0], calculator)
        parts.emit(BatchStarted(calculator.client_id, self._partition.partition, count, text, started_at))
        self._reached = max(self._reached, next_offset)
        answers = Answers(calculator, await self._started_producer(), self._attempt_of)
        await parts.turns.each(records, answers.add)
        delivered = await answers.send(self._partition.partition)
        in_hand.put_nowait(_InHand(delivered, next_offset, count, started_at))

    def _attempt_of(self, offset: int) -> int:
        return self._attempt if offset < self._redelivered_below else 1

    async def _confirm(self, in_hand: "asyncio.Queue[_InHand | None]", room: asyncio.Semaphore) -> None:
        while (batch := await in_hand.get()) is not None:
            for future in batch.delivered:
                await future
            room.release()
            self._safe = batch.next_offset
            self._parts.safe(self._partition.partition, self._safe)
            self._backoff.reset()
            now = self._clock()
            took_s = now - batch.started_at
            client_id, partition = self._parts.calculator.client_id, self._partition.partition
            self._parts.emit(BatchFinished(client_id, partition, batch.count, took_s, now))

    async def _failed(self, error: Exception) -> None:
        """Say so, wait, and go back to the last safe offset."""
        if isinstance(error, MessageSizeTooLargeError):
            self._batch_bytes = max(_LEAST_BATCH_BYTES, self._batch_bytes // 2)
        await self._drop_producer()
        wait_s = self._backoff.next_s()
        client_id, partition = self._parts.calculator.client_id, self._partition.partition
        log.warning("%s p%d stopped at offset %d: %r", client_id, partition, self._safe, error)
        self._parts.emit(LaneFailed(client_id, partition, reason(error), wait_s, self._clock()))
        self._attempt = self._attempt + 1 if self._safe < self._redelivered_below else 2
        self._redelivered_below = self._reached
        with suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                await self._stopping.wait()
        if self._partition in self._consumer.assignment():
            self._consumer.seek(self._partition, self._safe)

    async def _started_producer(self) -> Producer:
        if self._producer is None:
            client_id = self._parts.calculator.client_id
            self._producer = self._parts.connection.producer(client_id, self._batch_bytes)
            await started(self._producer)
        return self._producer

    async def _drop_producer(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await closed(producer, _PRODUCER_STOP_S)


def _written(record: Record, calculator: Calculator) -> str:
    """The request as a person writes it, cut to what a line can show; "" if it is no request."""
    try:
        request = decode_request(record.value, calculator.max_request_bytes)
    except NoRequest:
        return ""
    operation = calculator.operations.get(request.operation)
    x, y = request.operator_1[:_SHOWN_CHARS], (request.operator_2 or "")[:_SHOWN_CHARS] or None
    return operation.describe(x, y)[:_SHOWN_CHARS] if operation else f"{request.operation}({x}, {y})"[:_SHOWN_CHARS]
