"""The life of the session behind the screen: starts it, sees every failure, stops it in bounded time."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from tui.dashboard.needs import RunningSession

_log = logging.getLogger(__name__)


class SessionLife:
    """Owns the tasks that the dashboard starts. `report` gets a sentence for the person when one fails."""

    def __init__(self, session: RunningSession, report: Callable[[str], None]) -> None:
        self._session = session
        self._report = report
        self._tasks: set[asyncio.Task[None]] = set()
        self._ended = False

    def begin(self, failed: Callable[[Exception], None]) -> None:
        """Start the session in the background; `failed` learns why it could not."""
        self._own(self._start(failed), "session start")

    def wish(self, what: str, wish: Coroutine[Any, Any, object]) -> None:
        """Fulfil a wish such as "add a worker" in the background; a failure is reported with these words."""
        self._own(self._fulfil(what, wish), what)

    async def end(self, deadline_s: float) -> bool:
        """Stop the session, once; False if it was not done after `deadline_s` and is left to the process's end."""
        if self._ended:
            return True
        self._ended = True
        stop = asyncio.create_task(self._stop(), name="session stop")
        done, _ = await asyncio.wait({stop}, timeout=deadline_s)
        if not done:
            stop.cancel()
            return False
        if failure := stop.exception():
            _log.error("the session did not stop well", exc_info=failure)
        return True

    async def _stop(self) -> None:
        unfinished = tuple(self._tasks)
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)
        await self._session.stop()

    def _own(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _start(self, failed: Callable[[Exception], None]) -> None:
        try:
            await self._session.start()
        except Exception as error:
            _log.exception("the session could not start")
            failed(error)

    async def _fulfil(self, what: str, wish: Coroutine[Any, Any, object]) -> None:
        try:
            await wish
        except Exception as error:
            _log.exception("could not %s", what)
            self._report(f"could not {what}: {error}")
