"""The fault suite for as long as it takes to believe it, on real Apache Kafka: writes docs/reliability.md."""

import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.faults.experiment import run
from tests.faults.plan import MODES, Plan
from tests.faults.report import Report, faults_of

DOCUMENT = Path(__file__).parents[2] / "docs" / "reliability.md"
ONE_NODE = [Plan("apache", mode, seed, 250_000, 50) for mode in MODES for seed in range(101, 105)]
THREE_NODES = [Plan("apache-3", mode, seed, 100_000, 15) for mode in MODES for seed in (201, 202)]
PLANS = (*ONE_NODE, *THREE_NODES)

_TEXT = """# Reliability

What `make soak` found on {date} ({machine}).

Every request that was acknowledged to its sender is held against what stands in the topics after workers, brokers and
connections were made to fail. It is Jepsen's way: keep a history, make things go wrong, then read everything back with
another client (confluent-kafka, `read_committed`) and check it.

{verdict}

{totals}

`again` is how often a request was answered once more. At least once it may happen, after a worker was killed or stood
still, or its broker or connection failed; exactly once it must not.

## Every run

{runs}

What goes wrong, and when, is a function of the seed. This runs the first of them again:

    {command}

Besides lost and doubled, every run is checked for answers that are wrong, out of order within their key, or answers to
nothing; for offsets committed before their answers were stored; for dead letters that are not the same byte for byte;
for transactions left open; and for workers that end by themselves or do not leave in time.

## What was done

{faults}

Workers are processes of `kcalc worker`, two to four of them at a time; one request in a hundred is no request and must
become a dead letter. `apache` is one node of Apache Kafka with a proxy between it and the workers, `apache-3` three
nodes with replication 3 and `min.insync.replicas` 2, of which one that leads a partition or coordinates groups is hit.
CI runs the same for a shorter time, also on the embedded broker, which is made to answer wrongly, too; and it shows
that the suite (`tests/faults/`) finds out workers that commit before they produce, that auto-commit, or that have a
transactional id each.
"""


def main() -> int:
    """Run all and write the document; 1 if a promise was not kept."""
    reports = [*_run(PLANS)]
    DOCUMENT.write_text(document(reports))
    return 0 if all(report.passed for report in reports) else 1


def _run(plans: Sequence[Plan]) -> Iterator[Report]:
    for plan in plans:
        folder = Path(tempfile.mkdtemp(prefix="kcalc-soak-"))
        report = run(plan, folder)
        print(report, flush=True)
        if report.passed:
            shutil.rmtree(folder)
        else:
            print(f"FAILED; topics, logs of workers and brokers: {folder}", flush=True)
        yield report


def document(reports: Sequence[Report]) -> str:
    """The text of docs/reliability.md."""
    kept = all(report.passed for report in reports)
    return _TEXT.format(
        date=time.strftime("%Y-%m-%d"),
        machine=f"{platform.system()}, Python {platform.python_version()}",
        command=reports[0].plan.command,
        verdict="Every promise was kept." if kept else "**Not every promise was kept.**",
        totals=_table(("mode", "requests", "faults", "lost", "again", "wrong", "out of order"), _totals(reports)),
        runs=_table(
            ("mode", "cluster", "seed", "requests", "faults", "lost", "again", "other findings", "minutes"),
            [_row(report) for report in reports],
        ),
        faults=_table(("fault", "times"), [(name, f"{n}") for name, n in sorted(faults_of(reports).items())]),
    )


def _totals(reports: Sequence[Report]) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = []
    for mode in MODES:
        of_mode = [report for report in reports if report.plan.mode == mode]
        verdicts = [report.verdict for report in of_mode]
        figures = (
            sum(report.acknowledged for report in of_mode),
            sum(len(report.happened) for report in of_mode),
            *(sum(len(getattr(verdict, kind)) for verdict in verdicts) for kind in ("lost", "doubled")),
            *(sum(len(getattr(verdict, kind)) for verdict in verdicts) for kind in ("wrong", "reordered")),
        )
        rows.append((mode, *(f"{figure:,}" for figure in figures)))
    return rows


def _row(report: Report) -> Sequence[str]:
    others = ", ".join(sorted(report.kinds - {"lost", "doubled"})) or "none"
    plan, verdict = report.plan, report.verdict
    figures = report.acknowledged, len(report.happened), len(verdict.lost), len(verdict.doubled)
    return (
        plan.mode,
        plan.cluster,
        str(plan.seed),
        *(f"{figure:,}" for figure in figures),
        others,
        f"{report.took_s / 60:.1f}",
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
