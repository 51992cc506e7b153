"""What a lane has computed and not yet delivered: bounded, and taken in groups that are worth a delivery."""

import asyncio
from dataclasses import dataclass

from tui.clients.answers import Answers


@dataclass(frozen=True, slots=True)
class Batch:
    """The answers to one batch, and when its first request was taken up (Unix seconds)."""

    answers: Answers
    started_at: float


class InHand:
    """Between who computes and who delivers. At most `2 * worthwhile` batches, those under delivery included."""

    def __init__(self, worthwhile: int) -> None:
        self._worthwhile = worthwhile
        self._room = asyncio.Semaphore(2 * worthwhile)
        self._waiting: list[Batch] = []
        self._urgent = False
        self._closed = False
        self._changed = asyncio.Event()

    async def room(self) -> None:
        """Wait until there is room for one more batch."""
        await self._room.acquire()

    def put(self, batch: Batch) -> None:
        """Add a batch for which there is room; more may follow at once."""
        self._waiting.append(batch)
        self._urgent = False
        self._changed.set()

    def nothing_follows(self) -> None:
        """No more requests are there at the moment: what waits is to be delivered."""
        self._urgent = True
        self._changed.set()

    def close(self) -> None:
        """Nothing follows any more."""
        self._closed = True
        self._changed.set()

    async def take(self) -> list[Batch]:
        """All that waits, as soon as it is `worthwhile` many or nothing follows; none at the end."""
        while not (self._closed or len(self._waiting) >= (1 if self._urgent else self._worthwhile)):
            self._changed.clear()
            await self._changed.wait()
        taken, self._waiting = self._waiting, []
        return taken

    def delivered(self, batches: list[Batch]) -> None:
        """These need no room any more."""
        for _ in batches:
            self._room.release()
