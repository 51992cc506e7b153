"""Brings the planned faults about, each when its time has come, and ends them."""

import time
from collections.abc import Sequence
from typing import NamedTuple

from tests.faults.brokers import Brokers, Undo
from tests.faults.crew import Crew
from tests.faults.proxy import FAIR, Weather
from tests.faults.report import Happened
from tests.faults.schedule import OF_CONNECTIONS, OF_WORKERS, Fault, Planned

BEYOND_SESSION_S = 1.0
DELAYS_S = (0.02, 0.1, 0.5)
FOR_EVER = 1 << 62
FOR_EVER_S = 3_600.0


class _Lasting(NamedTuple):
    until: float
    fault: Fault
    undo: Undo


class Nemesis:
    """`step` it often; faults overlap if the run gets on while one lasts."""

    def __init__(self, planned: Sequence[Planned], brokers: Brokers, crew: Crew, topic: str) -> None:
        self.happened: list[Happened] = []
        self._planned = [*planned]
        self._brokers = brokers
        self._crew = crew
        self._topic = topic
        self._lasting: list[_Lasting] = []
        self._started = time.monotonic()

    def __enter__(self) -> "Nemesis":
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._lasting:
            each.undo()

    @property
    def done(self) -> bool:
        """True once all faults have happened and are over."""
        return not self._planned and not self._lasting

    @property
    def next_after(self) -> int:
        """After how many answers the next fault begins; FOR_EVER if there is none."""
        return self._planned[0].after if self._planned else FOR_EVER

    def step(self, answered: int) -> None:
        """End the faults whose time is over, and begin the next one if so much is answered."""
        now = time.monotonic()
        for each in [*self._lasting]:
            if each.until <= now:
                self._lasting.remove(each)
                each.undo()
        if self._planned and answered >= self._planned[0].after and not self._in_the_way(self._planned[0].fault):
            planned = self._planned.pop(0)
            self.happened.append(Happened(now - self._started, answered, planned))
            self._begin(planned)

    def _in_the_way(self, fault: Fault) -> bool:
        """One fault at a time of brokers and connections: two would undo each other."""
        return fault not in OF_WORKERS and any(each.fault not in OF_WORKERS for each in self._lasting)

    def _begin(self, planned: Planned) -> None:
        hold_s, target = planned.hold_s, planned.target
        match planned.fault:
            case Fault.JOIN:
                self._crew.join()
            case Fault.LEAVE:
                self._crew.leave(target)
            case Fault.KILL:
                self._crew.kill(target)
            case Fault.FREEZE:
                beyond_s = self._brokers.session_timeout_s + BEYOND_SESSION_S
                self._later(beyond_s + hold_s, planned, self._crew.freeze(target))
            case fault if fault in OF_CONNECTIONS:
                self._later(hold_s, planned, self._disturb(fault, target))
            case fault:
                self._later(hold_s, planned, self._brokers.suffer(fault, self._topic, target))

    def _later(self, hold_s: float, planned: Planned, undo: Undo) -> None:
        self._lasting.append(_Lasting(time.monotonic() + hold_s, planned.fault, undo))

    def _disturb(self, fault: Fault, target: int) -> Undo:
        proxy = self._brokers.proxy
        assert proxy is not None
        match fault:
            case Fault.CUT:
                proxy.becomes(Weather(refuses=True))
                proxy.cut()
            case Fault.HALF_CLOSE:
                proxy.half_close(towards_broker=bool(target % 2))
            case Fault.DELAY:
                proxy.becomes(Weather(delay_s=DELAYS_S[target % len(DELAYS_S)]))
            case Fault.SILENCE:
                proxy.becomes(Weather(delay_s=FOR_EVER_S))
            case _:
                proxy.becomes(Weather(piece_bytes=1 + target % 1_000, pause_s=0.002))
        return lambda: proxy.becomes(FAIR)
