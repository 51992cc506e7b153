"""A cluster without Kafka for the tests of the dashboard, and the descriptions to show with it."""

import asyncio
from dataclasses import dataclass, field, replace

from tui.clients.described import (
    BrokerDescription,
    ClusterDescription,
    GroupDescription,
    MemberDescription,
    MissingPermission,
    TopicInCluster,
)

ALICE = "User:alice"


def topic(name: str, **changes: object) -> TopicInCluster:
    """A healthy topic of somebody else; `changes` name what differs."""
    one = TopicInCluster(
        name=name, partitions=4, replication=3, in_sync=3, under_replicated=0, leaderless=0, size_bytes=0,
        internal=False, used_for="",
    )  # fmt: skip
    return replace(one, **changes)  # type: ignore[arg-type]  # whatever a test names


def broker(number: int, **changes: object) -> BrokerDescription:
    """One of three; `changes` name what differs."""
    one = BrokerDescription(number, f"b{number}.example", 9092, f"rack-{number}", controller=number == 2)
    return replace(one, **changes)  # type: ignore[arg-type]  # whatever a test names


def group(name: str, **changes: object) -> GroupDescription:
    """A classic group without members; `changes` name what differs."""
    one = GroupDescription(name, "Empty", "consumer", new_protocol=False, members=())
    return replace(one, **changes)  # type: ignore[arg-type]  # whatever a test names


def member(number: int, *partitions: int) -> MemberDescription:
    """A worker with partitions of the requests."""
    return MemberDescription(f"client-{number}", "/10.0.0.7", (("kcalc.requests", partitions),))


def seeded_cluster(**changes: object) -> ClusterDescription:
    """Three brokers, kcalc's topics and another one, three groups, nothing missing."""
    found = ClusterDescription(
        cluster_id="Zm9vYmFyYmF6cXV4cXV1eA",
        principal=ALICE,
        controller=2,
        brokers=(broker(1), broker(2), broker(3)),
        topics=(
            topic("kcalc.requests", size_bytes=12_400, used_for="requests"),
            topic("kcalc.results", size_bytes=1_234_567, used_for="results"),
            topic("kcalc.requests.dlq", used_for="dead letters"),
            topic("orders", partitions=12, in_sync=2, under_replicated=5, size_bytes=78 << 30),
            topic("__consumer_offsets", partitions=50, size_bytes=4_096, internal=True),
        ),
        groups=(
            group("billing", state="Stable", new_protocol=True, members=(MemberDescription("b-1", "/10.0.0.9", ()),)),
            group("connect-1", kind="connect"),
            group("kcalc", state="Stable", members=(member(0, 0, 3), member(1, 1), member(2, 2))),
        ),
        missing=(),
        sizes_trouble="",
        groups_trouble="",
        permissions_trouble="",
        at=1_732_276_867.0,
    )
    return replace(found, **changes)  # type: ignore[arg-type]  # whatever a test names


def without_permissions() -> ClusterDescription:
    """What a login sees that may only watch."""
    denied = "no permission: DESCRIBE on cluster"
    acls = "kafka-acls --bootstrap-server b1.example:9092 --add --allow-principal User:alice --operation"
    found = seeded_cluster()
    return replace(
        found,
        controller=None,
        brokers=tuple(replace(each, controller=False) for each in found.brokers),
        topics=tuple(replace(each, size_bytes=None) for each in found.topics[:3]),
        groups=found.groups[2:],
        sizes_trouble=denied,
        groups_trouble=denied,
        missing=(
            MissingPermission("Write topic kcalc.requests", ("send",), f"{acls} Write --topic kcalc.requests"),
            MissingPermission(
                "Describe cluster", ("see sizes, controller and all groups",), f"{acls} Describe --cluster"
            ),
        ),
    )


@dataclass
class FakeCluster:
    """Honours the contract of `tui.clients.cluster.Cluster` and writes down what was asked of it.

    `fails` is raised by every call while it is set; `open` holds every look while it is not set.
    """

    current: ClusterDescription = field(default_factory=seeded_cluster)
    fails: Exception | None = None
    calls: list[str] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.open.set()

    async def describe(self, within_s: float) -> ClusterDescription:
        self._note("describe")
        await self.open.wait()
        return self.current

    async def create_topic(self, name: str, partitions: int, replication: int) -> None:
        self._note(f"create_topic {name} {partitions} {replication}")

    async def add_partitions(self, name: str, total: int) -> None:
        self._note(f"add_partitions {name} {total}")

    async def delete_topic(self, name: str) -> None:
        self._note(f"delete_topic {name}")

    async def close(self) -> None:
        self.calls.append("close")

    def _note(self, call: str) -> None:
        self.calls.append(call)
        if self.fails is not None:
            raise self.fails
