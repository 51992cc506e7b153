"""Results in: reads all partitions of the results and dead-letter topics, outside any group."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping

from aiokafka.structs import TopicPartition

from tui.calc.messages import NoResult, decode_result
from tui.clients import dead_letters
from tui.clients.aiokafka_types import Consumer, Record
from tui.clients.backoff import Backoff
from tui.clients.connection import Connection, closed, started
from tui.clients.offsets import OFFSETS_A_RECORD
from tui.clients.turns import Turns
from tui.events import DeadLetterReceived, Event, ReceivedResult, ResultsReceived
from tui.settings import TopicSettings

log = logging.getLogger(__name__)

_POLL_MS = 250
_POLL_RECORDS = 500
_REPLAY_WITHIN_S = 5.0
_CLOSE_S = 0.5


class ResultsReader:
    """Reads from where it was opened, and after every interruption from where it was.

    `open` fixes the place before the first own request is sent, so that no own result is missed.
    """

    def __init__(
        self,
        connection: Connection,
        topics: TopicSettings,
        *,
        turns: Turns,
        emit: Callable[[Event], None],
        clock: Callable[[], float],
    ) -> None:
        self._connection = connection
        self._topics = topics
        self._turns = turns
        self._emit = emit
        self._clock = clock
        self._consumer: Consumer | None = None
        self._next: dict[TopicPartition, int] = {}
        self._replay_to: dict[TopicPartition, int] = {}
        self._replay_last = 0
        self._replay_until = 0.0
        self._replayed: list[Record] = []
        self._changed = False
        self._begun_anew: set[TopicPartition] = set()
        self.ignored = 0
        """Messages of the two topics that are neither results nor dead letters of kcalc."""
        self.trouble = ""
        """Why nothing can be read at present ("" if something can)."""

    async def open(self, partitions: Mapping[str, int], replay: int) -> None:
        """Connect and fix the place: `replay` messages before the present ends (those are reported as replayed).

        `partitions` is the number of partitions by topic. Raises KafkaError.
        """
        consumer = self._connection.reader("kcalc-results")
        try:
            await started(consumer)
            places = self._places(partitions)
            ends = await consumer.end_offsets(places)
            starts = await consumer.beginning_offsets(places)
        finally:
            await closed(consumer, _CLOSE_S)
        self._replay_last = replay
        self._replay_to = {place: end for place, end in ends.items() if replay and end > starts[place]}
        self._replay_until = time.monotonic() + _REPLAY_WITHIN_S
        self._next = {place: max(starts[place], ends[place] - OFFSETS_A_RECORD * replay) for place in places}

    def partitions_are(self, partitions: Mapping[str, int]) -> None:
        """Tell the present numbers of partitions by topic; new ones are read from their beginning."""
        new = [place for place in self._places(partitions) if place not in self._next]
        if new:
            self._next |= dict.fromkeys(new, 0)
            self._changed = True

    def rewind(self, partitions: Mapping[str, int]) -> None:
        """These topics were created anew: forget their places and read them from the beginning, if not yet begun."""
        kept = {place: self._next[place] for place in self._begun_anew if place.topic in partitions}
        self._begun_anew.clear()
        self._next = {place: at for place, at in self._next.items() if place.topic not in partitions}
        self._next |= dict.fromkeys(self._places(partitions), 0) | kept
        self._changed = True

    async def run(self) -> None:
        """Read until cancelled; a consumer that failed is replaced."""
        backoff = Backoff()
        while True:
            consumer = self._connection.reader("kcalc-results")
            try:
                await started(consumer)
                self._changed = True
                backoff.reset()
                while True:
                    await self._read(consumer)
                    self.trouble = ""
            except Exception as error:
                reads = (self._topics.results, self._topics.dead_letters)
                self.trouble = self._connection.reason(error, reads=reads)
                log.warning("results reader: %s", self.trouble)
            finally:
                await closed(consumer, _CLOSE_S)
            await asyncio.sleep(backoff.next_s())

    def _places(self, partitions: Mapping[str, int]) -> list[TopicPartition]:
        wanted = (self._topics.results, self._topics.dead_letters)
        return [TopicPartition(name, n) for name in wanted for n in range(partitions.get(name, 0))]

    def _take_places(self, consumer: Consumer) -> None:
        self._changed = False
        consumer.assign(list(self._next))
        for place, offset in self._next.items():
            consumer.seek(place, offset)

    async def _read(self, consumer: Consumer) -> None:
        if self._changed:
            self._take_places(consumer)
        found = await consumer.getmany(timeout_ms=_POLL_MS, max_records=_POLL_RECORDS)
        if self._changed:
            return  # what was read may be of a topic that is no more
        old: list[Record] = []
        new: list[Record] = []
        for place, records in found.items():
            end = self._replay_to.get(place, 0)
            old.extend(record for record in records if record.offset < end)
            new.extend(record for record in records if record.offset >= end)
            if records[0].offset < self._next[place]:
                self._begun_anew.add(place)  # its offset was out of range: another topic of that name
            self._next[place] = records[-1].offset + 1
        if self._replay_to:
            await self._replay(old, consumer)
        if new:
            await self._report(new, replayed=False)

    async def _replay(self, records: list[Record], consumer: Consumer) -> None:
        """Keep the newest of each topic from before the start, and report them when all of it is read."""
        self._replayed.extend(records)
        self._replayed.sort(key=lambda record: record.timestamp)
        kept: list[Record] = []
        for topic in (self._topics.results, self._topics.dead_letters):
            kept += [record for record in self._replayed if record.topic == topic][-self._replay_last :]
        self._replayed = kept
        # Not `_next`: the last records of a topic may be marks of transactions, which are never handed out.
        ends = [(place, end) for place, end in self._replay_to.items() if place in self._next]
        done = all([await consumer.position(place) >= end for place, end in ends])
        if done or time.monotonic() > self._replay_until:
            self._replay_to = {}
            replayed, self._replayed = self._replayed, []
            await self._report(replayed, replayed=True)

    async def _report(self, records: list[Record], replayed: bool) -> None:
        at = self._clock()
        results: list[ReceivedResult] = []
        letters: list[DeadLetterReceived] = []

        def take(record: Record) -> None:
            if record.topic == self._topics.results:
                if (result := _received(record, at)) is not None:
                    results.append(result)
                    return
            elif (letter := dead_letters.received(record, replayed, at)) is not None:
                letters.append(letter)
                return
            self.ignored += 1
            log.info("ignored %s/%d/%d: not of kcalc", record.topic, record.partition, record.offset)

        await self._turns.each(records, take)
        if results:
            self._emit(ResultsReceived(results, replayed, at))
        for letter in letters:
            self._emit(letter)


def _received(record: Record, at: float) -> ReceivedResult | None:
    try:
        return ReceivedResult(decode_result(record.value), record.partition, record.offset, record.key, at)
    except NoResult:
        return None
