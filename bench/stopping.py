"""How long stopping takes on real Apache Kafka: of a session, and of a `kcalc worker` process after SIGTERM."""

import asyncio
import os
import signal
import statistics
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, get_args

from msgspec import to_builtins

from bench.report import Figure
from tests.real_kafka import RealKafka
from tui.events import WorkerState
from tui.session import Session
from tui.settings import KafkaSettings, Settings, TopicSettings, WorkerSettings

Mode = Literal["at_least_once", "exactly_once"]
MODES: tuple[Mode, ...] = get_args(Mode)
ROUNDS = 10
TARGET_S = 2.0
STATES = ("at work", "joining", "rebalancing", "with a frozen broker", "with a dead broker")
REQUESTS = 1_000
LATER_S = 0.3  # how much longer than the round before a round leaves the broker away before it stops
_WITHIN_S = 40.0
_LOOK_S = 0.01


class Process:
    """`kcalc worker CLIENT_ID`."""

    def __init__(self, client_id: str, settings: Settings) -> None:
        self._client_id = client_id
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `ended`)
        self._popen = subprocess.Popen(
            ["kcalc", "worker", client_id], stderr=self._said, env=os.environ | _environment(settings)
        )

    @property
    def state(self) -> str:
        """The first word of what it said last about its worker."""
        said = os.pread(self._said.fileno(), 1 << 20, 0).decode().splitlines()
        states = [line.split()[1] for line in said if line.startswith(f"{self._client_id} ")]
        return states[-1] if states else ""

    def freeze(self) -> None:
        """Let it stand still: whoever rebalances now waits for it until its session is over."""
        self._popen.send_signal(signal.SIGSTOP)

    async def ended(self, number: signal.Signals) -> float:
        """Send the signal and wait for the end; the seconds between."""
        begun = time.monotonic()
        self._popen.send_signal(number)
        await _until(lambda: self._popen.poll() is not None)
        self._said.close()
        return time.monotonic() - begun


class Group:
    """A session that sends, works and reads, a process that works, and who holds them up."""

    def __init__(self, address: str, mode: Mode) -> None:
        name = f"stopping-{uuid.uuid4().hex[:8]}"
        self._settings = Settings(
            kafka=KafkaSettings(bootstrap_servers=address),
            topics=TopicSettings(requests=name, results=f"{name}.results", dead_letters=f"{name}.dlq"),
            workers=WorkerSettings(group=name, delivery=mode),
        )
        self._session = Session(self._settings, client_ids=["session"])
        self._processes: dict[str, Process] = {}

    async def make(self, state: str) -> None:
        """Bring both into the state, as far as that is not the broker's."""
        if state == "joining":
            await self._hold_up()
        await self._session.start()
        self._session.send("5", "sum", "2", times=REQUESTS)
        if state == "joining":
            self._start("process")
            await _until(self._both_join)
            return
        await _until(self._session_works)
        self._start("process")
        await _until(lambda: self._processes["process"].state == "idle")
        if state == "rebalancing":
            await self._hold_up()
            await _until(lambda: self._session_works() and self._processes["process"].state == "idle")
            self._start("new")
            await _until(self._both_join)
        self._session.send("5", "sum", "2", times=REQUESTS)

    async def stopped(self) -> tuple[float, float]:
        """Stop session and process at the same time; the seconds that each took."""
        return await asyncio.gather(self._session_stopped(), self._processes.pop("process").ended(signal.SIGTERM))

    async def close(self) -> None:
        """End whoever held them up."""
        await asyncio.gather(*(process.ended(signal.SIGKILL) for process in self._processes.values()))

    async def _hold_up(self) -> None:
        self._start("held")
        await _until(lambda: self._processes["held"].state == "idle")
        self._processes["held"].freeze()

    def _start(self, client_id: str) -> None:
        self._processes[client_id] = Process(client_id, self._settings)

    def _both_join(self) -> bool:
        return self._processes["process"].state == "joining" and self._session_state() is WorkerState.JOINING

    def _session_works(self) -> bool:
        return self._session_state() in {WorkerState.IDLE, WorkerState.BUSY}

    def _session_state(self) -> WorkerState | None:
        (worker,) = (each for each in self._session.ledger.figures(time.time()).workers if each.client_id == "session")
        return worker.state

    async def _session_stopped(self) -> float:
        begun = time.monotonic()
        await self._session.stop()
        return time.monotonic() - begun


def _environment(settings: Settings) -> Mapping[str, str]:
    keys = {"kafka": ["bootstrap_servers"], "topics": ["requests", "results", "dead_letters"]}
    keys["workers"] = ["group", "delivery"]
    values = to_builtins(settings)
    return {f"KCALC_{section}__{key}".upper(): values[section][key] for section, names in keys.items() for key in names}


async def _until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + _WITHIN_S
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"it did not become true within {_WITHIN_S:.0f} s")
        await asyncio.sleep(_LOOK_S)


async def _round(kafka: RealKafka, state: str, later_s: float) -> list[tuple[float, float]]:
    """Both deliveries beside each other: the seconds of session and process, for each."""
    groups = [Group(kafka.bootstrap_servers, mode) for mode in MODES]
    await asyncio.gather(*(group.make(state) for group in groups))
    try:
        if state == "with a frozen broker":
            kafka.freeze()
        elif state == "with a dead broker":
            await asyncio.to_thread(kafka.kill)
        if state.startswith("with"):
            await asyncio.sleep(later_s)
        return await asyncio.gather(*(group.stopped() for group in groups))
    finally:
        if state == "with a frozen broker":
            kafka.thaw()
        elif state == "with a dead broker":
            await asyncio.to_thread(kafka.start)
        await asyncio.gather(*(group.close() for group in groups))


async def _all_rounds(kafka: RealKafka) -> list[Figure]:
    figures = []
    for state in STATES:
        rounds = [await _round(kafka, state, number * LATER_S) for number in range(ROUNDS)]
        for mode, of_mode in zip(MODES, zip(*rounds, strict=True), strict=True):
            for what, took in zip(("session", "worker process"), zip(*of_mode, strict=True), strict=True):
                measured = f"worst {max(took):.2f} s, median {statistics.median(took):.2f} s of {ROUNDS}"
                figures.append(
                    Figure(f"{what} stops, {state}, {mode}", measured, f"≤ {TARGET_S:.0f} s", max(took) <= TARGET_S)
                )
    return figures


def measure() -> list[Figure]:
    """The longest stop of session and process in every state, in both deliveries."""
    with tempfile.TemporaryDirectory(prefix="kcalc-bench-") as folder:
        kafka = RealKafka(Path(folder))
        try:
            kafka.start()
            return asyncio.run(_all_rounds(kafka))
        finally:
            kafka.stop()
