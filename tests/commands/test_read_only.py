"""--read-only and --profile of the commands."""

import json
from pathlib import Path

import pytest

from tests.commands.processes import Kcalc

PROFILE = "profiles: {prod: {production: true, read_only: true}}\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("send", "1", "2", "sum"), "no request is sent"),
        (("worker", "0"), "no worker is started"),
        (("topics", "create"), "no topic is created"),
        (("topics", "delete", "--yes", "a"), "no topic is deleted"),
    ],
)
def test_a_command_that_writes_is_refused_where_read_only_holds(
    tmp_path: Path, lonely: Kcalc, arguments: tuple[str, ...], words: str
) -> None:
    (tmp_path / "config.yml").write_text(PROFILE)
    run = lonely(*arguments, "--profile", "prod")
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr == f"kcalc: read-only (config.yml, line 1): {words}\n"


def test_the_variable_and_the_option_for_the_profile_lead_to_the_same(tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text(PROFILE)
    run = Kcalc(tmp_path, {"KCALC_PROFILE": "prod"})("worker", "0")
    assert "read-only (config.yml, line 1): no worker is started" in run.stderr
    run = Kcalc(tmp_path, {})("results", "--profile", "dev")
    assert (run.returncode, run.stderr) == (
        2,
        "kcalc: --profile: config.yml has no profile 'dev', allowed: prod\n",
    )


def test_doctor_looks_and_tries_nothing_where_read_only_holds(kcalc: Kcalc, variables: dict[str, str]) -> None:
    run = kcalc("doctor", "--json", "--read-only")
    found = json.loads(run.stdout)
    assert (run.returncode, found["trouble"]) == (0, [])
    assert {check["role"] for check in found["permissions"]} == {"watch"}
    assert found["round_trip"]["seconds"] is None
    assert found["config_origins"]["kafka.read_only"] == "--read-only"
    topics = [topic["name"] for topic in json.loads(kcalc("topics", "list", "--json").stdout)]
    assert not [name for name in topics if name.startswith(variables["KCALC_WORKERS__GROUP"])]


def test_results_that_only_look_create_no_topic(kcalc: Kcalc, variables: dict[str, str]) -> None:
    run = kcalc("results", "--follow", "--read-only")
    assert (run.returncode, run.stdout) == (1, "")
    assert f"there is no topic {variables['KCALC_TOPICS__RESULTS']} yet" in run.stderr


def test_results_are_read_where_read_only_holds(kcalc: Kcalc, worker: object) -> None:
    assert kcalc("send", "6", "7", "mul").stdout == "42\n"
    run = kcalc("results", "--read-only")
    assert run.returncode == 0
    assert "6 × 7 = 42" in run.stdout
