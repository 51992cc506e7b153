"""What only the process of a worker knows of it, at one moment, for whoever looks at it from near."""

from msgspec import Struct


class LaneDetails(Struct, frozen=True):
    """One lane of a worker at one moment.

    All before `answered` is answered for good, all before `reached` was taken up; `request` is the first in hand, for
    `took_s` seconds. `trouble` is why it stands still, "" if it works.
    """

    partition: int
    reached: int
    answered: int
    request: str
    took_s: float | None
    trouble: str


class WorkerDetails(Struct, frozen=True):
    """What only the process of a worker knows of it. Ages are in seconds, None: that never happened."""

    poll_age_s: float | None
    heartbeat_age_s: float | None
    commit_age_s: float | None
    lanes: tuple[LaneDetails, ...]
