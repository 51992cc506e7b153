"""Runs every measurement, or those named on the command line, and prints the table of docs/benchmarks.md."""

import os
import platform
import sys
import time
from collections.abc import Callable

from bench import broker, delivery, results, screen, slow_terminal, standstill, startup, stopping, tick, watching
from bench.report import Figure, table

MEASUREMENTS: dict[str, Callable[[], list[Figure]]] = {
    "import": lambda: [startup.import_figure()],
    "startup": startup.measure,
    "enter": lambda: [screen.enter_to_result()],
    "broker": broker.measure,
    "delivery": delivery.measure,
    "standstill": standstill.measure,
    "stopping": stopping.measure,
    "slow-terminal": slow_terminal.measure,
    "load": screen.under_load,
    "results": results.measure,
    "tick": tick.measure,
    "watching": watching.measure,
}


def main(names: list[str]) -> int:
    """Measure and print; 1 if a target was missed."""
    unknown = set(names) - MEASUREMENTS.keys()
    if unknown:
        print(
            f"no such measurement: {', '.join(sorted(unknown))}; there are {', '.join(MEASUREMENTS)}",
            file=sys.stderr,
        )
        return 2
    os.environ["PATH"] = os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]
    figures: list[Figure] = []
    for name in names or MEASUREMENTS:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        figures += MEASUREMENTS[name]()
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.release()}, Python {platform.python_version()}"
    print(f"Measured on {time.strftime('%Y-%m-%d')}, {machine}.\n\n{table(figures)}")
    return 0 if all(figure.met for figure in figures) else 1


sys.exit(main(sys.argv[1:]))
