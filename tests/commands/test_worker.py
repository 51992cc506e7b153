"""`kcalc worker`."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.processes import Kcalc, Running, environment


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_what_it_does_and_leaves_within_two_seconds(kcalc: Kcalc, number: signal.Signals) -> None:
    with kcalc.start("worker", "0", "7") as worker:
        worker.err_until("client-0 took p0 at offset 0")
        worker.err_until("idle")
        code, took_s = worker.stop(number)
        assert worker.process.stderr is not None
        rest = worker.process.stderr.read().decode()
    assert code == 0
    assert took_s < 2.0
    assert f"{number.name}: stopping" in rest
    assert "client-0 stopped" in rest
    assert "client-7 stopped" in rest


def test_it_leaves_in_good_order_also_while_it_starts(kcalc: Kcalc) -> None:
    for _ in range(3):
        with kcalc.start("worker", "0") as worker:
            worker.err_until("connecting")
            code, _ = worker.stop()
            assert code == 0


def test_it_takes_the_next_free_client_ids(kcalc: Kcalc, worker: Running) -> None:
    with kcalc.start("worker", "-n", "2") as more:
        names = {more.err_until("connecting").split()[0] for _ in range(2)}
    assert names == {"client-1", "client-2"}


def test_exactly_once_ends_each_answer_with_the_mark_of_a_transaction(kcalc: Kcalc, variables: dict[str, str]) -> None:
    results = variables["KCALC_TOPICS__RESULTS"]
    with kcalc.start("worker", "0", "--exactly-once") as worker:
        worker.err_until("idle")
        assert kcalc("send", "5", "2", "sum").stdout == "7\n"
        (topic,) = json.loads(kcalc("topics", "describe", results, "--json").stdout)
        assert topic["messages"] == 2  # the result, and the mark
        for _ in range(3):
            kcalc("send", "5", "2", "sum", "--partition", "0")
        assert len(kcalc("results", "--last", "3").stdout.splitlines()) == 3


def test_a_client_id_that_is_in_the_group_is_refused(kcalc: Kcalc, worker: Running) -> None:
    run = kcalc("worker", "0")
    assert run.returncode == 1
    assert "client-0 is already in group" in run.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "say either client ids or -n N"),
        (["0", "-n", "2"], "say either client ids or -n N"),
        (["0", "client-0"], "the client id client-0 is given twice"),
        (["a b"], "a client id: found the text 'a b'"),
        (["-n", "0"], "'-n'"),
    ],
)
def test_wrong_client_ids_are_a_usage_error_before_any_broker_is_asked(
    lonely: Kcalc, arguments: list[str], said: str
) -> None:
    run = lonely("worker", *arguments)
    assert run.returncode == 2
    assert said in run.stderr


def test_it_never_imports_textual(tmp_path: Path, variables: dict[str, str]) -> None:
    code = (
        "import sys, atexit\n"
        "atexit.register(lambda: print('loaded', 'textual' in sys.modules, 'rich' in sys.modules, file=sys.stderr))\n"
        "from tui.cli import main\n"
        "main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, "worker", "0"], cwd=tmp_path, env=environment(variables), stderr=subprocess.PIPE
    )
    with Running(process) as worker:
        worker.err_until("idle")
        process.send_signal(signal.SIGTERM)
        assert worker.err_until("loaded") == "loaded False False"


def test_what_the_libraries_log_goes_to_a_file(kcalc: Kcalc, tmp_path: Path) -> None:
    with kcalc.start("worker", "0", "--log-file", "worker.log") as worker:
        worker.err_until("idle")
        worker.stop()
    assert "aiokafka" in (tmp_path / "worker.log").read_text()
    run = kcalc("worker", "0", "--log-file", "no/such/folder.log")
    assert run.returncode == 2
    assert "no/such/folder.log: cannot be written" in run.stderr
