"""Commits: one task per worker commits whatever has become safe since its last commit, so that no lane waits for it."""

import asyncio
import logging
from collections.abc import Callable

from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError
from aiokafka.structs import TopicPartition

from tui.clients.aiokafka_types import Consumer
from tui.clients.reasons import reason

log = logging.getLogger(__name__)


class Commits:
    """Offsets that are safe and not yet committed, of one consumer. `committed` is called after each commit.

    Open only between assignment and revocation: a commit during a rebalance would lose the member id and cause
    another rebalance.
    """

    def __init__(self, consumer: Consumer, topic: str, committed: Callable[[], None]) -> None:
        self._consumer = consumer
        self._topic = topic
        self._committed = committed
        self._safe: dict[TopicPartition, int] = {}
        self._wake = asyncio.Event()
        self._committing = asyncio.Lock()
        self._open = False

    def mark(self, partition: int, next_offset: int) -> None:
        """Everything of the partition before `next_offset` is answered and acknowledged."""
        self._safe[TopicPartition(self._topic, partition)] = next_offset
        self._wake.set()

    def open(self) -> None:
        """The assignment holds: commit from now on."""
        self._safe.clear()
        self._open = True

    async def close(self, within_s: float) -> None:
        """Commit what is safe, within `within_s` seconds, and commit nothing more until `open`."""
        try:
            async with asyncio.timeout(within_s):
                await self._commit()
        except (KafkaError, TimeoutError) as error:
            log.warning("offsets not committed, their requests will be answered again: %s", reason(error))
        finally:
            self.drop()

    def drop(self) -> None:
        """Commit nothing more, not even what is safe, until `open`."""
        self._open = False
        self._safe.clear()

    async def run(self) -> None:
        """Commit until cancelled. Raises KafkaError that no retry can mend."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self._commit()
            except (CommitFailedError, IllegalStateError) as error:
                # A rebalance has begun and its revocation has not reached us yet: `close` tries once more.
                log.info("commit refused: %s", reason(error))

    async def _commit(self) -> None:
        async with self._committing:
            if not (self._open and self._safe):
                return
            offsets, self._safe = self._safe, {}
            try:
                await self._consumer.commit(offsets)
            except BaseException:
                self._safe = offsets | self._safe
                raise
            self._committed()
