"""Runs the fault suite by hand: one run as the arguments say, whose logs are kept if it fails."""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from tests.faults.experiment import run
from tests.faults.plan import CLUSTERS, FAULTS, MODES, REQUESTS, Plan
from tests.faults.schedule import Fault


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mode", choices=MODES, default=MODES[0])
    parser.add_argument("--cluster", choices=CLUSTERS, default="apache")
    parser.add_argument("--requests", type=int, default=REQUESTS)
    parser.add_argument("--faults", type=int, default=FAULTS)
    parser.add_argument("--only", default="", metavar="NAME,…", help=", ".join(fault.name for fault in Fault))
    return parser.parse_args()


def main() -> int:
    """0 if the run kept its promise."""
    given = arguments()
    only = frozenset(Fault[name] for name in given.only.split(",") if name)
    plan = Plan(given.cluster, given.mode, given.seed, given.requests, given.faults, only)
    folder = Path(tempfile.mkdtemp(prefix="kcalc-faults-"))
    report = run(plan, folder)
    print(report)
    if report.passed:
        shutil.rmtree(folder)
    else:
        print(f"FAILED; logs of workers and brokers: {folder}")
    return 0 if report.passed else 1


if __name__ == "__main__":
    sys.exit(main())
