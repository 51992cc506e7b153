"""One node of real Apache Kafka for a test session, started from its jars, which Maven fetches once."""

import base64
import os
import shutil
import signal
import socket
import subprocess
import time
import uuid
from pathlib import Path
from xml.sax.saxutils import escape

VERSION = "4.1.1"
_FETCH_TIMEOUT_S = 240.0
_FORMAT_TIMEOUT_S = 60.0
_START_TIMEOUT_S = 60.0
_STOP_TIMEOUT_S = 10.0
_POM = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>kcalc</groupId><artifactId>kafka-jars</artifactId><version>1</version><packaging>pom</packaging>
<dependencies><dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId>
<version>{version}</version></dependency></dependencies></project>
"""
_PROPERTIES = """process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller_port}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={data}
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
offsets.topic.num.partitions=4
transaction.state.log.num.partitions=4
"""


def missing() -> str:
    """Which of the needed programs is not installed ("" if none is missing)."""
    return " and ".join(program for program in ("java", "mvn") if shutil.which(program) is None)


def jars() -> Path:
    """The folder of Kafka's jars in the user's cache, fetched with Maven if it is not there yet."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = home / "kcalc" / f"kafka-{VERSION}"
    libs = folder / "libs"
    if libs.is_dir():
        return libs
    folder.mkdir(parents=True, exist_ok=True)
    pom = folder / "pom.xml"
    pom.write_text(_POM.format(version=escape(VERSION)))
    fetched = folder / f"libs-{uuid.uuid4().hex}"
    command = ["mvn", "-q", "-B", "-f", str(pom), "dependency:copy-dependencies", f"-DoutputDirectory={fetched}"]
    done = subprocess.run(command, timeout=_FETCH_TIMEOUT_S, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"Maven could not fetch Apache Kafka {VERSION}: {(done.stdout + done.stderr)[-2_000:]}")
    if not libs.is_dir():
        fetched.rename(libs)
    return libs


def free_port() -> int:
    """A port of the loopback interface that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class RealKafka:
    """One node in KRaft mode in its own process group; its data live in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()

    @property
    def bootstrap_servers(self) -> str:
        """HOST:PORT of the node."""
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        """Format the data folder if it is new, start the node and wait until it accepts connections."""
        properties = self._folder / "server.properties"
        if not properties.exists():
            self._format(properties)
        with (self._folder / "kafka.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self._java("-Xmx512m", "-Xms128m"), "kafka.Kafka", str(properties)],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + _START_TIMEOUT_S
        while not self._accepts():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                log_text = (self._folder / "kafka.log").read_text(errors="replace")
                raise RuntimeError(f"Apache Kafka did not start: {log_text[-2_000:]}")
            time.sleep(0.1)

    def stop(self) -> None:
        """End the node's process group, gently first."""
        process, self._process = self._process, None
        if process is None:
            return
        for sent in (signal.SIGTERM, signal.SIGKILL):
            if process.poll() is None:
                os.killpg(process.pid, sent)
            try:
                process.wait(_STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                continue
            return

    def _format(self, properties: Path) -> None:
        text = _PROPERTIES.format(port=self.port, controller_port=free_port(), data=self._folder / "data")
        properties.write_text(text)
        cluster_id = base64.urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode()
        # A leading "-" would be read as an option.
        command = ["kafka.tools.StorageTool", "format", f"--cluster-id={cluster_id}", "-c", str(properties)]
        subprocess.run([*self._java(), *command], timeout=_FORMAT_TIMEOUT_S, capture_output=True, check=True)

    def _java(self, *options: str) -> list[str]:
        return ["java", *options, "-cp", f"{jars()}/*"]

    def _accepts(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1.0):
                return True
        except OSError:
            return False
