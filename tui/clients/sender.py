"""Requests out: numbers them, hands their batches to a producer, and says what became of each."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence

from aiokafka.structs import RecordMetadata

from tui.clients.aiokafka_types import Headers, Producer
from tui.clients.backoff import Backoff
from tui.clients.connection import Connection, closed, started
from tui.clients.outbox import Batch, Command, Outbox
from tui.clients.permissions import missing
from tui.clients.refusals import SendRefused
from tui.clients.turns import Turns
from tui.events import Event, RequestsAcknowledged, RequestsSent, RequestsUnsent

log = logging.getLogger(__name__)

MAX_WAITING = 1_000_000
GIVE_UP_AFTER_S = 60.0
_CHUNK = 2_000  # requests filled in at a time, over all partitions
_MAX_IN_FLIGHT = 20_000
_LOOK_S = 0.5
_SETTLE_S = 5.0
_PRODUCER_STOP_S = 1.0


class Sender:
    """Owns one idempotent producer at a time; at most `MAX_WAITING` requests wait, and none goes before `may_send`.

    While the broker is away requests wait. If nothing is acknowledged for `give_up_after_s` seconds, all that wait
    are reported unsent; a result that comes later corrects that.
    """

    def __init__(
        self,
        connection: Connection,
        topic: str,
        sender: str,
        *,
        turns: Turns,
        emit: Callable[[Event], None],
        clock: Callable[[], float],
        give_up_after_s: float | None = None,
        may_send: asyncio.Event | None = None,
    ) -> None:
        self._connection = connection
        self._topic = topic
        self._turns = turns
        self._emit = emit
        self._clock = clock
        self._give_up_after_s = GIVE_UP_AFTER_S if give_up_after_s is None else give_up_after_s
        self._may_send = may_send
        self._outbox = Outbox(sender)
        self._in_flight: dict[asyncio.Future[RecordMetadata], Batch] = {}
        self._in_flight_count = 0
        self._issued = 0
        self._settled = 0
        self._progress_at = time.monotonic()
        self._work = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._failed = asyncio.Event()

    @property
    def waiting(self) -> int:
        """How many requests are queued or not yet acknowledged."""
        return self._issued - self._settled

    def send(
        self,
        x: str,
        operation: str,
        y: str | None,
        *,
        times: int,
        key: str | None,
        partition: int | None,
        headers: Headers | None = None,
    ) -> range:
        """Queue `times` requests and return their numbers. Raises SendRefused beyond `MAX_WAITING`."""
        numbers = self._numbers(times)
        self._queue(Command(numbers.start, numbers.stop, x, operation, y, _encoded(key), partition, headers or []))
        return numbers

    def send_verbatim(self, key: bytes | None, value: bytes | None, headers: Headers) -> int:
        """Queue one request as it is, without an id of ours, and return its number. Raises SendRefused as `send`."""
        number = self._numbers(1).start
        self._queue(Command(number, number + 1, "", "", None, key, None, headers, verbatim=True, value=value))
        return number

    def _numbers(self, times: int) -> range:
        if times < 1:
            raise SendRefused(f"{times} requests cannot be sent: the least is 1")
        if self.waiting + times > MAX_WAITING:
            raise SendRefused(
                f"{self.waiting:,} requests wait, and at most {MAX_WAITING:,} are kept: send fewer, or later"
            )
        if not self.waiting:
            self._progress_at = time.monotonic()
        numbers = range(self._issued, self._issued + times)
        self._issued = numbers.stop
        return numbers

    def _queue(self, command: Command) -> None:
        self._outbox.add(command)
        count = command.end - command.next
        at, chosen = self._clock(), command.partition
        self._emit(RequestsSent(command.next, count, at, by_position=command.verbatim, chosen=chosen))
        self._quiet.clear()
        self._work.set()

    def next_partition(self, key: str | None, partition: int | None, partitions: int) -> int:
        """The partition of the next request with this `key` or this `partition`, of that many partitions."""
        return self._outbox.next_partition(_encoded(key), partition, range(partitions))

    async def run(self) -> None:
        """Send until cancelled; a producer that failed is replaced."""
        backoff = Backoff()
        while True:
            pumping = asyncio.create_task(self._pump(backoff), name="sender")
            try:
                while not (await asyncio.wait([pumping], timeout=_LOOK_S))[0] and not self._stuck():
                    pass
            finally:
                pumping.cancel()
                await asyncio.wait([pumping])
            if not pumping.cancelled() and (error := pumping.exception()) is not None:
                log.warning("sender: %s", self._reason(error))
                if missing(error, writes=(self._topic,)):
                    self.abandon(self._reason(error))
            self._unsent(self._in_flight_numbers(), "the broker did not say whether it stored them")
            if self._stuck():
                self.abandon(f"no broker took them for {self._give_up_after_s:.0f} s")
            await asyncio.sleep(backoff.next_s())

    async def drained(self, within_s: float) -> bool:
        """Wait until every request is settled, at most `within_s` seconds; True if so."""
        try:
            async with asyncio.timeout(within_s):
                await self._quiet.wait()
        except TimeoutError:
            return False
        return True

    def abandon(self, why: str) -> None:
        """Report everything that waits as unsent."""
        self._unsent(self._in_flight_numbers(), why)
        self._unsent(self._outbox.drop(), why)

    async def _pump(self, backoff: Backoff) -> None:
        if self._may_send is not None:
            await self._may_send.wait()
        producer = self._connection.producer("kcalc-sender")
        self._failed.clear()
        try:
            await started(producer)
            backoff.reset()
            while not self._failed.is_set():
                await self._work.wait()
                self._work.clear()
                while self._outbox and not self._failed.is_set():
                    await self._send_some(producer)
            if self._in_flight:
                await asyncio.wait(self._in_flight, timeout=_SETTLE_S)
        finally:
            await closed(producer, _PRODUCER_STOP_S)
            self._work.set()

    async def _send_some(self, producer: Producer) -> None:
        partitions = sorted(await producer.partitions_for(self._topic))
        for command in self._outbox.without_partition(partitions):
            why = f"{self._topic} has no partition {command.partition}, only 0 to {partitions[-1]}"
            self._unsent([range(command.next, command.end)], why)
        if not self._outbox.ready:
            await self._outbox.fill(producer.create_batch, partitions, _CHUNK, self._turns)
        while self._outbox.ready and not self._failed.is_set():
            await self._room.wait()
            batch = self._outbox.ready[0]
            batch.builder.close()
            future = await producer.send_batch(batch.builder, self._topic, partition=batch.partition)
            self._outbox.ready.popleft()
            self._in_flight[future] = batch
            self._in_flight_count += len(batch.numbers)
            if self._in_flight_count >= _MAX_IN_FLIGHT:
                self._room.clear()
            future.add_done_callback(self._settle)

    def _settle(self, future: "asyncio.Future[RecordMetadata]") -> None:
        batch = self._in_flight.pop(future, None)
        error = None if future.cancelled() else future.exception()
        if batch is None or future.cancelled():
            return
        self._make_room(batch)
        if error is None:
            self._count(batch.numbers)
            self._progress_at = time.monotonic()
            stored = future.result()
            self._emit(RequestsAcknowledged(batch.numbers, stored.partition, stored.offset, self._clock()))
        else:
            self._unsent([batch.numbers], self._reason(error))
            self._failed.set()  # after one rejected batch its sequence numbers have a gap (aiokafka issue 1017)
            self._work.set()

    def _reason(self, error: BaseException) -> str:
        return self._connection.reason(error, writes=(self._topic,))

    def _in_flight_numbers(self) -> Iterator[Sequence[int]]:
        """Forget what is in flight; yields its numbers."""
        batches = [*self._in_flight.values()]
        self._in_flight.clear()
        for batch in batches:
            self._make_room(batch)
            yield batch.numbers

    def _make_room(self, batch: Batch) -> None:
        self._in_flight_count -= len(batch.numbers)
        if self._in_flight_count < _MAX_IN_FLIGHT:
            self._room.set()

    def _unsent(self, waiting: Iterable[Sequence[int]], why: str) -> None:
        for numbers in waiting:
            self._count(numbers)
            self._emit(RequestsUnsent(numbers, why, self._clock()))

    def _count(self, numbers: Sequence[int]) -> None:
        self._settled += len(numbers)
        if not self.waiting:
            self._quiet.set()

    def _stuck(self) -> bool:
        return self.waiting > 0 and time.monotonic() - self._progress_at > self._give_up_after_s


def _encoded(key: str | None) -> bytes | None:
    return None if key is None else key.encode(errors="surrogateescape")
