"""One partition's loop: read a batch, compute, and hand the answers over until they are there for good."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from aiokafka.structs import TopicPartition

from tui.calc.messages import NoRequest, decode_request
from tui.clients.added_operations import AddedOperations
from tui.clients.aiokafka_types import Consumer, Record
from tui.clients.answers import Answers, Calculator
from tui.clients.backoff import Backoff
from tui.clients.computing import Computing
from tui.clients.delivery import Delivery, Fenced
from tui.clients.in_hand import Batch, InHand
from tui.clients.pulse import Pulse
from tui.clients.slowness import Slowness
from tui.clients.tasks import spawn
from tui.clients.turns import Turns
from tui.events import (
    BatchFinished,
    BatchStarted,
    Event,
    LaneFailed,
)
from tui.worker_details import LaneDetails

log = logging.getLogger(__name__)

_POLL_MS = 1_000
_GRACE = 0.5  # of the time to stop, before the lane is cut off
_CLOSE_S = 0.4
_SHOWN_CHARS = 200


@dataclass(frozen=True, slots=True)
class LaneParts:
    """What the lanes of one worker have in common. `pulse` learns when they ask for records.

    After `fenced_wait_s` a worker that has lost its partition knows it, and its lane is no more.
    """

    calculator: Calculator
    added: AddedOperations
    batch: int
    turns: Turns
    emit: Callable[[Event], None]
    fenced_wait_s: float
    slowness: Slowness
    pulse: Pulse


class Lane:
    """Owns its partition from `start` to `stop`, and one `delivery`.

    A lane that fails says so and starts again at the last offset that is answered for good, with backoff; it skips
    nothing.
    """

    def __init__(
        self, parts: LaneParts, consumer: Consumer, partition: TopicPartition, position: int, delivery: Delivery
    ) -> None:
        self._parts = parts
        self._clock = parts.calculator.clock
        self._consumer = consumer
        self._partition = partition
        self._delivery = delivery
        self._safe = position
        self._reached = position
        self._redelivered_below = position
        self._attempt = 1
        self._running = asyncio.Event()
        self._running.set()
        loop = asyncio.get_running_loop()
        self._stopping: asyncio.Future[None] = loop.create_future()
        self._opened: asyncio.Future[None] = loop.create_future()
        self._holds_nothing = True
        self._reading: asyncio.Task[None] | None = None
        self._task: asyncio.Task[None] | None = None
        self._backoff = Backoff(first_s=0.5, cap_s=5.0)
        self._in_hand: tuple[str, float] | None = None
        self._trouble = ""

    def start(self) -> None:
        """Begin to work, in a task of its own."""
        name = f"lane {self._parts.calculator.client_id} p{self._partition.partition}"
        self._task = spawn(self._supervise(), name)

    async def opened(self) -> int:
        """Wait for the first try to begin; the offset from which it does, or will if it failed."""
        await asyncio.shield(self._opened)
        return self._safe

    def pause(self) -> None:
        """Take no further batch; those in hand are finished."""
        self._running.clear()

    def resume(self) -> None:
        """Go on."""
        self._running.set()

    async def stop(self, within_s: float) -> None:
        """End in about `within_s` seconds, with nothing in hand if the broker answers in time."""
        if not self._stopping.done():
            self._stopping.set_result(None)
        if self._task is None:
            return
        if self._reading is None:
            self._task.cancel()
        elif self._holds_nothing:
            self._reading.cancel()
        done, _ = await asyncio.wait([self._task], timeout=within_s * _GRACE)
        if not done:
            self._task.cancel()
            await asyncio.wait([self._task], timeout=within_s * (1 - _GRACE))

    def sever(self) -> None:
        """End at once, with whatever is in hand, as if the process had been killed; `stop` then waits for the end."""
        if not self._stopping.done():
            self._stopping.set_result(None)
        self._delivery.sever()
        if self._task is not None:
            self._task.cancel()

    def details(self) -> LaneDetails:
        """How it stands now."""
        request, since = self._in_hand or ("", None)
        took_s = None if since is None else max(0.0, self._clock() - since)
        return LaneDetails(self._partition.partition, self._reached, self._safe, request, took_s, self._trouble)

    async def _supervise(self) -> None:
        try:
            while (error := await self._run()) is not None and not self._stopping.done():
                await self._failed(error)
        finally:
            await self._delivery.close(_CLOSE_S)

    async def _run(self) -> Exception | None:
        """Work until stopped or until something fails, which is returned."""
        in_hand = InHand(self._delivery.worthwhile)
        try:
            await self._open()
            async with asyncio.TaskGroup() as group:
                group.create_task(self._deliver(in_hand), name="deliver")
                self._reading = group.create_task(self._read(in_hand), name="read")
        except ExceptionGroup as failed:
            return failed.exceptions[0]
        except Exception as failed:  # whatever it is, it must not end the lane
            return failed
        finally:
            self._reading = None
        return None

    async def _open(self) -> None:
        try:
            self._safe = await self._delivery.open(self._safe)
        finally:
            if not self._opened.done():
                self._opened.set_result(None)
        if self._partition in self._consumer.assignment():
            self._consumer.seek(self._partition, self._safe)

    async def _read(self, in_hand: InHand) -> None:
        parts = self._parts
        most = parts.calculator.max_request_bytes
        computing = Computing(parts.added, parts.turns, parts.slowness, most, self._stopping)
        try:
            while not self._stopping.done():
                records = await self._next(in_hand)
                while records and not self._stopping.done():
                    await in_hand.room()
                    in_hand.put(await self._answered(records, computing))
                    if records:
                        in_hand.nothing_follows()  # for a while: the next is a slow operation
        finally:
            await computing.close()
            in_hand.close()

    async def _next(self, in_hand: InHand) -> deque[Record]:
        self._holds_nothing = True
        try:
            if not (found := await self._fetched(timeout_ms=0)):
                in_hand.nothing_follows()
                await self._running.wait()
                found = await self._fetched(timeout_ms=_POLL_MS)
        finally:
            self._holds_nothing = False
        return found

    async def _fetched(self, timeout_ms: int) -> deque[Record]:
        if not self._running.is_set():
            return deque()
        tp, most = self._partition, self._parts.batch
        self._parts.pulse.polled()
        return deque((await self._consumer.getmany(tp, timeout_ms=timeout_ms, max_records=most)).get(tp, ()))

    async def _answered(self, records: deque[Record], computing: Computing) -> Batch:
        """The answers to the first of `records`, which are taken away."""
        parts, started_at = self._parts, self._clock()
        calculator, partition = parts.calculator, self._partition.partition
        text = _written(records[0], calculator)
        parts.emit(BatchStarted(calculator.client_id, partition, len(records), text, started_at))
        self._in_hand, self._trouble = (text, started_at), ""
        self._reached = max(self._reached, records[-1].offset + 1)
        answers = Answers(calculator, self._delivery.create_batch, self._attempt_of)
        await computing.fill(records, answers)
        return Batch(answers, started_at)

    def _attempt_of(self, offset: int) -> int:
        return self._attempt if offset < self._redelivered_below else 1

    async def _deliver(self, in_hand: InHand) -> None:
        while group := await in_hand.take():
            answers = [each.answers for each in group if each.answers.count]
            if answers:
                await self._delivery.deliver(answers)
                self._safe = answers[-1].next_offset
                self._backoff.reset()
            now = self._clock()
            client_id, partition = self._parts.calculator.client_id, self._partition.partition
            in_hand.delivered(group)
            if self._safe >= self._reached:
                self._in_hand = None
            for each in group:
                took_s = now - each.started_at
                self._parts.emit(BatchFinished(client_id, partition, each.answers.count, took_s, now))

    async def _failed(self, error: Exception) -> None:
        """Say so and wait. Then the delivery is opened anew, and says where to go on."""
        await self._delivery.close(_CLOSE_S)
        wait_s = self._backoff.next_s()
        if isinstance(error, Fenced):
            wait_s = max(wait_s, self._parts.fenced_wait_s)
        client_id, partition = self._parts.calculator.client_id, self._partition.partition
        log.warning("%s p%d stopped at offset %d: %r", client_id, partition, self._safe, error)
        self._in_hand, self._trouble = None, self._delivery.reason(error)
        self._parts.emit(LaneFailed(client_id, partition, self._trouble, wait_s, self._clock()))
        self._attempt = self._attempt + 1 if self._safe < self._redelivered_below else 2
        self._redelivered_below = self._reached
        await asyncio.wait([self._stopping], timeout=wait_s)


def _written(record: Record, calculator: Calculator) -> str:
    """The request as a person writes it, cut to what a line can show; "" if it is no request."""
    try:
        request = decode_request(record.value, calculator.max_request_bytes)
    except NoRequest:
        return ""
    operation = calculator.operations.get(request.operation)
    x, y = request.operator_1[:_SHOWN_CHARS], (request.operator_2 or "")[:_SHOWN_CHARS] or None
    return operation.describe(x, y)[:_SHOWN_CHARS] if operation else f"{request.operation}({x}, {y})"[:_SHOWN_CHARS]
