"""Malformed messages in quantity, as the arguments say: `python -m tests.fuzz.messages --seed 1 --count 1000000`."""

import argparse
import asyncio
import faulthandler
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence

import psutil

from tests.fuzz.accounts import Accounts
from tests.fuzz.decoding import Decoding
from tests.fuzz.malformed import Slices
from tests.fuzz.values import DEAD_LETTER, ERROR, KINDS, RESULT
from tests.fuzz.working import settings_for, through_workers
from tests.kafka_cluster import EmbeddedCluster
from tui.settings import TopicSettings

PARTS = ("decode", "worker")
OUTCOMES = (RESULT, ERROR, DEAD_LETTER)
MOST_RSS_MB = 600
_MEGABYTE = 1_000_000


class Progress:
    """Prints how far a part is; keeps its `rate`, in messages a second, and the most memory that was seen."""

    def __init__(self, part: str, count: int) -> None:
        self.part = part
        self.count = count
        self.most_rss_mb = 0.0
        self.rate = 0.0
        self._process = psutil.Process()
        self._started = time.monotonic()

    def __call__(self, done: int) -> None:
        """So many are done."""
        rss_mb = self._process.memory_info().rss / _MEGABYTE
        self.most_rss_mb = max(self.most_rss_mb, rss_mb)
        self.rate = done / (time.monotonic() - self._started)
        print(f"{self.part}: {done:,} of {self.count:,}, {self.rate:,.0f}/s, RSS {rss_mb:.0f} MB", flush=True)


def decode(slices: Slices, _: str, accounts: Accounts, told: Callable[[int], None]) -> None:
    """Without a broker."""
    Decoding(accounts).run(slices, told)


def worker(slices: Slices, delivery: str, accounts: Accounts, told: Callable[[int], None]) -> None:
    """Through workers on the embedded broker, all in this process."""

    async def run() -> None:
        cluster = EmbeddedCluster()
        await cluster.start()
        try:
            settings = settings_for(cluster, delivery)
            accounts.topics = settings.topics
            await through_workers(settings, cluster.bootstrap_servers, slices, accounts, told)
        finally:
            await cluster.broker.close()

    asyncio.run(run())


def figures(accounts: Accounts) -> str:
    """What came of each kind of message, and of all."""
    of_kind, of_all = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for (kind, outcome, text), count in accounts.outcomes.items():
        of_kind[kind, outcome] += count
        of_all[outcome, text] += count
    lines = [f"{'kind of message':<16}" + "".join(f"{outcome + 's':>14}" for outcome in OUTCOMES)]
    lines += [f"{kind:<16}" + "".join(f"{of_kind[kind, each]:>14,}" for each in OUTCOMES) for kind in KINDS]
    lines += [f"{f'{outcome} {text}':<36}{count:>10,}" for (outcome, text), count in sorted(of_all.items())]
    return "\n".join(lines)


def judged(accounts: Accounts, progress: Progress, seed: int) -> bool:
    """Print the figures and all findings, each with the command that runs its message alone; True if there are none."""
    if progress.most_rss_mb > MOST_RSS_MB:
        accounts.find(None, f"RSS was {progress.most_rss_mb:.0f} MB, allowed are {MOST_RSS_MB}")
    print(figures(accounts))
    answered = sum(accounts.outcomes.values())
    if answered != progress.count:
        accounts.find(None, f"{answered:,} of {progress.count:,} are accounted for")
    print(
        f"{progress.part}, seed {seed}: {answered:,} of {progress.count:,} accounted for,"
        f" {progress.rate:,.0f}/s, most RSS {progress.most_rss_mb:.0f} MB"
    )
    for finding in accounts.findings:
        print(f"FAILED, seed {seed}, number {finding.number}: {finding.text}")
        if finding.number is not None:
            only = f"--seed {seed} --first {finding.number} --count 1 --part {progress.part}"
            print(f"    again: python -m tests.fuzz.messages {only}")
    if accounts.found:
        print(f"FAILED: {accounts.found:,} findings")
    return not accounts.found


def main(given: Sequence[str] | None = None) -> int:
    """0 if every message was accounted for and nothing failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.messages", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="the number of the first message")
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--slice", type=int, default=20_000, help="how many are in memory at a time")
    parser.add_argument("--part", choices=PARTS, help="only this one")
    parser.add_argument("--delivery", choices=("at_least_once", "exactly_once"), default="at_least_once")
    asked = parser.parse_args(given)
    faulthandler.enable()
    slices = Slices(asked.seed, range(asked.first, asked.first + asked.count), asked.slice)
    passed = True
    for part, run in zip(PARTS, (decode, worker), strict=True):
        if asked.part in (None, part):
            accounts, progress = Accounts(TopicSettings()), Progress(part, asked.count)
            run(slices, asked.delivery, accounts, progress)
            passed &= judged(accounts, progress, asked.seed)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
