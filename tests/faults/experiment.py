"""One run: brokers, workers and a sender, faults as the plan has them, and the judgement of what was read back."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.faults.brokers import BROKERS, Brokers
from tests.faults.check import check
from tests.faults.crew import Crew, WorkerCommand, product, variables
from tests.faults.history import History, Outcome
from tests.faults.nemesis import Nemesis
from tests.faults.plan import Plan
from tests.faults.read_back import open_transactions, read_back
from tests.faults.report import Happened, Report
from tests.faults.sender import Sender
from tests.faults.topics import PARTITIONS, Names, create, fresh_names
from tests.faults.watch import Watch

STEP_S = 0.05
AHEAD = 20_000
"""Requests that are sent and not answered, at most: so that requests are sent during every fault."""
STALLS_AFTER_S = 90.0


def run(plan: Plan, folder: Path, command: WorkerCommand = product) -> Report:
    """Run it in `folder`, where logs stay; `command` makes other workers than those of the product."""
    started = time.monotonic()
    names = fresh_names()
    history = History(names.run, plan.requests, PARTITIONS)
    try:
        with BROKERS[plan.cluster](folder) as brokers:
            create(brokers.servers, names, brokers.replication)
            watch = Watch(brokers.servers, names)
            happened, complaints = _Ordeal(plan, folder, command, brokers, names).happen(history, watch)
            for topic in (names.results, names.dead_letters):
                complaints += open_transactions(brokers.servers, topic)
            verdict = check(history, names.requests, read_back(brokers.servers, names, watch))
    except Exception as error:
        error.add_note(f"in the run of {plan.command}, logs: {folder}")
        raise
    acknowledged = history.total(Outcome.ACKNOWLEDGED)
    return Report(plan, acknowledged, tuple(happened), tuple(complaints), verdict, time.monotonic() - started)


@dataclass(frozen=True, slots=True)
class _Ordeal:
    """What happens between the creation of the topics and the judgement."""

    plan: Plan
    folder: Path
    command: WorkerCommand
    brokers: Brokers
    names: Names

    def happen(self, history: History, watch: Watch) -> tuple[list[Happened], list[str]]:
        """Send, answer and suffer until everything is answered and everybody has left; faults and complaints."""
        plan, servers = self.plan, self.brokers.servers
        with ExitStack() as stack:
            stack.enter_context(watch)
            crew = stack.enter_context(Crew(self.command, self._variables(), self.folder))
            faults = plan.schedule(self.brokers.faults)
            nemesis = stack.enter_context(Nemesis(faults, self.brokers, crew, self.names.requests))

            def allowed() -> int:
                return min(watch.answered + AHEAD, nemesis.next_after + plan.requests // plan.faults)

            sender = stack.enter_context(Sender(servers, self.names.requests, history, allowed))

            def done() -> bool:
                crew.look_after()
                nemesis.step(watch.answered)
                return nemesis.done and sender.done and watch.drained(history.total(Outcome.ACKNOWLEDGED))

            complaints = _until(done, lambda: (watch.answered, nemesis.happened[-1:]))
            crew.end()
            return nemesis.happened, complaints + crew.unexpected

    def _variables(self) -> dict[str, str]:
        # A busy machine may keep a worker from its heartbeats for 2 s, and that would not be graceful.
        session_timeout_s = None if self.plan.graceful else self.brokers.session_timeout_s
        return variables(self.names, self.brokers.worker_servers, self.plan.mode, session_timeout_s)


def _until(done: Callable[[], bool], progress: Callable[[], object]) -> list[str]:
    """Step until done; a complaint if there is no progress for STALLS_AFTER_S."""
    seen, since = progress(), time.monotonic()
    while not done():
        if (now := progress()) != seen:
            seen, since = now, time.monotonic()
        if time.monotonic() - since > STALLS_AFTER_S:
            return [f"it stands still since {STALLS_AFTER_S:.0f} s, at {seen}"]
        time.sleep(STEP_S)
    return []
