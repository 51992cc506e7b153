"""From records to answers: built-in operations at once and in place, added ones in their own process and in order."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator
from functools import partial
from itertools import takewhile
from typing import Any

from tui.calc.messages import NoRequest, decode_request
from tui.clients.added_operations import AddedOperations
from tui.clients.aiokafka_types import Record
from tui.clients.answers import Answers
from tui.clients.operation_process import Answered
from tui.clients.slowness import Slowness
from tui.clients.turns import Turns

_SLOW_S = 0.2  # after this long the answers before it wait no longer for a slow operation, nor for many of them


class Computing:
    """Fills the answers of one lane, as slowly as `slowness` says.

    `stopping` is done when it is to take up nothing more. To be closed.
    """

    def __init__(
        self,
        added: AddedOperations,
        turns: Turns,
        slowness: Slowness,
        max_request_bytes: int,
        stopping: "asyncio.Future[None]",
    ) -> None:
        self._added = added
        self._turns = turns
        self._slowness = slowness
        self._max_bytes = max_request_bytes
        self._stopping = stopping
        self._running: AsyncGenerator[Answered, None] | None = None
        self._next: asyncio.Task[Answered] | None = None
        self._left = 0

    async def fill(self, records: deque[Record], answers: Answers) -> None:
        """Move records from the left of `records` into `answers`: all of them, or those before what takes long.

        Gives at least one answer unless it is stopping. Raises OperationsUnavailable.
        """
        began = time.monotonic()
        while records:
            late = answers.count > 0 and time.monotonic() - began >= _SLOW_S
            received_at: float | None = None
            if self._slowness.delay_s:
                if late:
                    return
                received_at = answers.calculator.clock()
                if not await self._slowness.wait(self._stopping):
                    return
            own = [*takewhile(self._built_in, records)] if self._added else [*records]
            if received_at is not None:
                own = own[:1]
            if own:
                await self._turns.each(own, partial(answers.add, received_at=received_at))
                for _ in own:
                    records.popleft()
            elif late or (answered := await self._answered(records, answers)) is None:
                return
            else:
                answers.add_answered(records.popleft(), answered)

    async def close(self) -> None:
        """Leave the operation that runs; its process ends."""
        task, self._next = self._next, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])
        running, self._running = self._running, None
        if running is not None:
            await running.aclose()

    def _built_in(self, record: Record) -> bool:
        try:
            return decode_request(record.value, self._max_bytes).operation not in self._added
        except NoRequest:
            return True

    async def _answered(self, records: deque[Record], answers: Answers) -> Answered | None:
        """The answer to the first of `records`; None if it is slow and others wait, or if the lane is stopping."""
        if self._next is None:
            if self._running is None:
                asked = [answers.asked(record) for record in takewhile(lambda each: not self._built_in(each), records)]
                self._running, self._left = self._added.answers(asked), len(asked)
            self._next = asyncio.create_task(_first(self._running), name="added operation")
        patience_s = _SLOW_S if answers.count else None
        either: list[asyncio.Future[Any]] = [self._next, self._stopping]
        await asyncio.wait(either, timeout=patience_s, return_when=asyncio.FIRST_COMPLETED)
        if not self._next.done():
            return None
        task, self._next = self._next, None
        self._left -= 1
        if not self._left:
            await self.close()
        return task.result()


async def _first(answers: AsyncGenerator[Answered, None]) -> Answered:
    return await anext(answers)
