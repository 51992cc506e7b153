"""What came of a run, and of many."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tests.faults.plan import Plan
from tests.faults.schedule import Planned
from tests.faults.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Happened:
    """A fault as it happened, `at_s` seconds after the workers were started."""

    at_s: float
    answered: int
    planned: Planned

    def __str__(self) -> str:
        return f"{self.at_s:.1f} s, {self.answered:,} answered: {self.planned}"


@dataclass(frozen=True, slots=True)
class Report:
    """`complaints` are what else was not right than the topics: who stood still, ended by itself, did not leave."""

    plan: Plan
    acknowledged: int
    happened: tuple[Happened, ...]
    complaints: tuple[str, ...]
    verdict: Verdict
    took_s: float

    @property
    def kinds(self) -> set[str]:
        """The kinds of findings; none is allowed but `doubled`, at least once, and not by graceful changes."""
        return self.verdict.kinds() | ({"complaints"} if self.complaints else set())

    @property
    def passed(self) -> bool:
        """True if the run kept the promise of its mode."""
        may_double = self.plan.mode == "at_least_once" and not self.plan.graceful
        return self.kinds <= ({"doubled"} if may_double else set())

    def __str__(self) -> str:
        return "\n".join(
            [
                f"{self.plan.command}: {self.acknowledged:,} acknowledged, {len(self.happened)} faults,"
                f" {self.took_s:.0f} s",
                *(f"  {line}" for line in self.happened),
                *(f"  ! {line}" for line in self.complaints),
                str(self.verdict),
            ]
        )


def faults_of(reports: Sequence[Report]) -> Counter[str]:
    """How often each fault happened in all of them."""
    return Counter(str(each.planned.fault) for report in reports for each in report.happened)
