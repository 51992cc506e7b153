"""Our requests on their way out: sent within a window, and what the broker said of each."""

import asyncio
import secrets
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tui.clients.connection import Connection
from tui.clients.sender import Sender
from tui.clients.turns import Turns
from tui.commands.operands import Asked
from tui.events import Event, RequestsAcknowledged, RequestsUnsent

WINDOW = 20_000
"""Requests under way at once: what comes too early must be kept until its turn, so this bounds memory."""
LOOK_S = 0.2


@dataclass
class Post:
    """What is sent and what became of it. Whoever reads `stored` takes out what it has read."""

    asked: Asked
    times: int
    key: str | None
    partition: int | None
    token: str = field(default_factory=lambda: secrets.token_hex(4))
    stored: deque[RequestsAcknowledged] = field(default_factory=deque)
    unsent: int = 0
    why_unsent: str = ""
    sent: int = 0
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def emit(self, event: Event) -> None:
        """Take notice of what the sender reports."""
        if isinstance(event, RequestsAcknowledged):
            self.stored.append(event)
        elif isinstance(event, RequestsUnsent):
            self.unsent += len(event.numbers)
            self.why_unsent = event.reason
        self.news.set()

    def send_more(self, sender: Sender, settled: int) -> None:
        """Fill the window, of which `settled` requests are done with."""
        count = min(self.times - self.sent, settled + WINDOW - self.sent)
        if count > 0 and (count >= WINDOW // 4 or self.sent + count == self.times):
            asked = self.asked
            sender.send(asked.x, asked.operation, asked.y, times=count, key=self.key, partition=self.partition)
            self.sent += count


@asynccontextmanager
async def sender_of(connection: Connection, topic: str, post: Post) -> AsyncIterator[Sender]:
    """A sender that runs until the end of the block."""
    sender = Sender(connection, topic, post.token, turns=Turns(), emit=post.emit, clock=time.time)
    running = asyncio.create_task(sender.run(), name="sender")
    try:
        yield sender
    finally:
        running.cancel()
        await asyncio.wait([running])


class Patience:
    """A deadline that moves on with every piece of news."""

    def __init__(self, patience_s: float) -> None:
        self._patience_s = patience_s
        self.renew()

    def renew(self) -> None:
        """There is news: wait for the full time again."""
        self._ends = time.monotonic() + self._patience_s

    @property
    def over(self) -> bool:
        """True if there was no news for too long."""
        return time.monotonic() >= self._ends
