"""A session without Kafka for the tests of the dashboard, which writes down what is asked of it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.dashboard.fake_cluster import FakeCluster
from tests.dashboard.seeded import seeded_figures
from tui.calc.operations import Operations
from tui.clients.look_up import Looked
from tui.events import DeadLetterReceived, Event
from tui.ledger.dead_letters import DeadLetters
from tui.ledger.figures import Figures
from tui.ledger.own_requests import OwnRequests
from tui.ledger.ring import ResultRing
from tui.settings import Settings
from tui.worker_details import WorkerDetails


class FakeLedger:
    """Says what a test wants it to say."""

    def __init__(self, current: Figures) -> None:
        self.current = current
        self.own_requests = OwnRequests("5eed5eed")

    def figures(self, now: float) -> Figures:
        """The figures set last, whatever the time."""
        return self.current


@dataclass(frozen=True, slots=True)
class Sent:
    """One call of `send`."""

    x: str
    operation: str
    y: str | None
    times: int
    key: str | None
    partition: int | None


@dataclass
class FakeSession:
    """Honours the contract of `tui.session.Session` without a broker and writes down what was asked of it.

    `fails` maps the name of a method to the exception that it raises.
    """

    settings: Settings = field(default_factory=Settings)
    ledger: FakeLedger = field(default_factory=lambda: FakeLedger(seeded_figures()))
    results: ResultRing = field(default_factory=lambda: ResultRing(1_000))
    dead_letters: DeadLetters = field(default_factory=DeadLetters)
    cluster: FakeCluster | None = field(default_factory=FakeCluster)
    broker_address: str | None = "127.0.0.1:19092"
    broker_embedded: bool = True
    broker_owned: bool = True
    sent: list[Sent] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    fails: dict[str, Exception] = field(default_factory=dict)
    on_event: Callable[[Event], None] | None = None
    records: dict[tuple[str, int, int], Looked] = field(default_factory=dict)
    """What `look_up` finds, by topic, partition and offset."""
    details: dict[str, WorkerDetails] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.operations = Operations.standard()

    async def start(self) -> None:
        """Running at once."""
        self._note("start")

    async def stop(self) -> None:
        """Stopped at once."""
        self._note("stop")

    def send(
        self,
        x: str,
        operation: str,
        y: str | None,
        *,
        times: int = 1,
        key: str | None = None,
        partition: int | None = None,
    ) -> range:
        """The numbers of the requests; nothing answers them."""
        self._note("send")
        first = sum(sent.times for sent in self.sent)
        self.sent.append(Sent(x, operation, y, times, key, partition))
        return range(first, first + times)

    async def send_again(self, letter: DeadLetterReceived) -> tuple[int, int]:
        """Stored behind all others."""
        self._note(f"send_again {letter.partition}@{letter.offset}")
        return letter.partition, 900

    async def send_corrected(
        self,
        letter: DeadLetterReceived,
        x: str,
        operation: str,
        y: str | None,
        *,
        key: str | None,
        partition: int | None,
    ) -> tuple[int, int]:
        """Stored behind all others."""
        self._note(f"send_corrected {letter.partition}@{letter.offset} {x} {operation} {y} {key!r} {partition}")
        return letter.partition, 901

    def next_partition(self, key: str | None, partition: int | None, partitions: int) -> int | None:
        """As asked for, else by the length of the key, else the first one."""
        return partition if partition is not None else len(key or "") % partitions

    async def look_up(self, topic: str, partition: int, offset: int) -> Looked | None:
        """What the test has put there."""
        self._note(f"look_up {topic} {partition} {offset}")
        return self.records.get((topic, partition, offset))

    async def add_worker(self) -> str:
        """The next free client id."""
        self._note("add_worker")
        return f"client-{len(self.ledger.current.workers)}"

    async def stop_worker(self, client_id: str) -> None:
        self._note(f"stop_worker {client_id}")

    async def start_worker(self, client_id: str) -> None:
        self._note(f"start_worker {client_id}")

    async def pause_worker(self, client_id: str) -> None:
        self._note(f"pause_worker {client_id}")

    async def resume_worker(self, client_id: str) -> None:
        self._note(f"resume_worker {client_id}")

    async def kill_worker(self, client_id: str) -> None:
        self._note(f"kill_worker {client_id}")

    async def restart_worker(self, client_id: str) -> None:
        self._note(f"restart_worker {client_id}")

    async def slow_worker(self, client_id: str, seconds: float) -> None:
        self._note(f"slow_worker {client_id} {seconds:g}")

    def worker_details(self, client_id: str) -> WorkerDetails | None:
        return self.details.get(client_id)

    def _note(self, call: str) -> None:
        if failure := self.fails.get(call.split(" ", maxsplit=1)[0]):
            raise failure
        self.calls.append(call)
