"""The consumer group as one look finds it: its members, and where each partition stands. Plain data."""

from msgspec import Struct


class Member(Struct, frozen=True):
    """A member of the consumer group as the coordinator describes it. `partitions` are those of the requests topic."""

    member_id: str
    client_id: str
    host: str
    partitions: tuple[int, ...]


class PartitionOffsets(Struct, frozen=True):
    """Where one partition stands; `committed` is None if the group never committed there, `leader` if there is none.

    `waiting_from` is the offset of the first record that waits: the committed one or, if that is not there (any more),
    the one at which the log begins; `end` if nothing is left but what no consumer is shown, such as the end of a
    transaction. Without a leader `waiting_from` and `end` are 0, and mean nothing. `begin` is where the log begins.
    """

    partition: int
    leader: int | None
    committed: int | None
    waiting_from: int
    end: int
    oldest_waiting_at: float | None
    begin: int | None = None
