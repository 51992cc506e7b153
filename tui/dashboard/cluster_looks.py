"""Looks at the cluster again and again while somebody wants to see it: one look at a time, none when nobody looks."""

import asyncio
import logging
from collections.abc import Callable

from tui.clients.described import ClusterDescription
from tui.dashboard.needs import RunningSession
from tui.session import ClusterRefused

_log = logging.getLogger(__name__)

EVERY_S = 3.0
WITHIN_S = 5.0
_STARTING_S = 0.2


class Looking:
    """From `start` to `stop` it looks every few seconds. `clock` is one that never goes back, in seconds.

    `latest` is the last look that came in time, `trouble` in words why the one after it did not ("" if it did).
    """

    def __init__(self, session: RunningSession, clock: Callable[[], float]) -> None:
        self.latest: ClusterDescription | None = None
        self.trouble = ""
        self._session = session
        self._clock = clock
        self._looked_at = 0.0
        self._task: asyncio.Task[None] | None = None
        self._at_once = asyncio.Event()

    @property
    def age_s(self) -> float | None:
        """How old the latest look is; None if there is none."""
        return None if self.latest is None else max(0.0, self._clock() - self._looked_at)

    def start(self) -> None:
        """Look now, and from now on."""
        self._task = asyncio.create_task(self._run(), name="look at the cluster")

    def stop(self) -> None:
        """Look no more; an answer that is on its way is dropped."""
        if self._task is not None:
            self._task.cancel()

    def now(self) -> None:
        """Do not wait for the next look."""
        self._at_once.set()

    async def _run(self) -> None:
        try:
            while True:
                self._at_once.clear()
                await self._look()
                await self._rest(EVERY_S if self._session.cluster is not None else _STARTING_S)
        finally:
            if (cluster := self._session.cluster) is not None:
                await cluster.close()

    async def _look(self) -> None:
        cluster = self._session.cluster
        if cluster is None:
            return
        try:
            self.latest = await cluster.describe(WITHIN_S)
        except ClusterRefused as refused:
            self.trouble = str(refused)
        except Exception as error:
            _log.exception("the look at the cluster failed")
            self.trouble = f"{type(error).__name__}: {error}"
        else:
            self._looked_at, self.trouble = self._clock(), ""

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._at_once.wait()
        except TimeoutError:
            return
