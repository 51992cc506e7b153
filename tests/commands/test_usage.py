"""What every command has in common: help, exit codes, configuration, and what it imports.

Help, wrong usage, a wrong configuration and an absent broker are the same whichever broker there is not: such tests
run once.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.processes import DEADLINE_S, RUN, RUN_TUI, Kcalc, environment

COMMANDS = [
    ["broker"],
    ["worker", "0"],
    ["send", "5", "2", "sum"],
    ["results"],
    ["topics", "list"],
    ["topics", "describe"],
    ["topics", "create"],
    ["topics", "delete", "x"],
    ["doctor"],
]
NAMES = [" ".join(command[: 2 if command[0] == "topics" else 1]) for command in COMMANDS]


@pytest.fixture
def plain(tmp_path: Path) -> Kcalc:
    """`kcalc` in an empty folder."""
    return Kcalc(tmp_path, {})


def python(code: str, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=environment({}),
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
        cwd=cwd,
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_help_of_every_command_names_its_options_and_exit_codes(plain: Kcalc, name: str) -> None:
    run = plain(*name.split(), "--help")
    assert run.returncode == 0
    words = " ".join(run.stdout.split())
    for expected in (f"Usage: kcalc {name}", "--config FILE", "--bootstrap-servers", "Exit codes: 0 done;", "130"):
        assert expected in words


def test_the_help_lists_the_commands(plain: Kcalc) -> None:
    run = plain("--help")
    assert run.returncode == 0
    assert [
        name for name in ("broker", "worker", "send", "results", "topics", "doctor") if name not in run.stdout
    ] == []


def test_the_version_is_that_of_the_package(plain: Kcalc) -> None:
    run = plain("--version")
    assert (run.returncode, run.stdout) == (0, "kcalc 0.1.0\n")


@pytest.mark.parametrize("arguments", [["nosuch"], ["broker", "--nosuch"], ["send"], ["broker", "--port", "many"]])
def test_wrong_usage_ends_with_2(plain: Kcalc, arguments: list[str]) -> None:
    run = plain(*arguments)
    assert run.returncode == 2
    assert "Traceback" not in run.stderr
    assert run.stdout == ""


@pytest.mark.parametrize("command", COMMANDS, ids=NAMES)
def test_a_wrong_configuration_ends_every_command_with_2(plain: Kcalc, tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "bad.yml").write_text("workers:\n  count: many\n")
    run = plain(*command, "--config", "bad.yml")
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr == (
        "kcalc: bad.yml, line 2: workers.count: found the text 'many', allowed: a whole number from 0 to 200\n"
    )


def test_an_added_operation_that_cannot_be_is_a_wrong_configuration(plain: Kcalc, tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text('operations: {hypot: "math:nosuch"}')
    run = plain("send", "3", "4", "hypot")
    assert run.returncode == 2
    assert "operations.hypot" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("command", [command for command in COMMANDS if command != ["broker"]], ids=NAMES[1:])
def test_without_a_broker_every_command_says_how_to_start_one(lonely: Kcalc, command: list[str]) -> None:
    extra = ["--yes"] if command[:2] == ["topics", "delete"] else []
    run = lonely(*command, *extra)
    assert run.returncode == 3
    advice = "no broker answers at 127.0.0.1:1: start one with kcalc broker or kcalc-tui"
    assert advice in run.stdout + run.stderr
    assert "Traceback" not in run.stderr


def test_a_cluster_that_is_not_there_is_named(plain: Kcalc) -> None:
    run = plain("topics", "list", "--bootstrap-servers", "localhost:1")
    assert run.returncode == 3
    assert "no broker answers at localhost:1" in run.stderr


def test_servers_that_are_none_are_a_usage_error(plain: Kcalc) -> None:
    run = plain("results", "--bootstrap-servers", "localhost")
    assert run.returncode == 2
    assert "--bootstrap-servers: kafka.bootstrap_servers: found 'localhost'" in run.stderr


def test_importing_kcalc_imports_nothing_else() -> None:
    run = python("import sys; before = set(sys.modules); import tui; print(sorted(set(sys.modules) - before))")
    assert run.stdout == "['tui']\n"


def test_help_needs_neither_kafka_nor_textual_nor_yaml() -> None:
    code = (
        "import sys, atexit\n"
        "heavy = {'aiokafka', 'kafka', 'textual', 'rich', 'yaml', 'msgspec'}\n"
        "atexit.register(lambda: print(sorted(heavy & set(sys.modules)), file=sys.stderr))\n"
        "from tui.cli import main\n"
        "main()"
    )
    run = python(code, "--help")
    assert run.returncode == 0
    assert run.stderr == "[]\n"


def test_the_dashboard_is_imported_without_the_kafka_clients() -> None:
    code = (
        "import sys, tui.commands.dashboard, tui.dashboard.app, tui.session\n"
        "print('textual' in sys.modules, 'aiokafka' in sys.modules, 'kafka' in sys.modules)"
    )
    assert python(code).stdout == "True False False\n"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--help"], 0, "--workers"),
        (["--version"], 0, "kcalc 0.1.0"),
        (
            ["--workers", "999"],
            2,
            "--workers: workers.count: found the number 999, allowed: a whole number from 0 to 200",
        ),
        (["--config", "nope.yml"], 2, "nope.yml: no such file (named by --config)"),
        ([], 2, "the dashboard needs a terminal"),
    ],
)
def test_the_dashboard_checks_its_command_line_before_it_draws(
    tmp_path: Path, arguments: list[str], code: int, words: str
) -> None:
    run = subprocess.run(
        [*RUN_TUI, *arguments],
        cwd=tmp_path,
        env=environment({}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )
    assert run.returncode == code
    assert words in " ".join((run.stdout + run.stderr).split())
    assert "Traceback" not in run.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
@pytest.mark.usefixtures("worker")
def test_a_full_disk_is_named_and_not_taken_for_an_absent_broker(
    kcalc: Kcalc, variables: dict[str, str], tmp_path: Path
) -> None:
    kcalc("send", "1", "1", "sum")
    for words in ("topics list", "results", "send 1 2 sum", "send 1 2 sum --no-wait", "--help"):
        with open("/dev/full", "w") as full:
            run = subprocess.run(
                [*RUN, *words.split()],
                cwd=tmp_path,
                env=environment(variables),
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                timeout=DEADLINE_S,
                check=False,
            )
        assert run.returncode == 1, words
        assert "kcalc: stdout cannot be written: No space left on device" in run.stderr
        assert "Traceback" not in run.stderr
        assert "no broker" not in run.stderr


@pytest.mark.usefixtures("worker")
def test_a_closed_stdout_is_no_error(variables: dict[str, str], tmp_path: Path) -> None:
    run = subprocess.run(
        ["sh", "-c", '"$@" >&-', "sh", *RUN, "send", "1", "2", "sum"],
        cwd=tmp_path,
        env=environment(variables),
        stderr=subprocess.PIPE,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
