"""`kcalc results`."""

import json
import signal

import pytest
from aiokafka import AIOKafkaProducer

from tests.commands.processes import Kcalc, Running
from tui.calc.messages import Result, ResultError, encode_result


@pytest.fixture
def answered(kcalc: Kcalc, worker: Running) -> Kcalc:
    """`kcalc` where three requests have been answered: 1 + 1, 2 + 2, 12 / 0."""
    for words in ("1 1 sum", "2 2 sum", "12 0 div"):
        assert kcalc("send", *words.split()).returncode in (0, 1)
    return kcalc


def test_without_follow_it_shows_all_or_the_last_ones_in_the_order_of_time_and_ends(answered: Kcalc) -> None:
    run = answered("results", "--from-beginning")
    assert (run.returncode, run.stderr) == (0, "")
    assert sorted(line.split("  ", 3)[3] for line in run.stdout.splitlines()) == [
        "1 + 1 = 2",
        "12 ÷ 0  ✖ division by zero",
        "2 + 2 = 4",
    ]
    assert all(line.split("  ")[1] == "client-0" for line in run.stdout.splitlines())
    run = answered("results", "--last", "2", "--json")
    assert [json.loads(line)["operator_1"] for line in run.stdout.splitlines()] == ["2", "12"]
    assert answered("results", "--last", "0").stdout == ""
    assert len(answered("results").stdout.splitlines()) == 3


def test_follow_goes_on_with_new_results_until_interrupted(answered: Kcalc) -> None:
    with answered.start("results", "--follow", "--last", "1", "--json") as following:
        assert json.loads(following.out())["operation"] == "div"
        assert answered("send", "3", "3", "sum").stdout == "6\n"
        assert json.loads(following.out())["result"] == "6"
        code, took_s = following.stop(signal.SIGINT)
        assert code == 130
        assert took_s < 3
        assert following.process.stderr is not None
        assert following.process.stderr.read() == b""


def test_a_reader_that_has_seen_enough_ends_it_quietly(answered: Kcalc) -> None:
    with answered.start("results", "--follow", "--from-beginning") as following:
        following.out()
        assert following.process.stdout is not None
        following.process.stdout.close()
        assert answered("send", "4", "4", "sum").stdout == "8\n"
        assert following.process.wait(20) == 0
        assert following.process.stderr is not None
        assert following.process.stderr.read() == b""


def test_a_topic_that_is_not_there_yet_is_said(kcalc: Kcalc, variables: dict[str, str]) -> None:
    run = kcalc("results")
    assert (run.returncode, run.stdout) == (1, "")
    assert f"there is no topic {variables['KCALC_TOPICS__RESULTS']} yet" in run.stderr


async def test_what_is_hostile_or_no_result_does_not_reach_the_terminal(
    kcalc: Kcalc, variables: dict[str, str], bootstrap_servers: str
) -> None:
    topic = variables["KCALC_TOPICS__RESULTS"]
    assert kcalc("topics", "create").returncode == 0
    hostile = "\x1b[2J\u202e[bold]\x00\n"
    error = ResultError("x", hostile)
    values = [
        encode_result(Result(hostile, hostile, hostile, hostile, None, error, hostile, 0, 0, 1, 1.0, 2.0)),
        b"\xff\xfe",
        b"[]",
        None,
        encode_result(Result("id", "5", "2", "sum", "7", None, "client-0", 0, 1, 1, 1.0, 3.0)),
    ]
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap_servers)
    await producer.start()
    for value in values:
        await producer.send_and_wait(topic, value, key=b"k", partition=0)
    await producer.stop()
    run = kcalc("results", "--from-beginning")
    first, second = run.stdout.splitlines()
    escaped = "\\x1b[2J\\u202e[bold]\\x00\\n"
    assert first.split("  ", 1)[1] == f"{escaped}  0@0  {escaped}({escaped}, {escaped})  ✖ {escaped}"
    assert second.endswith("5 + 2 = 7")
    assert [line.partition(": no result: ")[0] for line in run.stderr.splitlines()] == [
        f"{topic} 0@{offset}" for offset in (1, 2, 3)
    ]
    as_json = kcalc("results", "--from-beginning", "--json")
    assert json.loads(as_json.stdout.splitlines()[0])["operation"] == hostile
    assert all(line.isprintable() for line in as_json.stdout.split("\n"))
