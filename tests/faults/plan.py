"""What is to be run, and the command that runs it again."""

from collections.abc import Collection
from dataclasses import dataclass, field

from tests.faults.schedule import GRACEFUL, Fault, Planned, schedule

MODES = ("at_least_once", "exactly_once")
CLUSTERS = ("embedded", "apache", "apache-3")
REQUESTS = 100_000
FAULTS = 10


@dataclass(frozen=True, slots=True)
class Plan:
    """One run. `only` narrows the faults to some kinds; empty: all that the cluster can suffer."""

    cluster: str
    mode: str
    seed: int
    requests: int = REQUESTS
    faults: int = FAULTS
    only: frozenset[Fault] = field(default_factory=frozenset)

    def schedule(self, possible: Collection[Fault]) -> list[Planned]:
        """The faults of this run on a cluster that can suffer those."""
        return schedule(self.seed, self.requests, self.faults, self.only & set(possible) or possible)

    @property
    def graceful(self) -> bool:
        """True if nothing goes wrong: workers join and leave in good order."""
        return bool(self.only) and self.only <= GRACEFUL

    @property
    def command(self) -> str:
        """What runs it again."""
        only = f" ONLY={','.join(sorted(fault.name for fault in self.only))}" if self.only else ""
        return (
            f"make faults SEED={self.seed} MODE={self.mode} CLUSTER={self.cluster}"
            f" REQUESTS={self.requests} FAULTS={self.faults}{only}"
        )
