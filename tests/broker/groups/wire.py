"""Group requests one by one, also several on one connection before the first answer; and waiting for things."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable
from typing import Any

from tests.broker.wire import DEADLINE_S, WireClient


class Wire(WireClient):
    """A connection to the broker on this machine."""

    def __init__(self, port: int) -> None:
        super().__init__("127.0.0.1", port)

    async def next_answer(self, response_class: Any, version: int) -> Any:
        """The next answer on the connection, whichever request it belongs to."""
        async with asyncio.timeout(DEADLINE_S):
            (size,) = struct.unpack(">i", await self.reader.readexactly(4))
            return response_class.decode(await self.reader.readexactly(size), version=version, header=True)

    async def answered_or_closed(self) -> None:
        """Wait for the first byte of an answer, or for the broker to close the connection."""
        async with asyncio.timeout(DEADLINE_S):
            await self.reader.read(1)


async def eventually(condition: Callable[[], bool], what: str, deadline_s: float = 20.0) -> None:
    """Wait until a condition holds; fails with `what` after the deadline."""
    clock = asyncio.get_running_loop().time
    end_s = clock() + deadline_s
    while not condition():
        assert clock() < end_s, f"not within {deadline_s} s: {what}"
        await asyncio.sleep(0.02)
