"""`kcalc doctor`."""

import json
from pathlib import Path

from tests.commands.processes import Kcalc, Running


def test_it_shows_versions_configuration_connection_topics_and_a_round_trip(kcalc: Kcalc) -> None:
    run = kcalc("doctor")
    assert (run.returncode, run.stderr) == (0, "")
    words = run.stdout
    for expected in (
        "aiokafka 0.14",
        "aiokafka builds and reads records in C",
        "accepts connections",
        "the cluster checks none",
        "is not there yet",
    ):
        assert expected in words
    assert "a message there and back in" in words
    assert "no worker was there to ask" in words


def test_it_leaves_nothing_behind(kcalc: Kcalc, variables: dict[str, str]) -> None:
    assert kcalc("doctor").returncode == 0
    names = [topic["name"] for topic in json.loads(kcalc("topics", "list", "--json").stdout)]
    assert [name for name in names if name.startswith(variables["KCALC_WORKERS__GROUP"])] == []


def test_with_a_worker_it_sends_a_real_request(kcalc: Kcalc, worker: Running) -> None:
    run = kcalc("doctor", "--json")
    assert run.returncode == 0
    found = json.loads(run.stdout)
    assert found["workers"] == ["client-0"]
    assert found["round_trip"]["through_worker"] is True
    assert 0 < found["round_trip"]["seconds"] < 5
    assert (found["trouble"], found["warnings"]) == ([], [])
    assert {check["allowed"] for check in found["permissions"]} == {True, None}
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
