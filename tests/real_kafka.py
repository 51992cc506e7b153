"""Nodes of real Apache Kafka for a test session, started from its jars."""

import base64
import os
import random
import shutil
import signal
import socket
import subprocess
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from tests.kafka_jars import fetched

_FORMAT_TIMEOUT_S = 60.0
_START_TIMEOUT_S = 60.0
_STOP_TIMEOUT_S = 10.0
_PORTS = range(20_000, 32_000)
"""Below those that Linux and macOS give to connections and to whoever listens on port 0."""
TOOLS = {
    "kafka-acls": "org.apache.kafka.tools.AclCommand",
    "kafka-broker-api-versions": "org.apache.kafka.tools.BrokerApiVersionsCommand",
    "kafka-consumer-groups": "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
    "kafka-get-offsets": "org.apache.kafka.tools.GetOffsetShell",
    "kafka-transactions": "org.apache.kafka.tools.TransactionsCommand",
}
"""Kafka's scripts and the classes that they start."""
_TOOL_TIMEOUT_S = 60.0
_QUICK = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
QUICK_JVM = ("-Xmx400m", "-Xms64m", *_QUICK)
"""For nodes that start often and are asked little: half the start-up time of the default, and bounded memory."""


def missing() -> str:
    """Which of the needed programs is not installed ("" if none is missing)."""
    return " and ".join(program for program in ("java", "mvn") if shutil.which(program) is None)


def run_tool(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one of Kafka's own programs to its end ("kafka-acls"); its jars are fetched like the broker's."""
    command = ["java", "-Xmx256m", *_QUICK, "-cp", f"{fetched('kafka-tools', 'tools')}/*", TOOLS[script], *arguments]
    return subprocess.run(command, timeout=_TOOL_TIMEOUT_S, capture_output=True, text=True, check=False)


def free_port() -> int:
    """A port of the loopback interface that was free a moment ago."""
    return free_ports(1)[0]


def free_ports(count: int) -> list[int]:
    """Different ports of the loopback interface that were free a moment ago.

    The system gives none of them to who asks for any port, so a node that is stopped finds its own free again.
    """
    found: list[int] = []
    for port in random.SystemRandom().sample(_PORTS, len(_PORTS)):
        if len(found) == count:
            break
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            found.append(port)
    return found


def new_cluster_id() -> str:
    """16 random bytes in URL-safe base64 without padding, as Kafka wants it."""
    return base64.urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode()


def single_node(folder: Path, port: int) -> dict[str, str]:
    """The properties of a node that is a cluster by itself and listens on `port`, without any security."""
    controller = free_port()
    return {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@127.0.0.1:{controller}",
        "listeners": f"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "PLAINTEXT",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        "log.dirs": str(folder / "data"),
        "offsets.topic.replication.factor": "1",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "group.initial.rebalance.delay.ms": "0",
        "offsets.topic.num.partitions": "4",
        "transaction.state.log.num.partitions": "4",
    }


class Node:
    """One node in KRaft mode in its own process group; `folder` holds its properties, its data and its log.

    `port` is one that it accepts connections at once it is ready; `format_options` go to the formatting of its data
    folder, as `--add-scram` does.
    """

    def __init__(
        self,
        folder: Path,
        properties: Mapping[str, str],
        port: int,
        *,
        cluster_id: str = "",
        jvm: Sequence[str] = QUICK_JVM,
        format_options: Sequence[str] = (),
    ) -> None:
        self.port = port
        self._folder = folder
        self._properties = properties
        self._cluster_id = cluster_id or new_cluster_id()
        self._jvm = jvm
        self._format_options = format_options
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap_servers(self) -> str:
        """HOST:PORT of the node."""
        return f"127.0.0.1:{self.port}"

    @property
    def running(self) -> bool:
        """True from its start until it is stopped or killed, also while it is frozen."""
        return self._process is not None

    def start(self) -> None:
        """Format the data folder if it is new, start the node and wait until it accepts connections."""
        self.launch()
        self.wait_until_ready()

    def launch(self) -> None:
        """Start the node without waiting for it."""
        file = self._folder / "server.properties"
        if not file.exists():
            self._format(file)
        with (self._folder / "kafka.log").open("ab") as log:
            command = [*self._java(*self._jvm), "kafka.Kafka", str(file)]
            self._process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)

    def wait_until_ready(self) -> None:
        """Wait until the node accepts connections. RuntimeError with the end of its log if it does not."""
        deadline = time.monotonic() + _START_TIMEOUT_S
        while not self._accepts():
            if self._process is None or self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                log_text = (self._folder / "kafka.log").read_text(errors="replace")
                raise RuntimeError(f"Apache Kafka did not start: {log_text[-2_000:]}")
            time.sleep(0.1)

    def stop(self) -> None:
        """End the node's process group, gently first."""
        self._end(signal.SIGTERM, signal.SIGKILL)

    def kill(self) -> None:
        """End the node's process group with `kill -9`."""
        self._end(signal.SIGKILL)

    def freeze(self) -> None:
        """Let the node stand still, connections open, as in a long pause of its machine (SIGSTOP)."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen node go on (SIGCONT)."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is None:
            raise RuntimeError("the node does not run")
        os.killpg(self._process.pid, number)

    def _end(self, *signals: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for sent in signals:
            if process.poll() is None:
                os.killpg(process.pid, sent)
                os.killpg(process.pid, signal.SIGCONT)  # frozen, it would take no SIGTERM
            try:
                process.wait(_STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                continue
            return

    def _format(self, file: Path) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(f"{key}={value}\n" for key, value in self._properties.items()))
        # A leading "-" would be read as an option.
        options = [f"--cluster-id={self._cluster_id}", "-c", str(file), *self._format_options]
        command = [*self._java(), "kafka.tools.StorageTool", "format", *options]
        done = subprocess.run(command, timeout=_FORMAT_TIMEOUT_S, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"Apache Kafka could not format {self._folder}: {done.stderr[-2_000:]}")

    def _java(self, *options: str) -> list[str]:
        return ["java", *options, "-cp", f"{fetched('kafka_2.13', 'libs')}/*"]

    def _accepts(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1.0):
                return True
        except OSError:
            return False


class RealKafka(Node):
    """The node that most tests share: one node, no security, and as fast as Kafka is."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        super().__init__(folder, single_node(folder, port), port, jvm=("-Xmx512m", "-Xms128m"))
