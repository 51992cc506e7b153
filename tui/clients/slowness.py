"""A worker that a person slowed down: it waits before each request, and still stops and gives back in time."""

import asyncio
from typing import Any

MOST_S = 60.0
"""As long as a person may let one request take."""


class Slowness:
    """The delay of one worker, 0 at first; all its lanes wait by it."""

    def __init__(self) -> None:
        self._delay_s = 0.0
        self._changed = asyncio.Event()

    @property
    def delay_s(self) -> float:
        """Seconds before each request."""
        return self._delay_s

    def set(self, delay_s: float) -> None:
        """Change the delay; whoever waits goes on by the new one. ValueError outside 0 to `MOST_S` seconds."""
        if not 0 <= delay_s <= MOST_S:
            raise ValueError(f"a delay is 0 to {MOST_S:.0f} s, not {delay_s:g} s")
        self._delay_s = delay_s
        self._changed.set()
        self._changed = asyncio.Event()

    async def wait(self, stopping: "asyncio.Future[None]") -> bool:
        """Wait for the delay, or until it is changed to a shorter one that is over; False if `stopping` came first."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        while (left_s := began + self._delay_s - loop.time()) > 0 and not stopping.done():
            changed = asyncio.ensure_future(self._changed.wait())
            either: list[asyncio.Future[Any]] = [changed, stopping]
            try:
                await asyncio.wait(either, timeout=left_s, return_when=asyncio.FIRST_COMPLETED)
            finally:
                changed.cancel()
        return not stopping.done()
