"""Connections that send mutated frames, and check what comes back on them."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tests.fuzz.frames import Frame, frame
from tests.fuzz.given import Heard
from tests.fuzz.stream import SIZE, Cut, Request, WrongAnswerError, check_answer, cut

BATCH_FRAMES = 8  # pipelined on one connection
PATIENCE_S = 0.15  # for what may be parked
DEADLINE_S = 30.0  # for everything else: an answer, or the end of the connection
LONGEST_ANSWER_BYTES = 64 << 20


@dataclass(slots=True)
class Tally:
    """What became of the frames."""

    handled: int = 0
    answers: int = 0
    closes: int = 0
    parked: int = 0
    cut_off: int = 0
    connections: int = 0
    answered_apis: set[int] = field(default_factory=set)
    codes: Counter[int] = field(default_factory=Counter)


class Attack:
    """The frames of a seed from `first` on, `count` of them, over several connections at once.

    `run` raises WrongAnswerError, with numbers of frames, as soon as one is answered wrongly or not at all.
    `latest` are the frames that were handled last, the newest at the end.
    """

    def __init__(self, seed: int, first: int, count: int, address: tuple[str, int], connections: int) -> None:
        self.tally = Tally()
        self.latest: deque[int] = deque(maxlen=BATCH_FRAMES * connections)
        self._seed = seed
        self._numbers: Iterator[int] = iter(range(first, first + count))
        self._address = address
        self._connections = connections
        self._heard = Heard()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for index in range(self._connections):
                group.create_task(self._send_all(), name=f"mutated frames {index}")

    async def _send_all(self) -> None:
        while numbers := list(itertools.islice(self._numbers, BATCH_FRAMES)):
            frames = [frame(self._seed, number) for number in numbers]
            while frames:
                frames = await self._on_one_connection(frames)

    async def _on_one_connection(self, frames: list[Frame]) -> list[Frame]:
        """Send frames until the broker closes the connection, or it cannot go on; returns those still to be sent."""
        async with asyncio.timeout(DEADLINE_S):
            reader, writer = await asyncio.open_connection(*self._address, limit=LONGEST_ANSWER_BYTES)
        self.tally.connections += 1
        try:
            filled = [replace(each, data=self._heard.filled_in(each.data)) for each in frames]
            sent = b"".join(each.data for each in filled)
            stream = cut(filled, sent)
            writer.write(sent)
            last = await self._answered(reader, stream)
        except WrongAnswerError as error:
            raise WrongAnswerError(f"{error} (frames {frames[0].number} to {frames[-1].number})") from error
        finally:
            writer.transport.abort()
        done = [each for each in frames if last is None or each.number <= last.number]
        self.tally.handled += len(done)
        self.latest.extend(each.number for each in done)
        return frames[len(done) :]

    async def _answered(self, reader: asyncio.StreamReader, stream: Cut) -> Frame | None:
        """Read all answers; returns the frame with which it ended, None if that was the last one."""
        waiting = deque(stream.requests)
        while waiting or stream.is_out_of_bounds:
            try:
                answer = await self._answer(reader, waiting)
            except asyncio.IncompleteReadError:
                return self._closed(waiting, stream)
            except ConnectionError:
                # Closed with bytes unread: TCP throws away answers that were on the way. Whose fault is that?
                spoilt = (request for request in waiting if not request.frame.is_valid)
                return self._closed(deque(spoilt) or waiting, stream)
            if answer is None:
                self.tally.parked += 1
                return waiting[0].frame
            request, response = check_answer(waiting, answer, self.tally.codes)
            self.tally.answers += 1
            self.tally.answered_apis.add(request.api_key)
            if response is not None:
                self._heard.note(request.api_key, request.data, response)
        if stream.rest is not None:
            self.tally.cut_off += 1
        return stream.rest

    async def _answer(self, reader: asyncio.StreamReader, waiting: deque[Request]) -> bytes | None:
        """The next answer, None if what is next is parked; WrongAnswerError if nothing comes and nothing should."""
        silent = waiting and all(request.may_be_silent for request in waiting)
        parks = silent or any(request.parks for request in waiting)
        waited_s = PATIENCE_S if parks else DEADLINE_S
        try:
            async with asyncio.timeout(waited_s):
                (size,) = SIZE.unpack(await reader.readexactly(SIZE.size))
        except TimeoutError:
            if not parks:
                raise WrongAnswerError(f"no answer within {DEADLINE_S:.0f} s") from None
            return None
        if not 4 <= size <= LONGEST_ANSWER_BYTES:
            raise WrongAnswerError(f"an answer of {size} bytes")
        try:
            async with asyncio.timeout(DEADLINE_S):
                return await reader.readexactly(size)
        except TimeoutError:
            raise WrongAnswerError(f"half an answer, then nothing for {DEADLINE_S:.0f} s") from None

    def _closed(self, waiting: deque[Request], stream: Cut) -> Frame | None:
        """Judge that the broker closed the connection; returns the frame for which it did, None if for the last."""
        self.tally.closes += 1
        if not waiting:
            return stream.rest
        head = waiting[0]
        if head.frame.is_valid and not head.may_be_silent and not stream.is_out_of_bounds:
            raise WrongAnswerError(f"the connection of a valid request was closed: frame {head.frame.number}")
        return head.frame
