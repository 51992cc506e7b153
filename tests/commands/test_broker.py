"""`kcalc broker`. It is the embedded broker: on real Apache Kafka there is nothing of it to test."""

import json
import signal
import socket
from pathlib import Path

import pytest

from tests.commands.processes import Kcalc


@pytest.fixture
def plain(tmp_path: Path) -> Kcalc:
    return Kcalc(tmp_path, {})


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_listens_and_ends_on_a_signal_within_a_second(plain: Kcalc, number: signal.Signals) -> None:
    with plain.start("broker", "--port", "0") as broker:
        host, _, port = broker.out().removeprefix("listening on ").rpartition(":")
        assert host == "127.0.0.1"
        with socket.create_connection((host, int(port)), timeout=5):
            code, took_s = broker.stop(number)
    assert code == 0
    assert took_s < 1.0


def test_a_port_in_use_is_an_error_that_names_it(plain: Kcalc) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = plain("broker", "--port", str(port))
    assert (run.returncode, run.stdout) == (1, "")
    assert f"cannot listen on 127.0.0.1:{port}" in run.stderr
    assert "in use" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_host_that_is_not_ours_is_an_error_that_names_it(plain: Kcalc) -> None:
    run = plain("broker", "--host", "192.0.2.1", "--port", "0")
    assert run.returncode == 1
    assert "cannot listen on 192.0.2.1:0" in run.stderr


def test_its_port_and_partitions_come_from_the_configuration_too(plain: Kcalc, tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text("kafka: {embedded_port: 0}\ntopics: {partitions: 3}\n")
    with plain.start("broker") as broker:
        servers = broker.out().removeprefix("listening on ")
        assert plain("topics", "create", "--bootstrap-servers", servers).returncode == 0
        topics = json.loads(plain("topics", "list", "--json", "--bootstrap-servers", servers).stdout)
    assert [topic["partitions"] for topic in topics] == [3, 3, 3]


def test_a_signal_right_after_listening_ends_it_in_good_order(plain: Kcalc) -> None:
    for _ in range(3):
        with plain.start("broker", "--port", "0") as broker:
            broker.out()
            assert broker.stop()[0] == 0
