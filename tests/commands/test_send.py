"""`kcalc send`."""

import json
import signal
import time
from pathlib import Path

import pytest

from tests.commands.processes import Kcalc, Running


@pytest.mark.usefixtures("worker")
def test_it_prints_the_result(kcalc: Kcalc) -> None:
    for words, printed in (("5 2 sum", "7\n"), ("-5 2.5 mul", "-12.5\n"), ("16 sqrt", "4\n"), ("0.1 0.2 sum", "0.3\n")):
        run = kcalc("send", *words.split())
        assert (run.returncode, run.stdout, run.stderr) == (0, printed, "")


@pytest.mark.usefixtures("worker")
def test_options_may_stand_before_and_after_the_operands(kcalc: Kcalc) -> None:
    after = kcalc("send", "-5", "-2", "sum", "--times", "3", "--json")
    before = kcalc("send", "--times", "3", "--json", "-5", "-2", "sum")
    for run in (after, before):
        results = [json.loads(line) for line in run.stdout.splitlines()]
        assert [result["result"] for result in results] == ["-7", "-7", "-7"]
        assert [result["id"].rpartition("-")[2] for result in results] == ["0", "1", "2"]


@pytest.mark.usefixtures("worker")
def test_an_error_goes_to_stderr_and_ends_with_1(kcalc: Kcalc) -> None:
    run = kcalc("send", "12", "0", "div", "--times", "12")
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.splitlines() == ["12 ÷ 0: division by zero"] * 10 + ["… and 2 more errors"]
    as_json = kcalc("send", "12", "0", "div", "--json")
    assert as_json.returncode == 1
    assert json.loads(as_json.stdout)["error"]["code"] == "division_by_zero"


@pytest.mark.usefixtures("worker")
def test_many_are_printed_in_the_order_of_sending(kcalc: Kcalc) -> None:
    run = kcalc("send", "2", "3", "pow", "--times", "50000", "--json")
    assert run.returncode == 0
    numbers = [int(json.loads(line)["id"].rpartition("-")[2]) for line in run.stdout.splitlines()]
    assert numbers == list(range(50_000))


@pytest.mark.usefixtures("worker")
def test_it_waits_for_its_own_results_only(kcalc: Kcalc) -> None:
    assert kcalc("send", "1", "1", "sum", "--times", "100", "--no-wait").returncode == 0
    assert kcalc("send", "5", "2", "sum").stdout == "7\n"


def test_an_added_operation_is_sent_like_any_other(tmp_path: Path, variables: dict[str, str]) -> None:
    kcalc = Kcalc(tmp_path, {**variables, "KCALC_OPERATIONS__HYPOT": "math:hypot"})
    with kcalc.start("worker", "0") as worker:
        worker.err_until("idle")
        assert kcalc("send", "3", "4", "hypot").stdout == "5\n"


def test_no_wait_prints_where_each_request_was_stored(kcalc: Kcalc) -> None:
    plain = kcalc("send", "5", "2", "sum", "--no-wait", "--partition", "3")
    place, token = plain.stdout.split()
    assert place == "3@0"
    assert plain.returncode == 0
    run = kcalc("send", "5", "2", "sum", "--no-wait", "--key", "a", "--times", "5", "--json")
    places = [json.loads(line) for line in run.stdout.splitlines()]
    assert len({place["partition"] for place in places}) == 1
    assert [place["id"].rpartition("-")[2] for place in places] == ["0", "1", "2", "3", "4"]
    assert token not in {place["id"] for place in places}


def test_without_a_worker_it_gives_up_in_time_and_says_why(kcalc: Kcalc, variables: dict[str, str]) -> None:
    started = time.monotonic()
    run = kcalc("send", "5", "2", "sum", "--times", "3", "--timeout", "0.5")
    assert time.monotonic() - started < 5
    assert (run.returncode, run.stdout) == (3, "")
    group = variables["KCALC_WORKERS__GROUP"]
    assert run.stderr == (
        f"kcalc: 0 of 3 answered, then nothing for 0.5 s: no worker is in group {group} (start one: kcalc worker 0)\n"
    )


def test_a_partition_that_is_not_there_is_a_usage_error(kcalc: Kcalc) -> None:
    run = kcalc("send", "5", "2", "sum", "--partition", "4")
    assert run.returncode == 2
    assert "--partition 4" in run.stderr
    assert "0 to 3" in run.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["NaN", "2", "sum"], "'NaN' is not a finite number"),
        (["1e999999", "2", "sum"], "the number has more than 10000 digits"),
        (["9" * 100_000, "2", "sum"], "the number has more than 10000 digits"),
        (["5", "2"], "'2' is no operation"),
        (["5", "2", "sum", "--times", "0"], "--times"),
        (["5", "2", "sum", "--times", "-1"], "--times"),
        (["5", "2", "sum", "--times", "1000000000"], "--times"),
        (["5", "2", "sum", "--tmies", "3"], "no option '--tmies' (did you mean --times?)"),
    ],
)
def test_what_is_no_request_is_refused_before_it_is_sent(lonely: Kcalc, words: list[str], said: str) -> None:
    run = lonely("send", *words)
    assert (run.returncode, run.stdout) == (2, "")
    assert said in run.stderr
    assert len(run.stderr) < 600


def test_a_request_that_every_worker_would_refuse_is_refused_at_once(lonely: Kcalc) -> None:
    run = lonely("send", "1" + " " * 70_000, "2", "sum")
    assert run.returncode == 2
    assert "calc.max_request_bytes" in run.stderr


def test_ctrl_c_ends_with_130(kcalc: Kcalc) -> None:
    with kcalc.start("send", "5", "2", "sum", "--timeout", "60", "--no-wait") as stored:
        stored.out()
    with kcalc.start("send", "5", "2", "sum", "--timeout", "60") as waiting:
        _until_stored(kcalc, 2)
        code, took_s = waiting.stop(signal.SIGINT)
        assert waiting.process.stderr is not None
        assert b"Traceback" not in waiting.process.stderr.read()
    assert code == 130
    assert took_s < 3


def _until_stored(kcalc: Kcalc, count: int) -> None:
    deadline = time.monotonic() + 20
    stored = 0
    while stored < count and time.monotonic() < deadline:
        topics = json.loads(kcalc("topics", "describe", "--json").stdout)
        stored = topics[0]["messages"]
    assert stored >= count


@pytest.mark.usefixtures("worker")
def test_a_reader_that_has_seen_enough_ends_it_quietly(kcalc: Kcalc) -> None:
    with kcalc.start("send", "5", "2", "sum", "--times", "20000", "--json") as sending:
        _close_stdout(sending)
        assert sending.process.wait(30) == 0
        assert sending.process.stderr is not None
        assert sending.process.stderr.read() == b""


def _close_stdout(running: Running) -> None:
    running.out()
    assert running.process.stdout is not None
    running.process.stdout.close()
