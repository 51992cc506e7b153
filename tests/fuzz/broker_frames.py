"""Feeds mutated frames to an embedded broker in a process of its own, and watches what that does to it.

    python -m tests.fuzz.broker_frames --seed 1 --count 1000000

It must not die or log a failure, must answer a well-behaved client correctly all the time and within MAX_ANSWER_S,
and must not grow beyond MAX_RSS_BYTES.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import IO

import psutil

from tests.broker.wire import WireClient
from tests.fuzz.attack import Attack
from tests.fuzz.stream import WrongAnswerError
from tests.fuzz.undisturbed import Undisturbed

HOST = "127.0.0.1"
MEBIBYTE = 1 << 20
#: What the logs keep in memory (16 MiB), one batch that is unpacked (64 MiB, and what is made of it), requests and
#: answers under way, and what a bounded number of topics, groups and transactional ids takes.
MAX_RSS_BYTES = 256 * MEBIBYTE
MAX_ANSWER_S = 5.0
START_DEADLINE_S = 30.0
CHECK_INTERVAL_S = 0.2
REPORT_INTERVAL_S = 10.0
TIDY_EVERY = 50_000
LOG_BYTES = 100_000
FAILURES = (b"Traceback", b"never retrieved", b"failed")
CONNECTIONS = 24


@dataclass(frozen=True, slots=True)
class Node:
    """A broker in a process of its own, and what it writes to stderr."""

    process: Process
    port: int
    log: IO[bytes]

    @property
    def address(self) -> tuple[str, int]:
        return HOST, self.port


@asynccontextmanager
async def running_node(*command: str) -> AsyncIterator[Node]:
    """A broker that `command` starts: it says its port on stdout, and ends with its stdin."""
    with tempfile.TemporaryFile() as log:
        process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=log)
        assert process.stdout is not None
        try:
            async with asyncio.timeout(START_DEADLINE_S):
                port = int(await process.stdout.readline())
            yield Node(process, port, log)
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


EMBEDDED = (sys.executable, "-m", "tests.fuzz.node")


class Watch:
    """The broker while it is fed: alive, silent on stderr, small enough, right and in time to its good client."""

    def __init__(self, node: Node, undisturbed: Undisturbed, attack: Attack) -> None:
        self.peak_rss_bytes = 0
        self._node = node
        self._undisturbed = undisturbed
        self._attack = attack
        self._tidy_at = TIDY_EVERY

    async def run(self, attacking: asyncio.Task[None]) -> None:
        """Until the attack is over, and once more; WrongAnswerError as soon as something is not as it has to be."""
        is_over = False
        while not is_over:
            is_over = attacking.done()
            await self.check()
            await asyncio.wait((attacking,), timeout=CHECK_INTERVAL_S)

    async def check(self) -> None:
        await self._check_answers()
        self._check_process()
        if self._attack.tally.handled >= self._tidy_at:
            self._tidy_at += TIDY_EVERY
            await self._undisturbed.tidy()

    async def _check_answers(self) -> None:
        try:
            await self._undisturbed.check()
        except (TimeoutError, OSError, EOFError, AssertionError) as error:
            self._check_process()
            raise WrongAnswerError(f"the well-behaved client is not answered: {error!r}") from error
        slowest_s = max(self._undisturbed.latencies_s)
        if slowest_s > MAX_ANSWER_S:
            raise WrongAnswerError(f"the well-behaved client had to wait {slowest_s:.1f} s")

    def logged(self) -> str:
        """What the broker wrote, after a heading; "" if it wrote nothing."""
        written = os.pread(self._node.log.fileno(), LOG_BYTES, 0).decode(errors="replace")
        return f"\nThe broker logs:\n{written}" if written else ""

    def _check_process(self) -> None:
        written = os.pread(self._node.log.fileno(), LOG_BYTES, 0)
        if any(each in written for each in FAILURES):
            raise WrongAnswerError(f"the broker logs:\n{written.decode(errors='replace')}")
        try:
            rss_bytes = psutil.Process(self._node.process.pid).memory_info().rss
        except psutil.NoSuchProcess:
            raise WrongAnswerError("the broker is gone") from None
        if self._node.process.returncode is not None:
            raise WrongAnswerError(f"the broker ended with {self._node.process.returncode}")
        self.peak_rss_bytes = max(self.peak_rss_bytes, rss_bytes)
        if rss_bytes > MAX_RSS_BYTES:
            raise WrongAnswerError(f"the broker takes {rss_bytes / MEBIBYTE:.0f} MiB")


async def fuzz(seed: int, first: int, count: int, command: tuple[str, ...] = EMBEDDED, progress: bool = False) -> str:
    """Feed the frames to a broker; returns what there is to say about it. WrongAnswerError, saying how to repeat it."""
    started_s = time.monotonic()
    async with running_node(*command) as node, WireClient(*node.address) as client:
        undisturbed = Undisturbed(client)
        attack = Attack(seed, first, count, node.address, CONNECTIONS)
        watch = Watch(node, undisturbed, attack)
        try:
            await undisturbed.prepare()
            await _fed(attack, watch, progress, started_s)
        except (WrongAnswerError, OSError, AssertionError) as error:
            raise WrongAnswerError(_failure(error, seed, first, attack) + watch.logged()) from error
        return _summary(attack, watch, undisturbed, time.monotonic() - started_s)


async def _fed(attack: Attack, watch: Watch, progress: bool, started_s: float) -> None:
    """The attack from its beginning to its end, or to the first thing that is wrong."""

    async def reported() -> None:
        while True:
            await asyncio.sleep(REPORT_INTERVAL_S)
            rate = attack.tally.handled / (time.monotonic() - started_s)
            mebibytes = watch.peak_rss_bytes / MEBIBYTE
            print(f"{attack.tally.handled} frames, {rate:.0f}/s, {mebibytes:.0f} MiB", flush=True)

    try:
        async with asyncio.TaskGroup() as group:
            attacking = group.create_task(attack.run(), name="attack")
            watching = group.create_task(watch.run(attacking), name="watch")
            reporting = group.create_task(reported(), name="progress") if progress else None
            await asyncio.wait((attacking, watching), return_when=asyncio.ALL_COMPLETED)
            if reporting is not None:
                reporting.cancel()
    except ExceptionGroup as failures:
        raise _first(failures) from failures


def _first(failure: Exception) -> Exception:
    """The failure itself, or the first one in a group of them."""
    while isinstance(failure, ExceptionGroup):
        failure = failure.exceptions[0]
    return failure


def _failure(error: Exception, seed: int, first: int, attack: Attack) -> str:
    latest = sorted(attack.latest) or [first]
    again = f"python -m tests.fuzz.broker_frames --seed {seed} --first"
    return (
        f"{error}\n"
        f"seed {seed}, after {attack.tally.handled} frames; the latest are {latest[0]} to {latest[-1]}. Again:\n"
        f"{again} {latest[0]} --count {latest[-1] - latest[0] + 1}\n"
        f"{again} {first} --count {latest[-1] - first + 1}"
    )


def _summary(attack: Attack, watch: Watch, undisturbed: Undisturbed, took_s: float) -> str:
    tally = attack.tally
    waits_ms = sorted(1000 * each for each in undisturbed.latencies_s)
    half, most = waits_ms[len(waits_ms) // 2], waits_ms[len(waits_ms) * 99 // 100]
    codes = ", ".join(f"{code}: {count}" for code, count in sorted(tally.codes.items()))
    return "\n".join(
        (
            f"{tally.handled} frames in {took_s:.0f} s ({tally.handled / took_s:.0f}/s)",
            f"{tally.answers} answers of {len(tally.answered_apis)} APIs on {tally.connections} connections, "
            f"{tally.closes} of them closed by the broker, {tally.parked} parked, {tally.cut_off} cut off",
            f"error codes: {codes}",
            f"{undisturbed.rounds} rounds of questions, all answered right: "
            f"p50 {half:.1f} ms, p99 {most:.1f} ms, slowest {waits_ms[-1]:.0f} ms",
            f"largest RSS: {watch.peak_rss_bytes / MEBIBYTE:.0f} MiB, allowed: {MAX_RSS_BYTES / MEBIBYTE:.0f} MiB",
        )
    )


def main() -> int:
    parser = argparse.ArgumentParser(description="Feed mutated frames to an embedded broker.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first frame")
    parser.add_argument("--count", type=int, default=1_000_000)
    options = parser.parse_args()
    try:
        print(asyncio.run(fuzz(options.seed, options.first, options.count, progress=True)))
    except WrongAnswerError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
