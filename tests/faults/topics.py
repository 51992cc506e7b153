"""The topics and the group of one run."""

import uuid
from dataclasses import dataclass

from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]

PARTITIONS = 4
CREATED_WITHIN_S = 30.0


@dataclass(frozen=True, slots=True)
class Names:
    """What the run's topics and its group are called."""

    run: str

    @property
    def requests(self) -> str:
        return f"{self.run}.requests"

    @property
    def results(self) -> str:
        return f"{self.run}.results"

    @property
    def dead_letters(self) -> str:
        return f"{self.run}.dlq"

    @property
    def group(self) -> str:
        return self.run


def fresh_names() -> Names:
    """Names that no other run has."""
    return Names(f"f{uuid.uuid4().hex[:8]}")


def create(servers: str, names: Names, replication: int) -> None:
    """Create the three topics; nothing in them expires."""
    admin = AdminClient({"bootstrap.servers": servers, "log_level": 0})
    config = {"retention.ms": "-1", "retention.bytes": "-1"}
    new = [
        NewTopic(topic, num_partitions=PARTITIONS, replication_factor=replication, config=config)
        for topic in (names.requests, names.results, names.dead_letters)
    ]
    for created in admin.create_topics(new, operation_timeout=CREATED_WITHIN_S).values():
        created.result(CREATED_WITHIN_S)
