"""Which faults happen when: a pure function of the seed, so that a run that failed can be run again."""

import random
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """What can go wrong."""

    # of a worker
    JOIN = "a worker joins"
    LEAVE = "a worker leaves (SIGTERM)"
    KILL = "a worker is killed (kill -9)"
    FREEZE = "a worker stands still beyond its session (SIGSTOP), then goes on"
    # of the broker, or of the node that leads a partition of the requests
    STOP_BROKER = "the broker is stopped and started again"
    KILL_BROKER = "the broker is killed (kill -9) and started again"
    FREEZE_BROKER = "the broker stands still (SIGSTOP), then goes on"
    # of the connections of the workers
    DELAY = "all that travels is late"
    SILENCE = "nothing travels, and no connection ends"
    CUT = "all connections are cut, and new ones refused"
    HALF_CLOSE = "every connection is closed on one of its sides"
    TRICKLE = "all that travels comes in small pieces"
    # of the answers of the embedded broker
    DISK_FULL = "Produce answers KAFKA_STORAGE_ERROR"
    TOO_FEW_REPLICAS = "Produce answers NOT_ENOUGH_REPLICAS"
    TIMED_OUT = "Produce stores and answers REQUEST_TIMED_OUT"
    LOADING = "the coordinator answers COORDINATOR_LOAD_IN_PROGRESS"
    MOVED = "the coordinator answers NOT_COORDINATOR"
    NO_ANSWER = "requests are handled, and cut off instead of answered"
    THROTTLE = "every answer is held back by a quota"


GRACEFUL = frozenset({Fault.JOIN, Fault.LEAVE})
OF_WORKERS = GRACEFUL | {Fault.KILL, Fault.FREEZE}
OF_BROKERS = frozenset({Fault.STOP_BROKER, Fault.KILL_BROKER, Fault.FREEZE_BROKER})
OF_CONNECTIONS = frozenset({Fault.DELAY, Fault.SILENCE, Fault.CUT, Fault.HALF_CLOSE, Fault.TRICKLE})
OF_ANSWERS = frozenset(
    {
        Fault.DISK_FULL,
        Fault.TOO_FEW_REPLICAS,
        Fault.TIMED_OUT,
        Fault.LOADING,
        Fault.MOVED,
        Fault.NO_ANSWER,
        Fault.THROTTLE,
    }
)
SILENT = frozenset({Fault.SILENCE, Fault.FREEZE_BROKER, Fault.DELAY, Fault.TRICKLE})
LEAST_HOLD_S = 0.3
MOST_HOLD_S = 3.0
BEYOND_REQUEST_S = 5.0
"""One in three faults in which nobody says anything lasts so much longer: beyond the workers' request time-out."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A fault that begins once `after` requests are answered and lasts `hold_s`; `target` chooses whom it hits."""

    after: int
    fault: Fault
    hold_s: float
    target: int

    def __str__(self) -> str:
        return f"after {self.after:,} answers, for {self.hold_s:.1f} s: {self.fault}"


def schedule(seed: int, requests: int, count: int, kinds: Collection[Fault]) -> list[Planned]:
    """`count` faults spread over the run, every kind once before any comes again."""
    chance = random.Random(seed)
    planned: list[Planned] = []
    deck: list[Fault] = []
    for number in range(count):
        if not deck:
            deck = sorted(kinds)
            chance.shuffle(deck)
        after = round(requests * 0.95 * (number + chance.random()) / count)
        hold_s, longer = chance.uniform(LEAST_HOLD_S, MOST_HOLD_S), chance.randrange(3) == 0
        fault = deck.pop()
        if fault in SILENT and longer:
            hold_s += BEYOND_REQUEST_S
        planned.append(Planned(after, fault, hold_s, chance.randrange(1 << 30)))
    return planned
