"""The suite can fail: workers that are wrong are found out, those of the product do not pass by luck."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.commands.processes import Running, environment
from tests.faults.brokers import BROKERS, Brokers
from tests.faults.check import check
from tests.faults.crew import variables
from tests.faults.doubles import Kind
from tests.faults.experiment import run
from tests.faults.history import History
from tests.faults.plan import Plan
from tests.faults.read_back import open_transactions, read_back
from tests.faults.schedule import Fault
from tests.faults.sender import Sender
from tests.faults.topics import PARTITIONS, Names, create, fresh_names
from tests.faults.verdict import Verdict
from tests.faults.watch import Watch
from tests.kafka_cluster import require_real_kafka

pytestmark = pytest.mark.timeout(240)

COUNT = 400
WITHIN_S = 60.0


@pytest.fixture(scope="module", params=["embedded", "apache"])
def brokers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Brokers]:
    if request.param == "apache":
        require_real_kafka()
    with BROKERS[request.param](tmp_path_factory.mktemp(request.param)) as brokers:
        yield brokers


class Stage:
    """Requests that are sent, and doubles that answer them."""

    def __init__(self, brokers: Brokers, names: Names, history: History, watch: Watch, stack: ExitStack) -> None:
        self._brokers = brokers
        self._names = names
        self._history = history
        self._watch = watch
        self._stack = stack

    def enter(self, kind: Kind, client_id: str, *more: str) -> Running:
        """Start a double."""
        found = variables(self._names, self._brokers.worker_servers, "at_least_once", self._brokers.session_timeout_s)
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.doubles", kind.name, client_id, *more],
            env=environment(found),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        return self._stack.enter_context(Running(process))

    def all_committed(self) -> None:
        """Wait until the group has committed everything."""
        until(lambda: self._watch.drained(COUNT))

    def verdict(self) -> Verdict:
        """What the check finds in the topics as they are."""
        found = read_back(self._brokers.servers, self._names, self._watch)
        return check(self._history, self._names.requests, found)

    def open_transactions(self) -> list[str]:
        """Partitions of the results in which a transaction is open now."""
        return open_transactions(self._brokers.servers, self._names.results, within_s=0.0)


def until(condition: Callable[[], bool]) -> None:
    """Wait until it is so."""
    deadline = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < deadline, f"it did not become so within {WITHIN_S:.0f} s"
        time.sleep(0.05)


@contextmanager
def stage(brokers: Brokers) -> Iterator[Stage]:
    """A stage on which all requests are sent."""
    names = fresh_names()
    create(brokers.servers, names, brokers.replication)
    history = History(names.run, COUNT, PARTITIONS)
    with ExitStack() as stack:
        watch = Watch(brokers.servers, names)
        with Sender(brokers.servers, names.requests, history, lambda: COUNT) as sender:
            until(lambda: sender.done)
        with watch:
            yield Stage(brokers, names, history, watch, stack)
            stack.close()


def killed_between_its_two_steps(brokers: Brokers, kind: Kind) -> Verdict:
    """One is killed in the middle, another one goes on to the end."""
    with stage(brokers) as play:
        first = play.enter(kind, "first", "PAUSE")
        assert first.out() == "paused"
        first.process.kill()
        play.enter(kind, "second")
        play.all_committed()
        return play.verdict()


def woken_after_another_has_taken_over(brokers: Brokers, kind: Kind) -> tuple[Verdict, str]:
    """One stands still in the middle, another one does its work, it goes on; the verdict and what it says then."""
    with stage(brokers) as play:
        zombie = play.enter(kind, "zombie", "PAUSE")
        assert zombie.out() == "paused"
        zombie.process.send_signal(signal.SIGSTOP)
        play.enter(kind, "living")
        play.all_committed()
        assert bool(play.open_transactions()) == (kind is Kind.WORKER_ID)
        assert zombie.process.stdin is not None
        zombie.process.stdin.write(b"\n")
        zombie.process.stdin.flush()
        zombie.process.send_signal(signal.SIGCONT)
        said = zombie.out()
        return play.verdict(), said


@pytest.mark.parametrize("kind", [Kind.COMMIT_FIRST, Kind.AUTO_COMMIT])
def test_a_worker_that_commits_before_it_produces_is_found_to_lose(brokers: Brokers, kind: Kind) -> None:
    verdict = killed_between_its_two_steps(brokers, kind)
    assert {"lost", "committed_too_soon"} <= verdict.kinds() <= {"lost", "committed_too_soon", "doubled"}


def test_a_zombie_with_a_transactional_id_of_its_own_is_found_to_double(brokers: Brokers) -> None:
    verdict, said = woken_after_another_has_taken_over(brokers, Kind.WORKER_ID)
    assert said == "committed"
    assert verdict.kinds() == {"doubled"}


def test_a_zombie_with_the_transactional_id_of_the_partition_is_fenced_and_doubles_nothing(brokers: Brokers) -> None:
    verdict, said = woken_after_another_has_taken_over(brokers, Kind.PARTITION_ID)
    assert said == "fenced"
    assert verdict.kinds() == set()


def test_a_whole_run_finds_out_a_worker_that_commits_before_it_produces(tmp_path: Path) -> None:
    plan = Plan("embedded", "at_least_once", 1, 2_000, 1, frozenset({Fault.KILL}))

    def double(client_id: str) -> list[str]:
        return [sys.executable, "-m", "tests.faults.doubles", Kind.COMMIT_FIRST.name, client_id]

    report = run(plan, tmp_path, double)
    assert "committed_too_soon" in report.kinds
    assert not report.passed
    assert "make faults SEED=1 MODE=at_least_once CLUSTER=embedded REQUESTS=2000 FAULTS=1 ONLY=KILL" in str(report)
