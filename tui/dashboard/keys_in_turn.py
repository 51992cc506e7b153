"""Keys one after the other: each does all it does before the next one is looked at."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from textual import events
from textual.app import App
from textual.message import Message

MOST_WAITING = 1_000
"""More than anybody types while kcalc starts; what comes then is lost. What is pasted is one event."""
_ROUNDS = 3
"""A key bubbles up to the app, its action posts a message, and that moves the focus."""
_DEADLINE_S = 2.0
"""Nobody answers if the widget that had the focus, or the screen, was taken away meanwhile. A view that is shown for
the first time has taken 0.4 s on a busy machine."""


class Passed(Message, bubble=True):
    """Goes the way of a key, from what has the focus up to the app: all that was posted before it is done by then."""

    def __init__(self, arrived: asyncio.Event) -> None:
        super().__init__()
        self.arrived = arrived


class KeysInTurn:
    """Hands keys and pastes of `app` one by one to `handle`; those that come before `begin` wait for it.

    By itself Textual lets a field take what is typed at once, while a key that acts goes up to the app, from queue to
    queue. Of keys that come at one go, as behind a slow line, "3 tab 4 enter" would be 34 in the first field.
    """

    def __init__(self, app: App[None], handle: Callable[[events.Event], Awaitable[None]]) -> None:
        self._app = app
        self._handle = handle
        self._waiting: asyncio.Queue[events.Event] = asyncio.Queue(MOST_WAITING)

    def take(self, event: events.Event) -> bool:
        """True if it waits its turn; a key that a widget hands up to the app has had it."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            return False
        with suppress(asyncio.QueueFull):
            self._waiting.put_nowait(event)
        return True

    @property
    def waiting(self) -> int:
        """How many wait."""
        return self._waiting.qsize()

    def begin(self) -> None:
        """Begin, in the background, until the app ends."""
        self._app.run_worker(self._hand_on(), name="keys")

    async def _hand_on(self) -> None:
        from textual.widgets import Input  # there with the form, not before the first paint

        await self._settled()
        while True:
            event = await self._waiting.get()
            if not self._app.screen_stack:
                return  # it ends already
            screen, focused = self._app.screen, self._app.focused
            await self._handle(event)
            if isinstance(event, events.Key) and event.is_printable and isinstance(focused, Input):
                continue  # it is in the queue of its field, where the next one comes behind it
            await self._settled()
            if self._app.screen_stack and self._app.screen is not screen:
                # What has the focus there is known once it is painted.
                painted = asyncio.Event()
                self._app.call_after_refresh(painted.set)
                await _in_time(painted)
                await self._settled()

    async def _settled(self) -> None:
        for _ in range(_ROUNDS):
            if not self._app.screen_stack:
                return
            arrived = asyncio.Event()
            (self._app.focused or self._app.screen).post_message(Passed(arrived))
            if not await _in_time(arrived):
                return


async def _in_time(event: asyncio.Event) -> bool:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), _DEADLINE_S)
    return event.is_set()
