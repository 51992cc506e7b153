"""A broker that is a process of its own, and commands that find it, each test with topics of its own.

Every test that asks for `kcalc`, `variables` or `bootstrap_servers` runs twice: with a `kcalc broker`, and with real
Apache Kafka.
"""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.processes import Kcalc, Running
from tests.real_kafka import RealKafka


@pytest.fixture(scope="session")
def broker_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """HOST:PORT of a `kcalc broker`."""
    with Kcalc(tmp_path_factory.mktemp("broker"), {}).start("broker", "--port", "0") as running:
        yield running.out().removeprefix("listening on ")


@pytest.fixture(params=["embedded", "apache"])
def broker(request: pytest.FixtureRequest) -> str:
    """Which broker this run of the test is for."""
    name: str = request.param
    return name


@pytest.fixture
def bootstrap_servers(broker: str, request: pytest.FixtureRequest) -> str:
    """HOST:PORT of the broker of this run of the test."""
    if broker == "embedded":
        address: str = request.getfixturevalue("broker_process")
        return address
    kafka: RealKafka = request.getfixturevalue("real_kafka")
    return kafka.bootstrap_servers


@pytest.fixture
def variables(broker: str, bootstrap_servers: str) -> dict[str, str]:
    """What leads a command to the broker, as a person would, and to topics and a group of this test."""
    name = f"t{uuid.uuid4().hex[:8]}"
    host, _, port = bootstrap_servers.rpartition(":")
    embedded = {"KCALC_KAFKA__EMBEDDED_HOST": host, "KCALC_KAFKA__EMBEDDED_PORT": port}
    return {
        **(embedded if broker == "embedded" else {"KCALC_BOOTSTRAP_SERVERS": bootstrap_servers}),
        "KCALC_TOPICS__REQUESTS": f"{name}.requests",
        "KCALC_TOPICS__RESULTS": f"{name}.results",
        "KCALC_TOPICS__DEAD_LETTERS": f"{name}.requests.dlq",
        "KCALC_WORKERS__GROUP": name,
    }


@pytest.fixture
def kcalc(tmp_path: Path, variables: dict[str, str]) -> Kcalc:
    """`kcalc` with a broker to talk to."""
    return Kcalc(tmp_path, variables)


@pytest.fixture
def worker(kcalc: Kcalc) -> Iterator[Running]:
    """A worker that has joined."""
    with kcalc.start("worker", "0") as running:
        running.err_until("idle")
        yield running


@pytest.fixture
def lonely(tmp_path: Path) -> Kcalc:
    """`kcalc` where no broker runs: nobody listens on port 1."""
    return Kcalc(tmp_path, {"KCALC_KAFKA__EMBEDDED_PORT": "1"})
