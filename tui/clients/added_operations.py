"""Operations that config.yml adds, each in a process beside ours: one that hangs or crashes costs no more than that."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace

import msgspec
from msgspec.structs import replace as changed

from tui.calc.bounds import Bounds
from tui.calc.numbers import CalcError, Number
from tui.calc.operations import Operations
from tui.clients.operation_process import HEAD_BYTES, Answered, Asked, Setup, answered, framed
from tui.settings import Settings

_START_S = 30.0  # its imports may take long
_END_S = 1.0
_OUTSTANDING = 16  # requests written ahead to a process; more would only wait in its pipe
# Its imports must find what ours found, and nothing in the current folder that ours did not.
_RUN = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from tui.clients.operation_process import main; main()"


class OperationsUnavailable(Exception):
    """No process for added operations could be started; the message says why."""


class _Failed(Exception):
    """The operation in hand gave no answer; its process is of no use any more."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(slots=True)
class _Child:
    process: Process

    @classmethod
    async def started(cls, setup: Setup) -> "_Child":
        command = (sys.executable, "-P", "-c", _RUN, json.dumps([folder or os.curdir for folder in sys.path]))
        try:
            # In a session of its own: an interrupt from the keyboard is for us, and we end it.
            process = await asyncio.create_subprocess_exec(
                *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, start_new_session=True
            )
        except OSError as error:
            raise OperationsUnavailable(f"no process for added operations: {error.strerror}") from error
        child = cls(process)
        try:
            child.ask(setup)
            await child.answer(_START_S)
        except _Failed as failed:
            await child.end()
            raise OperationsUnavailable(f"the process for added operations did not start: {failed}") from failed
        except BaseException:
            await child.end()
            raise
        return child

    def ask(self, message: msgspec.Struct) -> None:
        if self.process.stdin is not None and not self.process.stdin.is_closing():
            self.process.stdin.write(framed(message))

    async def answer(self, within_s: float) -> Answered:
        assert self.process.stdout is not None
        try:
            async with asyncio.timeout(within_s):
                length = int.from_bytes(await self.process.stdout.readexactly(HEAD_BYTES), "big")
                return msgspec.msgpack.decode(await self.process.stdout.readexactly(length), type=Answered)
        except TimeoutError:
            raise _Failed("operation_timeout", f"no result within {within_s:g} s") from None
        except (asyncio.IncompleteReadError, ConnectionError, msgspec.DecodeError):
            raise _Failed("operation_failed", "its process ended") from None

    async def end(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await asyncio.wait([asyncio.ensure_future(self.process.wait())], timeout=_END_S)


class AddedOperations:
    """The added operations of one process. Whoever asks has a process of its own meanwhile; idle ones are kept."""

    def __init__(self, settings: Settings, operations: Operations) -> None:
        workers, calc = settings.workers, settings.calc
        self._timeout_s = workers.operation_timeout_s
        self._attempts = workers.attempts
        self._max_bytes = calc.max_request_bytes
        self._operations = operations
        self._names = {name for name, target in settings.operations.items() if ":" in target}
        alarm_s = self._timeout_s + _END_S
        self._setup = Setup(settings.operations, calc.max_digits, calc.division_digits, calc.max_request_bytes, alarm_s)
        self._idle: list[_Child] = []

    def __bool__(self) -> bool:
        return bool(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    async def answers(self, asked: Sequence[Asked]) -> AsyncGenerator[Answered, None]:
        """One answer after the other, in order. To be closed.

        An operation that takes longer than `workers.operation_timeout_s`, or ends its process, is tried
        `workers.attempts` times, and then its answer is an error. Raises OperationsUnavailable.
        """
        done, failures = 0, 0
        while done < len(asked):
            child = await self._taken()
            sent = done
            failure: _Failed | None = None
            try:
                while done < len(asked):
                    for each in asked[sent : done + _OUTSTANDING]:
                        child.ask(changed(each, attempt=each.attempt + (failures if sent == done else 0)))
                        sent += 1
                    found = await child.answer(self._timeout_s)
                    done, failures = done + 1, 0
                    yield found
            except _Failed as failed:
                failure = failed
            finally:
                await self._give_back(child, clean=sent == done)
            failures += failure is not None
            if failure is not None and failures >= self._attempts:
                refused = self._refusal(asked[done], failure, failures)
                done, failures = done + 1, 0
                yield refused

    async def close(self) -> None:
        """End the idle processes."""
        idle, self._idle = self._idle, []
        await asyncio.gather(*(child.end() for child in idle))

    async def _taken(self) -> _Child:
        while self._idle:
            child = self._idle.pop()
            if child.process.returncode is None:
                return child
        return await _Child.started(self._setup)

    async def _give_back(self, child: _Child, clean: bool) -> None:
        if clean and len(self._idle) < (os.cpu_count() or 1):
            self._idle.append(child)
        else:
            await child.end()

    def _refusal(self, asked: Asked, failure: _Failed, attempts: int) -> Answered:
        """The request answered with an error."""

        def refuse(*_: Number) -> Number:
            raise CalcError(failure.code, f"{failure}, tried {attempts} times")

        refusing = {
            operation.name: replace(operation, apply=refuse) if operation.name in self._names else operation
            for operation in self._operations
        }
        tried = changed(asked, attempt=asked.attempt + attempts - 1)
        return answered(tried, Operations(refusing, Bounds(self._operations.limits)), self._max_bytes)
