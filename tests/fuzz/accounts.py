"""The judgement: every message has exactly one answer, and that is one it may have. Pure; one slice at a time."""

from collections import Counter
from dataclasses import dataclass, field

from tests.faults.stored import Stored
from tests.fuzz import readings
from tests.fuzz.malformed import Malformed
from tests.fuzz.values import DEAD_LETTER, ERROR, Outcome
from tui.settings import TopicSettings

MOST_FINDINGS = 20
_SHOWN_CHARS = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """What is not as it must be with one message; `number` is None if it is with none that was sent."""

    number: int | None
    text: str


@dataclass(slots=True)
class _Open:
    """A message that waits for its answer, with the timestamp of its record if that is known."""

    message: Malformed
    timestamp_ms: int | None
    answers: int = 0


@dataclass(slots=True)
class Accounts:
    """Messages are `asked`, then their answers are taken, then the slice is closed.

    `outcomes` counts by kind of message and by what came of it: "result", an error's code, a dead letter's reason.
    """

    topics: TopicSettings
    outcomes: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    found: int = 0
    waiting: int = 0
    _open: dict[tuple[int, int], _Open] = field(default_factory=dict)
    _last: dict[tuple[str, int], int] = field(default_factory=dict)

    def asked(self, message: Malformed, partition: int, offset: int, timestamp_ms: int | None = None) -> None:
        """The message stands on the requests topic at that place."""
        self._open[partition, offset] = _Open(message, timestamp_ms)
        self.waiting += 1

    def take(self, topic: str, stored: Stored) -> None:
        """Take a record of the results or the dead-letter topic."""
        read = readings.result if topic == self.topics.results else readings.dead_letter
        self._take(topic, stored, read(stored, self.topics.requests))

    def close_slice(self) -> None:
        """Whatever has no answer by now is lost. Forgets the slice: an answer that comes later is to nobody's."""
        for place, each in self._open.items():
            if not each.answers:
                self.find(each.message.number, f"lost: nothing came of {_place(place)}")
        self._open.clear()
        self.waiting = 0

    def find(self, number: int | None, text: str) -> None:
        """Note what is wrong; beyond MOST_FINDINGS it is only counted."""
        self.found += 1
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(number, text))

    def total(self, kind: str) -> int:
        """How many results, errors or dead letters there were."""
        return sum(count for (_, outcome, _), count in self.outcomes.items() if outcome == kind)

    def _take(self, topic: str, stored: Stored, read: readings.Reading | None) -> None:
        asked = None if read is None else self._open.get(read.place)
        if read is None or asked is None:
            self.find(None, f"nobody asked for what stands in {topic}: {stored!s:.{_SHOWN_CHARS}}")
            return
        number = asked.message.number
        asked.answers += 1
        if asked.answers > 1:
            self.find(
                number, f"doubled: {_place(read.place)} was answered again in {topic}: {stored!s:.{_SHOWN_CHARS}}"
            )
            return
        self.waiting -= 1
        text = read.outcome.text if read.outcome.kind in (ERROR, DEAD_LETTER) else ""
        self.outcomes[asked.message.kind, read.outcome.kind, text] += 1
        self._in_order(topic, read, number)
        for wrong in (*read.wrong(asked.message, asked.timestamp_ms), *_unexpected(asked.message.must, read.outcome)):
            self.find(number, f"{wrong}: {stored!s:.{_SHOWN_CHARS}}")
        if (stored.partition, stored.key) != (read.place[0], asked.message.key):
            self.find(number, f"key or partition was changed: {stored!s:.{_SHOWN_CHARS}}")

    def _in_order(self, topic: str, read: readings.Reading, number: int) -> None:
        partition, offset = read.place
        if self._last.get((topic, partition), -1) > offset:
            self.find(number, f"out of order: {_place(read.place)} was answered after a later one")
        self._last[topic, partition] = offset


def _unexpected(must: Outcome | None, outcome: Outcome) -> list[str]:
    return [] if must in (None, outcome) else [f"must be {must!s:.{_SHOWN_CHARS}}, found {outcome!s:.{_SHOWN_CHARS}}"]


def _place(place: tuple[int, int]) -> str:
    return f"p{place[0]}/{place[1]}"
