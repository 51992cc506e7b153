"""docker-compose.yml: its broker starts and is healthy, and its workers, dashboard and `send` find each other there."""

import os
import platform
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.commands.processes import Running
from tests.compose import FILE, Here, properties, services
from tests.kafka_cluster import require_real_kafka
from tests.kafka_jars import VERSION
from tests.real_kafka import Node, free_ports, run_tool
from tests.terminal.tmux import Tmux

pytestmark = pytest.mark.timeout(240)

PORTS = ("9092", "19092", "9093")


@dataclass
class Composed:
    """The services, and the broker's as a node of this machine."""

    services: dict[str, dict[str, Any]]
    here: Here
    node: Node

    def healthy(self) -> bool:
        """What the health check of the broker's service finds out, by the program that it names."""
        kind, program, *arguments = self.services["kafka"]["healthcheck"]["test"]
        assert kind == "CMD"
        script = Path(program)
        assert str(script.parent) == "/opt/kafka/bin"  # where the image has Kafka's own programs
        return run_tool(script.stem, *map(self.here.text, arguments)).returncode == 0


@pytest.fixture(scope="module")
def composed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Composed]:
    require_real_kafka()
    folder = tmp_path_factory.mktemp("compose")
    ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
    here = Here(ports, folder / "data", Path(sys.executable).parent)
    found = services()
    wanted = here.properties(found["kafka"]["environment"])
    composed = Composed(found, here, Node(folder / "node", wanted, ports["9092"]))
    assert not composed.healthy()
    try:
        composed.node.start()
        yield composed
    finally:
        composed.node.stop()


def test_the_variables_of_the_image_become_the_properties_that_they_stand_for() -> None:
    assert properties({"KAFKA_LOG_DIRS": "a", "KAFKA_A__B_C___D": 1}) == {"log.dirs": "a", "a_b.c-d": "1"}
    assert properties(services()["kafka"]["environment"])["controller.quorum.voters"] == "1@kafka:9093"


def test_the_image_is_the_version_that_the_tests_run() -> None:
    assert services()["kafka"]["image"] == f"apache/kafka:{VERSION}"


def test_only_this_machine_can_reach_the_broker_and_its_data_outlive_it() -> None:
    broker = services()["kafka"]
    assert [port.partition(":")[0] for port in broker["ports"]] == ["127.0.0.1"]
    (volume,) = broker["volumes"]
    assert volume.partition(":")[2] == broker["environment"]["KAFKA_LOG_DIRS"]
    assert volume.partition(":")[0] in FILE.read_text().partition("\nvolumes:")[2]


def test_workers_dashboard_and_send_wait_for_a_healthy_broker(composed: Composed) -> None:
    assert composed.healthy()
    for name in ("worker", "dashboard", "send"):
        assert composed.services[name]["depends_on"] == {"kafka": {"condition": "service_healthy"}}


def test_a_worker_joins_under_its_host_name_answers_and_leaves_within_its_grace_period(
    composed: Composed, tmp_path: Path
) -> None:
    worker = composed.services["worker"]
    with Running(composed.here.start(worker, tmp_path)) as running:
        assert running.err_until("idle").startswith(platform.node())
        with Running(composed.here.start(composed.services["send"], tmp_path)) as send:
            assert send.out() == "7"
        with Running(composed.here.start(composed.services["send"], tmp_path, "16", "sqrt")) as send:
            assert send.out() == "4"
        code, took_s = running.stop(signal.SIGTERM)
    assert code == 0
    assert took_s < float(worker["stop_grace_period"].removesuffix("s"))


def test_the_dashboard_shows_the_brokers_group_and_answers_in_its_terminal(composed: Composed, tmp_path: Path) -> None:
    if shutil.which("tmux") is None:
        assert "CI" not in os.environ, "tmux must be installed in CI"
        pytest.skip("tmux is not installed")
    dashboard = composed.services["dashboard"]
    assert dashboard["tty"] is True
    assert dashboard["stdin_open"] is True
    with closing(Tmux(tmp_path, 120, 40, composed.here.environment(dashboard))) as tmux:
        tmux.command(*dashboard["entrypoint"], *dashboard["command"])
        tmux.wait_for("STABLE", "client-0", "client-1", "client-2")
        tmux.text("0.1")
        tmux.keys("Tab", "Tab")
        tmux.text("0.2")
        tmux.keys("Enter")
        tmux.wait_for("0.1 + 0.2", " 0.3 ", "1 sent = 1 done")
