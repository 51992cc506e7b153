"""kcalc-tui from start to quit, as a person at a terminal sees it."""

import os
import statistics

from bench.ports import free_port
from bench.report import Figure
from bench.terminal import Terminal

RUNS = 5


def one_run() -> tuple[float, float, float]:
    """Seconds from start to first paint, from start to the first result on screen, and from the quit key to the end."""
    environment = {"KCALC_KAFKA__EMBEDDED_PORT": str(free_port())}
    with Terminal(["kcalc-tui"], environment=environment) as terminal:
        painted = terminal.wait_for_drawn("Partition")
        terminal.type("0.1\t\t0.2\r")
        answered = terminal.wait_for("0.1 + 0.2", " 0.3 ")
        asked = terminal.type("\x11")
        ended = terminal.wait_for_end()
        if terminal.process.returncode != 0:
            raise RuntimeError(f"kcalc-tui ended with {terminal.process.returncode}")
    return painted - terminal.started_at, answered - terminal.started_at, ended - asked


def measure() -> list[Figure]:
    """The figures of a warm start: one run before them fills the caches."""
    one_run()
    paints, results, quits = zip(*(one_run() for _ in range(RUNS)), strict=True)
    rows = (("first paint", paints, 0.5), ("first result", results, 2.0), ("quit", quits, 1.0))
    return [
        Figure(
            f"kcalc-tui, warm: {what}",
            f"median {statistics.median(seconds):.2f} s, worst {max(seconds):.2f} s of {RUNS}",
            f"≤ {target:.1f} s",
            statistics.median(seconds) <= target,
        )
        for what, seconds, target in rows
    ]


def import_figure() -> Figure:
    """How long `import tui` takes beyond an empty interpreter, in milliseconds."""
    import subprocess
    import sys
    import time

    def run(code: str) -> float:
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True, env=dict(os.environ))
        return time.perf_counter() - begun

    empty = min(run("pass") for _ in range(10))
    with_tui = min(run("import tui") for _ in range(10))
    cost = max(0.0, with_tui - empty) * 1000
    return Figure("import tui", f"{cost:.1f} ms", "≤ 20 ms", cost <= 20)
