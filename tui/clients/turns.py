"""Turns on the event loop: work is cut into slices, so that sockets and the screen are served in between."""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

SLICE_S = 0.005
REST_S = 0.001  # a real sleep: with sleep(0) a key press waits 1-2 s, as each step of its way waits for a slice


class Turns:
    """One per event loop. All work handed to it together takes at most `SLICE_S` before the loop rests `rest_s`.

    Where nobody watches, a rest of 0 is enough: sockets are served between any two slices.
    """

    def __init__(self, rest_s: float = REST_S) -> None:
        self._rest_s = rest_s
        self._turn = asyncio.Lock()
        self._worked_s = 0.0

    async def each(self, items: Iterable[T], handle: Callable[[T], None]) -> None:
        """Call `handle` with each item, in order. What it raises ends the work and is raised here."""
        left = iter(items)
        while True:
            async with self._turn:
                if self._slice(left, handle):
                    return
                await asyncio.sleep(self._rest_s)

    def _slice(self, items: Iterator[T], handle: Callable[[T], None]) -> bool:
        """Work until `SLICE_S` are used up; True if all items are done."""
        started = time.perf_counter()
        limit = started + SLICE_S - self._worked_s
        try:
            for item in items:
                handle(item)
                if time.perf_counter() >= limit:
                    return False
            return True
        finally:
            used = self._worked_s + time.perf_counter() - started
            self._worked_s = 0.0 if used >= SLICE_S else used
