"""What is typed before the form is there: it waits, and then means what it would have meant a moment later."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from textual import events
from textual.app import App
from textual.message import Message

MOST_KEPT = 1_000
"""More than anybody types while kcalc starts; what comes then is lost."""
_ROUNDS = 3
"""A key bubbles up to the app, its action posts a message, and that moves the focus."""
_DEADLINE_S = 0.5
"""A round ends with nobody answering if the widget that had the focus was taken away meanwhile."""


class Passed(Message, bubble=True):
    """Goes the way of a key, from what has the focus up to the app: all that was posted before it is done by then."""

    def __init__(self, arrived: asyncio.Event) -> None:
        super().__init__()
        self.arrived = arrived


class EarlyKeys:
    """Keeps keys and pastes of `app` until `replay`, which hands them one by one to `handle`.

    The next one waits until the one before has done all it does: a key that moves the focus moves it for those behind
    it. What is typed while they are replayed waits its turn.
    """

    def __init__(self, app: App[None], handle: Callable[[events.Event], Awaitable[None]]) -> None:
        self._app = app
        self._handle = handle
        self._kept: deque[events.Event] | None = deque()

    def keep(self, event: events.Event) -> bool:
        """True if it waits; a key that a widget hands up to the app is on its way already."""
        if self._kept is None or not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            return False
        if len(self._kept) < MOST_KEPT:
            self._kept.append(event)
        return True

    @property
    def kept(self) -> int:
        """How many wait."""
        return len(self._kept or ())

    def replay(self) -> None:
        """Begin, in the background."""
        self._app.run_worker(self._replay(), name="early keys")

    async def _replay(self) -> None:
        await self._settled()
        while self._kept and self._app.screen_stack:
            await self._handle(self._kept.popleft())
            await self._settled()
        self._kept = None

    async def _settled(self) -> None:
        for _ in range(_ROUNDS):
            if not self._app.screen_stack:
                return  # it ends already
            arrived = asyncio.Event()
            (self._app.focused or self._app.screen).post_message(Passed(arrived))
            try:
                await asyncio.wait_for(arrived.wait(), _DEADLINE_S)
            except TimeoutError:
                return
