"""Brokers that do one thing wrong after a while, so that it can be noticed: python -m tests.fuzz.doubles KIND."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from kafka.protocol.consumer import ListOffsetsResponse

from tests.fuzz import node
from tui.broker import EmbeddedBroker, dispatch
from tui.broker.api import RequestContext
from tui.broker.hooks import Hook

AFTER_REQUESTS = 300
LIST_OFFSETS = 2
LEAK_BYTES = 4 << 20
Answer = Callable[..., Awaitable[bytes | None]]


def _after_a_while(hook: Hook) -> Hook:
    requests = 0

    async def counting(context: RequestContext, api_key: int, request: Any) -> Any:
        nonlocal requests
        requests += 1
        return await hook(context, api_key, request) if requests > AFTER_REQUESTS else None

    return counting


async def _dies(_context: RequestContext, _api_key: int, _request: Any) -> Any:
    os._exit(3)


async def _fails(_context: RequestContext, _api_key: int, _request: Any) -> Any:
    raise RuntimeError("a defect")


async def _waits(context: RequestContext, _api_key: int, _request: Any) -> Any:
    await context.closed.wait()


async def _forgets_offsets(_context: RequestContext, api_key: int, _request: Any) -> Any:
    return ListOffsetsResponse(throttle_time_ms=0, topics=[]) if api_key == LIST_OFFSETS else None


def _leaking() -> Hook:
    kept: list[bytes] = []

    async def leak(_context: RequestContext, _api_key: int, _request: Any) -> Any:
        kept.append(os.urandom(LEAK_BYTES))

    return leak


def _mixing_up(answer: Answer) -> Answer:
    answers = 0

    async def mixed_up(*arguments: Any) -> bytes | None:
        nonlocal answers
        answers += 1
        encoded = await answer(*arguments)
        if encoded is None or answers < AFTER_REQUESTS:
            return encoded
        return encoded[:4] + b"\x7e" + encoded[5:]

    return mixed_up


HOOKS: dict[str, Callable[[], Hook]] = {
    "dies": lambda: _dies,
    "fails": lambda: _fails,
    "waits": lambda: _waits,
    "forgets": lambda: _forgets_offsets,
    "leaks": _leaking,
}
KINDS = (*HOOKS, "mixes-up")


async def main(kind: str) -> None:
    """As tests.fuzz.node, but broken."""
    async with EmbeddedBroker(node.SETTINGS) as broker:
        if kind in HOOKS:
            broker.hooks.append(_after_a_while(HOOKS[kind]()))
        else:
            dispatch.answer = _mixing_up(dispatch.answer)  # type: ignore[assignment]
        print(broker.port, flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
