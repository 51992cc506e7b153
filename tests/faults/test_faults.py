"""Nothing is lost, nothing doubled, nothing out of order, whatever goes wrong: the seeds of CI.

A run that fails prints the command that runs it again; `make soak` is the same for longer.
"""

from pathlib import Path

import pytest

from tests.faults.experiment import run
from tests.faults.plan import Plan
from tests.faults.schedule import GRACEFUL
from tests.kafka_cluster import require_real_kafka

# One at a time, and not while other tests have three nodes: together they would need 2 GB more.
pytestmark = [pytest.mark.timeout(400), pytest.mark.xdist_group("real_nodes")]

MODES = ["at_least_once", "exactly_once"]


def expect_kept(plan: Plan, folder: Path) -> None:
    """Run it; the promise of its mode is kept, and everything was sent and every fault happened."""
    if plan.cluster != "embedded":
        require_real_kafka()
    report = run(plan, folder)
    print(report)
    assert report.passed, f"{report}\nagain: {plan.command}\nlogs: {folder}"
    assert report.acknowledged == plan.requests
    assert len(report.happened) == plan.faults


@pytest.mark.parametrize("mode", MODES)
def test_on_one_node_of_apache_kafka(mode: str, tmp_path: Path) -> None:
    expect_kept(Plan("apache", mode, seed=4, requests=100_000, faults=12), tmp_path)


@pytest.mark.parametrize("mode", MODES)
def test_on_the_embedded_broker(mode: str, tmp_path: Path) -> None:
    expect_kept(Plan("embedded", mode, seed=4, requests=100_000, faults=17), tmp_path)


@pytest.mark.parametrize("mode", MODES)
def test_when_the_leader_of_a_partition_is_lost(mode: str, tmp_path: Path) -> None:
    expect_kept(Plan("apache-3", mode, seed=4, requests=40_000, faults=5), tmp_path)


@pytest.mark.parametrize("cluster", ["embedded", "apache"])
@pytest.mark.parametrize("mode", MODES)
def test_graceful_changes_double_nothing(cluster: str, mode: str, tmp_path: Path) -> None:
    plan = Plan(cluster, mode, seed=4, requests=30_000, faults=10, only=GRACEFUL)
    expect_kept(plan, tmp_path)
