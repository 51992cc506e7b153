"""Faults come when their time has come, one at a time where two would undo each other."""

from pathlib import Path

import pytest

from tests.faults import nemesis
from tests.faults.brokers import Undo
from tests.faults.crew import Crew
from tests.faults.nemesis import FOR_EVER, Nemesis
from tests.faults.proxy import Proxy
from tests.faults.schedule import Fault, Planned


class Recorder:
    """Stands for the brokers and writes down what is done to them."""

    servers = worker_servers = "nowhere:1"
    replication = 1
    session_timeout_s = 2.0
    faults = frozenset(Fault)
    proxy: Proxy | None = None

    def __init__(self) -> None:
        self.done: list[str] = []

    def __enter__(self) -> "Recorder":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def suffer(self, fault: Fault, topic: str, target: int) -> Undo:
        self.done.append(f"{fault.name} {topic} {target}")
        return lambda: self.done.append(f"{fault.name} is over")


class Clock:
    """A clock that stands still until told otherwise."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(nemesis, "time", clock)
    return clock


def of(planned: list[Planned], brokers: Recorder) -> Nemesis:
    """A nemesis whose crew nobody joins."""
    return Nemesis(planned, brokers, Crew(lambda client_id: [], {}, Path()), "asked")


def test_a_fault_begins_after_its_answers_and_ends_after_its_time(clock: Clock) -> None:
    brokers = Recorder()
    faults = of([Planned(10, Fault.KILL_BROKER, 2.0, 7)], brokers)
    faults.step(9)
    assert (brokers.done, faults.next_after) == ([], 10)
    faults.step(10)
    assert (brokers.done, faults.next_after) == (["KILL_BROKER asked 7"], FOR_EVER)
    clock.now += 1.9
    faults.step(20)
    assert not faults.done
    clock.now += 0.2
    faults.step(20)
    assert faults.done
    assert brokers.done == ["KILL_BROKER asked 7", "KILL_BROKER is over"]
    assert [(each.at_s, each.answered) for each in faults.happened] == [(0.0, 10)]


def test_a_second_fault_of_brokers_waits_for_the_end_of_the_first(clock: Clock) -> None:
    brokers = Recorder()
    faults = of([Planned(0, Fault.STOP_BROKER, 2.0, 1), Planned(0, Fault.DISK_FULL, 2.0, 2)], brokers)
    for _ in range(3):
        faults.step(100)
    assert brokers.done == ["STOP_BROKER asked 1"]
    clock.now += 2.0
    faults.step(100)
    assert brokers.done == ["STOP_BROKER asked 1", "STOP_BROKER is over", "DISK_FULL asked 2"]


def test_what_lasts_at_the_end_is_undone(clock: Clock) -> None:
    brokers = Recorder()
    with of([Planned(0, Fault.FREEZE_BROKER, 60.0, 1)], brokers) as faults:
        faults.step(0)
    assert brokers.done[-1] == "FREEZE_BROKER is over"
