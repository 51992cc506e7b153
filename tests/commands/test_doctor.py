"""`kcalc doctor`."""

import json
from pathlib import Path

import pytest

from tests.commands.processes import Kcalc
from tests.kafka_cluster import require_real_kafka
from tests.real_kafka import Node, free_port, single_node


def test_it_shows_versions_configuration_connection_topics_and_a_round_trip(kcalc: Kcalc, broker: str) -> None:
    run = kcalc("doctor")
    assert (run.returncode, run.stderr) == (0, "")
    words = run.stdout
    for expected in (
        "aiokafka 0.14",
        "aiokafka builds and reads records in C",
        "accepts connections",
        "is not there yet",
    ):
        assert expected in words
    # Neither checks permissions. Kafka then says that everything is allowed, the embedded broker says nothing.
    assert ("the cluster checks none" if broker == "embedded" else "ok  may work") in words
    assert "a message there and back in" in words
    assert "no worker was there to ask" in words


def test_it_leaves_nothing_behind(kcalc: Kcalc, variables: dict[str, str]) -> None:
    assert kcalc("doctor").returncode == 0
    names = [topic["name"] for topic in json.loads(kcalc("topics", "list", "--json").stdout)]
    assert [name for name in names if name.startswith(variables["KCALC_WORKERS__GROUP"])] == []


@pytest.mark.timeout(180)
def test_who_asks_a_new_cluster_first_finds_all_in_order(tmp_path: Path) -> None:
    """Only real Kafka: it makes its offsets topic when it is first asked for a group; the embedded broker has none."""
    require_real_kafka()
    folder, port = tmp_path / "kafka", free_port()
    kafka = Node(folder, single_node(folder, port), port)
    kafka.start()
    try:
        run = Kcalc(tmp_path, {})("doctor", "--json", "--bootstrap-servers", kafka.bootstrap_servers)
    finally:
        kafka.stop()
    found = json.loads(run.stdout)
    assert (run.returncode, found["trouble"]) == (0, [])
    assert {permission["allowed"] for permission in found["permissions"]} == {True}


@pytest.mark.usefixtures("worker")
def test_with_a_worker_it_sends_a_real_request(kcalc: Kcalc, broker: str) -> None:
    run = kcalc("doctor", "--json")
    assert run.returncode == 0
    found = json.loads(run.stdout)
    assert found["workers"] == ["client-0"]
    assert found["round_trip"]["through_worker"] is True
    assert 0 < found["round_trip"]["seconds"] < 5
    assert (found["trouble"], found["warnings"]) == ([], [])
    # The embedded broker says nothing of topics and groups; whether a producer may be idempotent, it shows.
    allowed = {True, None} if broker == "embedded" else {True}
    assert {check["allowed"] for check in found["permissions"]} == allowed
    assert [topic["used_for"] for topic in found["topics"]] == ["requests", "results", "dead letters"]


def test_it_shows_no_secret(tmp_path: Path, variables: dict[str, str]) -> None:
    kcalc = Kcalc(tmp_path, {**variables, "KCALC_KAFKA__SASL_PASSWORD": "s3cret-word"})
    for arguments in (["doctor"], ["doctor", "--json"]):
        run = kcalc(*arguments)
        assert "***" in run.stdout
        assert "s3cret-word" not in run.stdout + run.stderr


def test_without_a_broker_it_still_shows_the_rest(lonely: Kcalc) -> None:
    run = lonely("doctor", "--json")
    assert run.returncode == 3
    found = json.loads(run.stdout)
    assert found["connection"] == {"servers": "127.0.0.1:1", "reached": False}
    assert found["config_origins"] == {"kafka.embedded_port": "KCALC_KAFKA__EMBEDDED_PORT"}
    assert "no broker answers at 127.0.0.1:1" in found["trouble"][0]
