"""Added operations run in processes of their own: what hangs or crashes there is ended, tried again, and refused."""

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE
from collections import deque
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field

import psutil
import pytest

from tests.clients.stored import Stored
from tui.calc.messages import Request, Result, decode_result, encode_request
from tui.calc.operations import Operations
from tui.clients.added_operations import AddedOperations, OperationsUnavailable
from tui.clients.aiokafka_types import BatchBuilder, Headers, Record
from tui.clients.answers import Answers, Calculator
from tui.clients.computing import Computing
from tui.clients.operation_process import Asked, Setup, framed
from tui.clients.slowness import Slowness
from tui.clients.turns import Turns
from tui.settings import Settings, TopicSettings, WorkerSettings

HERE = "tests.clients.operations"
ADDED = {
    name: f"{HERE}:{name}" for name in ("hang", "crash", "leave", "wait_s", "twice", "process_id", "hang_at_first")
}
ADDED["renamed"] = "diff"


def processes() -> list[psutil.Process]:
    """Those that compute added operations for this test; another test's broker may be a child of ours, too."""
    return [child for child in psutil.Process().children() if "operation_process" in " ".join(child.cmdline())]


@asynccontextmanager
async def added(timeout_s: float = 5.0, attempts: int = 2) -> AsyncIterator[AddedOperations]:
    """The operations above, and no process left at the end."""
    settings = Settings(workers=WorkerSettings(operation_timeout_s=timeout_s, attempts=attempts), operations=ADDED)
    operations = AddedOperations(settings, Operations.standard().with_added(ADDED))
    try:
        yield operations
    finally:
        await operations.close()
        assert processes() == []


def asked(operation: str, x: object = 1, offset: int = 0) -> Asked:
    return Asked(request(operation, x), "requests", 3, offset, "client-0", 1, 12.5)


def request(operation: str, x: object = 1) -> bytes:
    return encode_request(Request(str(x), "1", operation))


async def answered(operations: AddedOperations, *questions: Asked) -> list[Result]:
    async with aclosing(operations.answers(questions)) as answers:
        return [decode_result(answer.result) async for answer in answers]


async def test_an_added_operation_is_computed_in_another_process_and_what_it_prints_is_lost() -> None:
    async with added() as operations:
        first, second, where = await answered(
            operations, asked("twice", 21), asked("twice", "0.5"), asked("process_id")
        )
        assert (first.result, second.result) == ("42", "1")
        assert (first.id, first.partition, first.client_id) == ("requests/3/0", 3, "client-0")
        assert (first.attempt, first.sent_at) == (1, 12.5)
        assert where.result not in {None, str(os.getpid())}


async def test_its_process_is_kept_for_the_next_batch() -> None:
    async with added() as operations:
        (first,) = await answered(operations, asked("process_id"))
        (second,) = await answered(operations, asked("process_id"))
        assert first.result == second.result


async def test_only_functions_are_added_operations_and_no_other_names() -> None:
    async with added() as operations:
        assert "hang" in operations
        assert "renamed" not in operations
        assert "sum" not in operations
    assert not AddedOperations(Settings(operations={"renamed": "diff"}), Operations.standard())


async def test_an_operation_that_hangs_is_tried_again_and_then_refused_and_the_next_one_is_answered() -> None:
    async with added(timeout_s=0.3) as operations:
        began = time.monotonic()
        hung, after = await answered(operations, asked("hang"), asked("twice", 2))
        assert 0.6 <= time.monotonic() - began < 10
        assert hung.error is not None
        assert (hung.error.code, hung.error.message) == ("operation_timeout", "no result within 0.3 s, tried 2 times")
        assert hung.attempt == 2
        assert (after.result, after.attempt) == ("4", 1)


async def test_an_operation_that_hangs_once_has_a_result_of_its_second_attempt() -> None:
    async with added(timeout_s=0.5) as operations:
        (found,) = await answered(operations, asked("hang_at_first", 5))
        assert (found.result, found.attempt) == ("5", 2)


@pytest.mark.parametrize("operation", ["crash", "leave"])
async def test_an_operation_that_ends_its_process_is_refused_too(operation: str) -> None:
    async with added(attempts=3) as operations:
        before, ended, after = await answered(operations, asked("twice"), asked(operation), asked("twice"))
        assert ended.error is not None
        assert (ended.error.code, ended.error.message) == ("operation_failed", "its process ended, tried 3 times")
        assert (before.result, after.result) == ("2", "2")


async def test_what_is_no_number_is_a_dead_letter() -> None:
    async with added() as operations, aclosing(operations.answers([asked("twice", "x")])) as answers:
        (found,) = [answer async for answer in answers]
        assert (found.result, found.reason) == (None, "operand_not_a_number")


async def test_a_batch_larger_than_what_is_written_ahead_is_answered_in_order() -> None:
    async with added() as operations:
        results = await answered(operations, *(asked("twice", x, offset=x) for x in range(100)))
        assert [(result.offset, result.result) for result in results] == [(x, str(2 * x)) for x in range(100)]


async def test_who_turns_away_from_a_running_operation_leaves_no_process_behind() -> None:
    async with added() as operations:
        answers = operations.answers([asked("twice"), asked("hang")])
        await anext(answers)
        await answers.aclose()
        assert processes() == []


async def test_a_function_that_cannot_be_imported_there_is_said() -> None:
    settings = Settings(operations={"gone": "no.such.module:f"})
    operations = AddedOperations(settings, Operations.standard())
    with pytest.raises(OperationsUnavailable, match="did not start: its process ended"):
        await answered(operations, asked("gone"))


async def test_a_process_whose_worker_was_killed_ends_by_itself_even_in_an_operation_that_hangs() -> None:
    setup = Setup(ADDED, max_digits=100, division_digits=10, max_request_bytes=1_000, alarm_s=0.3)
    code = "from tui.clients.operation_process import main; main()"
    orphan = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdin=PIPE, stdout=PIPE)
    await orphan.communicate(framed(setup) + framed(asked("hang")))
    assert orphan.returncode == -signal.SIGALRM


@dataclass
class Builder:
    """A batch that is always large enough."""

    values: list[bytes | None] = field(default_factory=list)

    def append(
        self, *, timestamp: int | None, key: bytes | None, value: bytes | None, headers: Headers | None = None
    ) -> object | None:
        self.values.append(value)
        return self

    def close(self) -> None: ...

    def record_count(self) -> int:
        return len(self.values)


def answers_into(builder: BatchBuilder) -> Answers:
    operations = Operations.standard().with_added(ADDED)
    calculator = Calculator("client-0", TopicSettings(), operations, 65_536, time.time)
    return Answers(calculator, lambda _: builder, lambda _: 1)


def records(*operations: tuple[str, int]) -> deque[Record]:
    return deque(Stored(request(name, x), offset=offset) for offset, (name, x) in enumerate(operations))


@asynccontextmanager
async def computing(timeout_s: float = 5.0) -> AsyncIterator[tuple[Computing, "asyncio.Future[None]"]]:
    stopping: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    async with added(timeout_s) as operations:
        found = Computing(operations, Turns(), Slowness(), 65_536, stopping)
        try:
            yield found, stopping
        finally:
            await found.close()


async def test_built_in_and_added_operations_are_answered_in_the_order_of_their_requests() -> None:
    async with computing() as (lane, _):
        left = records(("sum", 1), ("twice", 2), ("twice", 3), ("sum", 4), ("twice", 5), ("renamed", 6))
        builder = Builder()
        answers = answers_into(builder)
        while left:  # the process may take a moment to start
            await lane.fill(left, answers)
        assert [decode_result(value).result for value in builder.values] == ["2", "4", "6", "5", "10", "5"]
        assert (answers.count, answers.next_offset, len(left)) == (6, 6, 0)


async def test_answers_wait_for_no_slow_operation_behind_them() -> None:
    async with computing(timeout_s=0.8) as (lane, _):
        left = records(("twice", 1), ("hang", 2), ("sum", 3))
        first, second = answers_into(Builder()), answers_into(Builder())
        await lane.fill(left, first)
        assert (first.count, first.next_offset, len(left)) == (1, 1, 2)
        await lane.fill(left, second)
        assert (second.count, second.next_offset, len(left)) == (2, 3, 0)


async def test_answers_wait_for_no_long_row_of_operations_each_of_which_is_quick() -> None:
    """A batch may be 500 of them: whoever asked first would wait for all, and the worker would look idle meanwhile."""
    async with computing() as (lane, _):
        left = records(*[("wait_s", 10)] * 8)
        batches = []
        while left:
            batches.append(answers_into(Builder()))
            await lane.fill(left, batches[-1])
        assert len(batches) > 2
        assert sum(answers.count for answers in batches) == 8
        assert batches[-1].next_offset == 8


async def test_a_lane_that_stops_leaves_the_operation_in_hand() -> None:
    async with computing() as (lane, stopping):
        left = records(("twice", 1), ("hang", 2))
        answers = answers_into(Builder())
        await lane.fill(left, answers)
        asyncio.get_running_loop().call_later(0.1, stopping.set_result, None)
        await asyncio.wait_for(lane.fill(left, answers_into(Builder())), 2.0)
        assert (answers.count, len(left)) == (1, 1)
