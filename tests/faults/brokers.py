"""The brokers of a run, each kind with the faults that can happen to it."""

import select
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Protocol, Self

from tests.commands.processes import environment
from tests.faults.proxy import Proxy
from tests.faults.schedule import GRACEFUL, OF_ANSWERS, OF_BROKERS, OF_CONNECTIONS, OF_WORKERS, Fault
from tests.faults.topics import PARTITIONS
from tests.real_kafka import Node, free_ports, single_node
from tests.three_nodes import ThreeNodes

Undo = Callable[[], None]

ANSWER_S = 30.0


class Brokers(Protocol):
    """Brokers that run from `with` on. `faults` is what can be done to them and to workers that use them.

    Senders and those who read back connect to `servers`, workers to `worker_servers`, which may be behind `proxy`.
    """

    @property
    def servers(self) -> str: ...
    @property
    def worker_servers(self) -> str: ...
    @property
    def replication(self) -> int: ...
    @property
    def session_timeout_s(self) -> float: ...
    @property
    def faults(self) -> frozenset[Fault]: ...
    @property
    def proxy(self) -> Proxy | None: ...

    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...

    def suffer(self, fault: Fault, topic: str, target: int) -> Undo:
        """Begin a fault of a broker; of several, one that leads a partition of the topic or coordinates groups."""
        ...


class Embedded:
    """The embedded broker, alone in a process: it listens on 127.0.0.2 and the proxy on the same port of 127.0.0.1."""

    replication = 1
    session_timeout_s = 2.0
    faults = OF_WORKERS | {Fault.STOP_BROKER} | OF_CONNECTIONS | OF_ANSWERS

    def __init__(self, folder: Path) -> None:
        (port,) = free_ports(1)
        self.servers = self.worker_servers = f"127.0.0.1:{port}"
        self.proxy = Proxy(port, ("127.0.0.2", port))
        self._port = port
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.faults.embedded_node", "127.0.0.2", str(self._port), "127.0.0.1"]
        with (self._folder / "broker.log").open("wb") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env=environment({})
            )
        self._stack.callback(self._end)
        self._say("start")
        self._stack.enter_context(self.proxy)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def suffer(self, fault: Fault, topic: str, target: int) -> Undo:
        if fault is Fault.STOP_BROKER:
            self._say("stop")
            return lambda: self._say("start")
        self._say(f"fault {fault.name} {target}")
        return lambda: self._say("heal")

    def _say(self, command: str) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{command}\n".encode())
        self._process.stdin.flush()
        ready, _, _ = select.select([self._process.stdout], [], [], ANSWER_S)
        if not ready or self._process.stdout.readline() != b"ok\n":
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(1.0)
            said = (self._folder / "broker.log").read_text(errors="replace")
            raise RuntimeError(f"the embedded broker did not {command}: {said[-1_000:]}")

    def _end(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.communicate()


class Apache:
    """One node of real Apache Kafka. Workers know it by a listener of their own, whose address is that of the proxy."""

    replication = 1
    session_timeout_s = 2.0
    faults = OF_WORKERS | OF_BROKERS | OF_CONNECTIONS

    def __init__(self, folder: Path) -> None:
        port, behind, before = free_ports(3)
        self.servers, self.worker_servers = f"127.0.0.1:{port}", f"127.0.0.1:{before}"
        self.proxy = Proxy(before, ("127.0.0.1", behind))
        self._node = Node(folder / "kafka", _with_proxy(single_node(folder / "kafka", port), behind, before), port)
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._stack.callback(self._node.kill)
        self._node.start()
        self._stack.enter_context(self.proxy)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def suffer(self, fault: Fault, topic: str, target: int) -> Undo:
        node = self._node
        if fault is Fault.FREEZE_BROKER:
            node.freeze()
            return node.thaw
        (node.kill if fault is Fault.KILL_BROKER else node.stop)()
        return node.start


def _with_proxy(properties: Mapping[str, str], behind: int, before: int) -> dict[str, str]:
    """The node has one more listener, on `behind`, which says that its address is `before`; sessions may be short."""
    more = {
        "listeners": f"PROXIED://127.0.0.1:{behind}",
        "advertised.listeners": f"PROXIED://127.0.0.1:{before}",
        "listener.security.protocol.map": "PROXIED:PLAINTEXT",
    }
    joined = {name: f"{properties[name]},{value}" for name, value in more.items()}
    return {
        **properties,
        **joined,
        "group.min.session.timeout.ms": "1000",
        # A node that was killed may come back only after the session of its broker has ended.
        "broker.heartbeat.interval.ms": "500",
        "broker.session.timeout.ms": "3000",
    }


class ApacheThree:
    """Three nodes of real Apache Kafka, replication 3 and min.isr 2; `target` chooses which of them suffers."""

    replication = 3
    session_timeout_s = 6.0
    faults = (OF_WORKERS | OF_BROKERS) - GRACEFUL
    proxy = None

    def __init__(self, folder: Path) -> None:
        self._nodes = ThreeNodes(folder)
        self.servers = self.worker_servers = self._nodes.bootstrap_servers

    def __enter__(self) -> Self:
        try:
            self._nodes.start()
        except BaseException:
            self._nodes.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._nodes.stop()

    def suffer(self, fault: Fault, topic: str, target: int) -> Undo:
        nodes = self._nodes
        chosen, partition = divmod(target, PARTITIONS)
        leader = nodes.leader_of(topic if chosen % 2 else "__consumer_offsets", partition)
        if fault is Fault.FREEZE_BROKER:
            nodes.freeze(leader)
        elif fault is Fault.KILL_BROKER:
            nodes.kill_node(leader)
        else:
            nodes.stop_node(leader)
        # All in sync again before the next one goes: without two of three nothing can be written.
        return nodes.heal


BROKERS: dict[str, Callable[[Path], Brokers]] = {"embedded": Embedded, "apache": Apache, "apache-3": ApacheThree}
