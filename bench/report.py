"""Figures with their targets, as rows of a Markdown table."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure beside what it should be."""

    what: str
    measured: str
    target: str
    met: bool


def percentile(samples: Sequence[float], percent: int) -> float:
    """Nearest-rank percentile of a non-empty sequence."""
    ordered = sorted(samples)
    return ordered[max(0, -(-percent * len(ordered) // 100) - 1)]


def milliseconds(samples: Sequence[float]) -> str:
    """p50, p95 and the worst of durations in seconds."""
    shown = [percentile(samples, 50), percentile(samples, 95), max(samples)]
    return "p50 {:.1f} ms, p95 {:.1f} ms, worst {:.1f} ms".format(*(value * 1000 for value in shown))


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    rows = [f"| {row.what} | {row.measured} | {row.target} | {'yes' if row.met else 'NO'} |" for row in figures]
    return "\n".join(["| figure | measured | target | met |", "|---|---|---|---|", *rows])
