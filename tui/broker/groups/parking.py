"""Waiting for the answer to a parked Join or Sync, as long as somebody is there to read it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


async def answered(ask: Callable[[Callable[[T], None]], None], closed: asyncio.Event) -> T | None:
    """What the group answers to `ask`, or None if the connection closes first.

    The member whose connection is gone stays in the group until its session ends, as in Kafka. The wait ends
    with the rebalance, which has a time-out, or with `Groups.close`.
    """
    answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()

    def settle(value: T) -> None:
        if not answer.done():
            answer.set_result(value)

    ask(settle)
    if not answer.done():
        gone = asyncio.ensure_future(closed.wait())
        either: set[asyncio.Future[Any]] = {answer, gone}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
    return answer.result() if answer.done() else None
