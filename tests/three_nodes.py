"""Three nodes of real Apache Kafka, replication 3, min.isr 2: what it takes to lose the leader of a partition."""

import time
from collections.abc import Callable
from pathlib import Path

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._metadata import PartitionMetadata

from tests.real_kafka import Node, free_ports, new_cluster_id

NODES = (1, 2, 3)
_WITHIN_S = 60.0
_LOOK_S = 0.1
_ANSWER_S = 3.0


def _properties(folder: Path, node: int, ports: list[int], controllers: list[int]) -> dict[str, str]:
    port, controller = ports[node - 1], controllers[node - 1]
    return {
        "process.roles": "broker,controller",
        "node.id": str(node),
        "controller.quorum.voters": ",".join(f"{n}@127.0.0.1:{controllers[n - 1]}" for n in NODES),
        "listeners": f"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "PLAINTEXT",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        "log.dirs": str(folder / "data"),
        "default.replication.factor": "3",
        "min.insync.replicas": "2",
        "offsets.topic.replication.factor": "3",
        "transaction.state.log.replication.factor": "3",
        "transaction.state.log.min.isr": "2",
        "group.initial.rebalance.delay.ms": "0",
        "offsets.topic.num.partitions": "4",
        "transaction.state.log.num.partitions": "4",
        # A node that was killed or frozen has lost its partitions after 3 s instead of 9.
        "broker.heartbeat.interval.ms": "500",
        "broker.session.timeout.ms": "3000",
        "replica.lag.time.max.ms": "5000",
        "leader.imbalance.check.interval.seconds": "3600",  # only tests move leaders
    }


class ThreeNodes:
    """Nodes 1, 2 and 3 of one cluster, each broker and controller, in process groups of their own.

    All calls wait: in a coroutine use `asyncio.to_thread`. Whoever starts it stops it.
    """

    def __init__(self, folder: Path) -> None:
        ports, controllers, cluster_id = free_ports(3), free_ports(3), new_cluster_id()
        self.bootstrap_servers = ",".join(f"127.0.0.1:{port}" for port in ports)
        self._frozen: set[int] = set()
        self._nodes: dict[int, Node] = {}
        for number, port in zip(NODES, ports, strict=True):
            place = folder / str(number)
            properties = _properties(place, number, ports, controllers)
            self._nodes[number] = Node(place, properties, port, cluster_id=cluster_id)

    def start(self) -> None:
        """Start all nodes and wait until each is in the cluster."""
        for node in self._nodes.values():
            node.launch()
        for node in self._nodes.values():
            node.wait_until_ready()
        self._until(lambda: len(self._metadata(None)[0]) == len(NODES), "three brokers in the cluster")

    def stop(self) -> None:
        """End all nodes."""
        # Without a majority of controllers a node waits in vain for its controlled shutdown.
        for node in self._nodes.values():
            node.kill()
        self._frozen.clear()

    def start_node(self, number: int) -> None:
        """Start one node again and wait until it accepts connections."""
        self._nodes[number].start()

    def stop_node(self, number: int) -> None:
        """Stop one node in good order: it hands its leaderships over first."""
        self.thaw(number)
        self._nodes[number].stop()

    def kill_node(self, number: int) -> None:
        """End one node with `kill -9`."""
        self._frozen.discard(number)
        self._nodes[number].kill()

    def freeze(self, number: int) -> None:
        """Let one node stand still with its connections open (SIGSTOP)."""
        self._nodes[number].freeze()
        self._frozen.add(number)

    def thaw(self, number: int) -> None:
        """Let a frozen node go on (SIGCONT)."""
        if number in self._frozen:
            self._frozen.discard(number)
            self._nodes[number].thaw()

    def leader_of(self, topic: str, partition: int, *, other_than: int | None = None) -> int:
        """The node that leads the partition, once there is one and it is not `other_than`."""
        found: int | None = None

        def led() -> bool:
            nonlocal found
            brokers, partitions = self._metadata(topic)
            found = partitions[partition].leader if partition in partitions else None
            return found in brokers and found != other_than

        self._until(led, f"a leader of {topic}/{partition}")
        assert found is not None
        return found

    def heal(self) -> None:
        """Bring every node back and wait until every partition of every topic has all its replicas in sync."""
        for number, node in self._nodes.items():
            self.thaw(number)
            if not node.running:
                node.launch()
        for node in self._nodes.values():
            node.wait_until_ready()
        self._until(self._whole, "all replicas in sync")

    def _whole(self) -> bool:
        brokers, partitions = self._metadata(None)
        return len(brokers) == len(NODES) and all(len(p.isrs) == len(p.replicas) for p in partitions.values())

    def _metadata(self, topic: str | None) -> tuple[set[int], dict[int, PartitionMetadata]]:
        """The brokers in the cluster and the partitions of a topic, or of all topics numbered anew."""
        admin = AdminClient({"bootstrap.servers": self.bootstrap_servers, "log_level": 0})
        found = admin.list_topics(topic, timeout=_ANSWER_S)
        topics = found.topics.values()
        if topic is not None:
            return set(found.brokers), dict(found.topics[topic].partitions)
        return set(found.brokers), dict(enumerate(p for each in topics for p in each.partitions.values()))

    def _until(self, condition: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + _WITHIN_S
        while True:
            try:
                if condition():
                    return
            except KafkaException as error:
                if time.monotonic() > deadline:
                    raise RuntimeError(f"no {what} within {_WITHIN_S:.0f} s: {error}") from error
            if time.monotonic() > deadline:
                raise RuntimeError(f"no {what} within {_WITHIN_S:.0f} s")
            time.sleep(_LOOK_S)
