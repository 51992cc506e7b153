"""The workers of a run: processes that join, leave, are killed, stand still and go on."""

import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.commands.processes import RUN, environment
from tests.faults.topics import Names

FEWEST = 2
MOST = 4
AT_FIRST = 3
LEAVES_WITHIN_S = 5.0
"""workers.stop_timeout is 2 s; the rest is for a busy machine, and for the end of the process."""
NO_BROKER = 3
"""The exit code of a command that finds no broker: whoever keeps workers running starts it again."""
AGAIN_AFTER_S = 0.5
JOINED = " joining"
"""What a worker of the product has said once it takes part in the group."""

WorkerCommand = Callable[[str], Sequence[str]]


def product(client_id: str) -> Sequence[str]:
    """The command line of one worker of kcalc."""
    return [*RUN, "worker", client_id, "--log-file", f"{client_id}.log"]


def variables(names: Names, servers: str, delivery: str, session_timeout_s: float | None) -> dict[str, str]:
    """The environment that makes a worker of the run; with time-outs as short as they may be, or those of the product
    if `session_timeout_s` is None."""
    found = {
        "KCALC_BOOTSTRAP_SERVERS": servers,
        "KCALC_TOPICS__REQUESTS": names.requests,
        "KCALC_TOPICS__RESULTS": names.results,
        "KCALC_TOPICS__DEAD_LETTERS": names.dead_letters,
        "KCALC_WORKERS__GROUP": names.group,
    }
    if session_timeout_s is not None:
        found |= {
            "KCALC_KAFKA__REQUEST_TIMEOUT_S": "4",
            "KCALC_WORKERS__SESSION_TIMEOUT_S": f"{session_timeout_s:g}",
            "KCALC_WORKERS__HEARTBEAT_INTERVAL_S": "0.3",
            "KCALC_WORKERS__REBALANCE_TIMEOUT_S": "6",
        }
    # at_least_once is the default, and must be.
    return found if delivery == "at_least_once" else {**found, "KCALC_WORKERS__DELIVERY": delivery}


@dataclass(eq=False, slots=True)
class _Worker:
    client_id: str
    process: subprocess.Popen[bytes]
    frozen: bool = False


@dataclass(slots=True)
class Crew:
    """Between FEWEST and MOST workers that are neither frozen nor leaving. `with` ends them all."""

    command: WorkerCommand
    variables: Mapping[str, str]
    folder: Path
    unexpected: list[str] = field(default_factory=list)
    """Workers that ended by themselves or did not end when asked."""
    _workers: list[_Worker] = field(default_factory=list)
    _leaving: list[tuple[_Worker, float]] = field(default_factory=list)
    _started: int = 0
    _again_at: float = 0.0

    def __enter__(self) -> "Crew":
        for _ in range(AT_FIRST):
            self.join()
        return self

    def __exit__(self, *_: object) -> None:
        for worker in [*self._workers, *(worker for worker, _ in self._leaving)]:
            worker.process.kill()
            worker.process.wait()

    @property
    def at_work(self) -> list[str]:
        """The client ids of those that neither stand still nor leave."""
        return [worker.client_id for worker in self._active()]

    def join(self) -> None:
        """Start one more; with MOST of them the longest-serving one leaves for it."""
        if len(self._active()) >= MOST:
            self._leave(self._active()[0])
        client_id = f"client-{self._started}"
        self._started += 1
        with (self.folder / f"{client_id}.err").open("ab") as err:
            process = subprocess.Popen(
                self.command(client_id),
                cwd=self.folder,
                env=environment(self.variables),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=err,
            )
        self._workers.append(_Worker(client_id, process))

    def leave(self, target: int) -> None:
        """Ask one to leave."""
        self._leave(self._chosen(target))

    def kill(self, target: int) -> None:
        """End one with kill -9."""
        worker = self._chosen(target)
        worker.process.kill()
        worker.process.wait()
        self._workers.remove(worker)

    def freeze(self, target: int) -> Callable[[], None]:
        """Let one stand still; returns what lets it go on."""
        worker = self._chosen(target)
        worker.process.send_signal(signal.SIGSTOP)
        worker.frozen = True

        def go_on() -> None:
            worker.frozen = False
            worker.process.send_signal(signal.SIGCONT)

        return go_on

    def look_after(self) -> None:
        """See who ended, and keep at least FEWEST at work."""
        now = time.monotonic()
        for worker in [*self._workers]:
            if (code := worker.process.poll()) is not None:
                self._workers.remove(worker)
                self._again_at = now + AGAIN_AFTER_S
                if code != NO_BROKER:
                    self.unexpected.append(
                        f"{worker.client_id} ended by itself with {code}: {self._said(worker)[-500:]}"
                    )
        for worker, until in [*self._leaving]:
            code = worker.process.poll()
            if code is None and now < until:
                continue
            self._leaving.remove((worker, until))
            self._left(worker)
        if now >= self._again_at:
            for _ in range(FEWEST - len(self._active())):
                self.join()

    def end(self) -> None:
        """Let everybody go on and leave."""
        for worker in [*self._workers]:
            worker.process.send_signal(signal.SIGCONT)
            self._leave(worker)
        for worker, until in [*self._leaving]:
            with suppress(subprocess.TimeoutExpired):
                worker.process.wait(max(0.1, until - time.monotonic()))
            self._left(worker)
        self._leaving.clear()

    def _active(self) -> list[_Worker]:
        return [worker for worker in self._workers if not worker.frozen]

    def _chosen(self, target: int) -> _Worker:
        if not self._active():
            self.join()
        active = self._active()
        return active[target % len(active)]

    def _leave(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.process.send_signal(signal.SIGTERM)
        self._leaving.append((worker, time.monotonic() + LEAVES_WITHIN_S))

    def _left(self, worker: _Worker) -> None:
        """Complain if it did not leave in good order. One that has not joined yet may simply be ended by SIGTERM."""
        code = worker.process.poll()
        if code is None:
            self.unexpected.append(f"{worker.client_id} did not leave within {LEAVES_WITHIN_S:g} s")
            worker.process.kill()
            worker.process.wait()
        elif code not in (0, NO_BROKER) and (code != -signal.SIGTERM or JOINED in self._said(worker)):
            self.unexpected.append(f"{worker.client_id} left with {code}: {self._said(worker)[-500:]}")

    def _said(self, worker: _Worker) -> str:
        return (self.folder / f"{worker.client_id}.err").read_text(errors="replace")
