"""Messages through what a worker does with a record, without a broker: decode, compute, encode, and judge."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tests.faults.stored import Stored
from tests.fuzz.accounts import Accounts
from tests.fuzz.malformed import Malformed, Slices, malformed
from tui.calc.messages import MAX_REQUEST_BYTES, NoRequest, decode_request
from tui.calc.operations import Operations
from tui.clients.answers import Answers, Calculator
from tui.clients.dead_letters import received

TIMESTAMPS_MS = (-(2**63), -1, 0, 1_700_000_000_123, 2**63 - 1)
NOW_S = 1_700_000_000.5


@dataclass(slots=True)
class Read:
    """A record as a consumer hands it out."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]


class Kept:
    """A batch that keeps what is appended to it."""

    def __init__(self) -> None:
        self.records: list[Stored] = []

    def append(
        self,
        *,
        timestamp: int | None,
        key: bytes | None,
        value: bytes | None,
        headers: Sequence[tuple[str, bytes | None]] = (),
    ) -> object:
        self.records.append(Stored(0, len(self.records), key, value, tuple(headers)))
        return self

    def close(self) -> None:
        """Nothing is to be closed."""

    def record_count(self) -> int:
        return len(self.records)


class Decoding:
    """Answers messages one by one, each as if it stood at offset `number` of partition 0."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._topics = accounts.topics
        operations = Operations.standard()
        self._calculator = Calculator("client-0", self._topics, operations, MAX_REQUEST_BYTES, lambda: NOW_S)

    def run(self, slices: Slices, told: Callable[[int], None]) -> None:
        """All of `slices`; `told` hears after every one how many are done."""
        done = 0
        for numbers in slices:
            for number in numbers:
                self.take(malformed(slices.seed, number))
            done += len(numbers)
            told(done)

    def take(self, message: Malformed) -> None:
        """One message. Whatever is raised, other than NoRequest, is a finding: a worker would not survive it."""
        timestamp_ms = TIMESTAMPS_MS[message.number % len(TIMESTAMPS_MS)]
        self._accounts.asked(message, 0, message.number, timestamp_ms)
        try:
            self._decode(message)
            for topic, stored in self.answers(message, timestamp_ms):
                self._accounts.take(topic, stored)
                if topic == self._topics.dead_letters:
                    self._look_at(stored, message.number)
        except Exception as error:  # the very thing that is looked for
            self._accounts.find(message.number, f"raised {error!r:.200}")
        self._accounts.close_slice()

    def answers(self, message: Malformed, timestamp_ms: int) -> Iterator[tuple[str, Stored]]:
        """What a worker writes for it, with the topic."""
        place = self._topics.requests, 0, message.number, timestamp_ms
        answers = Answers(self._calculator, lambda _: Kept(), lambda _: 1)
        answers.add(Read(*place, message.key, message.value, message.headers))
        for topic in (self._topics.results, self._topics.dead_letters):
            for batch in answers.batches(topic):
                assert isinstance(batch, Kept)
                for stored in batch.records:
                    yield topic, stored

    def _decode(self, message: Malformed) -> None:
        try:
            decode_request(message.value)
        except NoRequest as refused:
            if not refused.message.isprintable():
                self._accounts.find(message.number, f"the reason cannot be shown: {refused.message!r:.200}")

    def _look_at(self, letter: Stored, number: int) -> None:
        """A results reader must understand a dead letter that it reads."""
        record = Read(self._topics.dead_letters, 0, 0, 0, letter.key, letter.value, letter.headers)
        event = received(record, replayed=False, at=NOW_S)
        if event is None or event.offset != number:
            self._accounts.find(number, "its dead letter is not understood by the results reader")
