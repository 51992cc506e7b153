"""What happened, as plain data: the words in which clients report and ledger and dashboard understand.

Times (`at`) are Unix seconds with fraction. Partitions and offsets are the request's, unless otherwise said.
Our own requests are numbered from 0 in the order of sending; a request's id is `f"{sender}-{number}"`.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Literal

from msgspec import Struct

from tui.calc.messages import Result
from tui.group import Member, PartitionOffsets


class WorkerState(StrEnum):
    """What a worker is doing, in the words shown to a person."""

    CONNECTING = "connecting"
    JOINING = "joining"
    IDLE = "idle"
    BUSY = "busy"
    PAUSED = "paused"
    STOPPING = "stopping"
    STOPPED = "stopped"
    KILLED = "killed"
    NO_BROKER = "no broker"
    REFUSED = "refused"
    FAILED = "failed"

    @property
    def needs_help(self) -> bool:
        """True if it works again only once somebody has mended something."""
        return self in {WorkerState.NO_BROKER, WorkerState.REFUSED, WorkerState.FAILED}


class Link(StrEnum):
    """Whether the broker answers, in the words shown to a person."""

    STARTING = "starting"
    CONNECTED = "connected"
    NO_BROKER = "no broker"
    REFUSED = "refused"

    @property
    def down(self) -> bool:
        """True if no broker works for us: none answers, or those that do let us not in."""
        return self in {Link.NO_BROKER, Link.REFUSED}


class RequestsSent(Struct, frozen=True):
    """`count` requests from number `first` on were handed to the sender; `chosen` is the partition asked for.

    `by_position`: they go out as they once came, without an id of ours, so their answers are known by where they are
    stored.
    """

    first: int
    count: int
    at: float
    by_position: bool = False
    chosen: int | None = None


class RequestsAcknowledged(Struct, frozen=True):
    """The broker stored these requests in one partition, `numbers[i]` at `base_offset + i`."""

    numbers: Sequence[int]
    partition: int
    base_offset: int
    at: float


class RequestsUnsent(Struct, frozen=True):
    """These requests could not be sent, or nobody can say whether they were. A later result corrects it."""

    numbers: Sequence[int]
    reason: str
    at: float


class ReceivedResult(Struct, frozen=True):
    """One message of the results topic with its place there and the time this process saw it."""

    result: Result
    result_partition: int
    result_offset: int
    key: bytes | None
    at: float


class ResultsReceived(Struct, frozen=True):
    """Results in the order in which they were read. `replayed`: they are from before this start and count nothing."""

    results: Sequence[ReceivedResult]
    replayed: bool
    at: float


class DeadLetterReceived(Struct, frozen=True):
    """A message of the dead-letter topic: what could not be understood as a request, and where it stood.

    `key`, `value` and `headers` are the request's byte for byte, `sent_at` its record timestamp, `topic` its topic;
    `client_id` refused it at `refused_at` for `reason`, a code that `message` puts into words.
    """

    request_id: str
    reason: str
    partition: int
    offset: int
    client_id: str
    value: bytes | None
    replayed: bool
    at: float
    message: str = ""
    topic: str = ""
    key: bytes | None = None
    headers: Sequence[tuple[str, bytes | None]] = ()
    sent_at: float | None = None
    refused_at: float | None = None
    letter_partition: int = 0
    letter_offset: int = 0


class WorkerStateChanged(Struct, frozen=True):
    """A worker of this process changed its state. `detail` says what a person should know ("" if nothing), `heard_at`
    when the group last heard of one that was killed (None if it never did)."""

    client_id: str
    state: WorkerState
    detail: str
    at: float
    heard_at: float | None = None


class WorkerSlowed(Struct, frozen=True):
    """A worker of this process waits so many seconds before it answers each request; 0: no longer."""

    client_id: str
    delay_s: float
    at: float


class MembershipLost(Struct, frozen=True):
    """A worker of this process found that it is no member any more, though it neither left nor was killed.

    `late` is what it was late with: "heartbeat" if the coordinator had given it up, "poll" if its own client left
    because nobody read for longer than max.poll.interval.ms. `silent_s` is for how long, in seconds.
    """

    client_id: str
    late: Literal["heartbeat", "poll"]
    silent_s: float
    at: float


class PartitionsAssigned(Struct, frozen=True):
    """A worker of this process owns these partitions now and reads each from the given offset."""

    client_id: str
    generation: int
    offsets: Mapping[int, int]
    at: float


class PartitionsRevoked(Struct, frozen=True):
    """A worker of this process gave these partitions back."""

    client_id: str
    partitions: Sequence[int]
    at: float


class BatchStarted(Struct, frozen=True):
    """A lane took `count` requests in hand; `request` is the text of the first, as a person writes it ("5 × 3")."""

    client_id: str
    partition: int
    count: int
    request: str
    at: float


class BatchFinished(Struct, frozen=True):
    """A lane's requests are answered and acknowledged; `took_s` is the time from BatchStarted."""

    client_id: str
    partition: int
    count: int
    took_s: float
    at: float


class LaneFailed(Struct, frozen=True):
    """A lane stopped on an error and will be tried again after `retry_in_s` seconds."""

    client_id: str
    partition: int
    reason: str
    retry_in_s: float
    at: float


class GroupObserved(Struct, frozen=True):
    """One look at the group: its state as Kafka names it (Stable, PreparingRebalance…), members and offsets.

    `new_protocol`: its members speak the protocol of KIP-848, in which the broker assigns the partitions.
    """

    state: str
    assignor: str
    members: tuple[Member, ...]
    partitions: tuple[PartitionOffsets, ...]
    brokers: int
    at: float
    new_protocol: bool = False


class ObservationFailed(Struct, frozen=True):
    """A look at the group failed; `reason` is shown instead ("no permission: DESCRIBE on group kcalc")."""

    reason: str
    at: float


class LinkChanged(Struct, frozen=True):
    """The connection to the broker came or went; `detail` says what is wrong and what to do."""

    link: Link
    detail: str
    at: float


Event = (
    RequestsSent
    | RequestsAcknowledged
    | RequestsUnsent
    | ResultsReceived
    | DeadLetterReceived
    | WorkerStateChanged
    | WorkerSlowed
    | MembershipLost
    | PartitionsAssigned
    | PartitionsRevoked
    | BatchStarted
    | BatchFinished
    | LaneFailed
    | GroupObserved
    | ObservationFailed
    | LinkChanged
)
