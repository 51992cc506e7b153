"""What the ledger shows: plain figures for the dashboard and the commands, made by `Ledger.figures(now)`.

`None` always means unknown and is shown as `?` or `–`, never as 0. Rates are per second; durations in seconds.
"""

from msgspec import Struct

from tui.events import Link, ReceivedResult, WorkerState


class Accounting(Struct, frozen=True):
    """The books of this process's requests: `sent = done + failed + dead + in_flight`, each counted for itself.

    `again` counts repeated answers of any request; `unsent` those that never went out (not part of `sent`).
    `others_*` are requests of other programs, counted when their answer is seen. `wrong` says in words which ids do
    not balance ("" when all do).
    """

    sent: int
    done: int
    failed: int
    dead: int
    in_flight: int
    again: int
    unsent: int
    others_done: int
    others_failed: int
    others_dead: int
    wrong: str

    @property
    def balanced(self) -> bool:
        """True if every request is accounted for, exactly once."""
        return not self.wrong and self.sent == self.done + self.failed + self.dead + self.in_flight


class PartitionFigures(Struct, frozen=True):
    """One row of partition ▸ worker. `owner` is a client id, "" if nobody owns it, None if unknown.

    `lag_per_s` is by how much the lag grows (below 0: shrinks), `begin` the offset at which the log begins. What comes
    in and what goes out a second is of the same moments, so that they can be compared.
    """

    partition: int
    leader: int | None
    owner: str | None
    owner_state: WorkerState | None
    committed: int | None
    end: int | None
    lag: int | None
    oldest_waiting_s: float | None
    in_per_s: float | None
    out_per_s: float | None
    working_on: str
    waits_for: int | None
    took_s: float | None
    lag_per_s: float | None = None
    begin: int | None = None


class WorkerNote(Struct, frozen=True):
    """A line in a worker's history that is no result: "took p2 at offset 391", "joining", "paused"."""

    at: float
    text: str


class WorkerFigures(Struct, frozen=True):
    """One worker. `remote`: it runs in another process and only its results and its membership are known.

    `history` is newest first: results and notes in one sequence. `rates` are results per second, oldest first.
    `delay_s` is what a person let it wait before each request. `member_id` and `host` are as the group names them.
    """

    client_id: str
    remote: bool
    state: WorkerState | None
    detail: str
    partitions: tuple[int, ...]
    working_on: str
    took_s: float | None
    per_s: float
    rates: tuple[float, ...]
    run_p50_s: float | None
    run_p95_s: float | None
    done: int
    failed: int
    again: int
    history: tuple[ReceivedResult | WorkerNote, ...]
    delay_s: float = 0.0
    member_id: str = ""
    host: str = ""


class Totals(Struct, frozen=True):
    """The panel "Now". Series are one value a second, oldest first.

    `skew` is what the busiest partition answers over what one answers on average; None while too little is answered.
    """

    skew: float | None

    sent_per_s: float
    sent_rates: tuple[float, ...]
    answered_per_s: float
    answered_rates: tuple[float, ...]
    lag: int | None
    lags: tuple[int, ...]
    lag_per_s: float
    wait_p50_s: float | None
    wait_p95_s: float | None
    run_p50_s: float | None
    run_p95_s: float | None


class Reason(Struct, frozen=True):
    """What is the matter, in one sentence, and what helps, in another."""

    what: str
    remedy: str


class Handover(Struct, frozen=True):
    """What a rebalance changed for one worker; None: it was, or is, no member."""

    client_id: str
    before: tuple[int, ...] | None
    after: tuple[int, ...] | None


class Rebalance(Struct, frozen=True):
    """One change of the group's members or of who owns what. `generation` is None if no member here knows it.

    `stood_still` is, by partition, the longest silence between two answers over the rebalance while something
    waited, in seconds, by the times in the messages; partitions where nothing waited are not in it. `again` counts
    answers given once more since, up to the next rebalance.
    """

    at: float
    generation: int | None
    cause: str
    handovers: tuple[Handover, ...]
    moved: tuple[int, ...]
    stood_still: tuple[tuple[int, float], ...]
    again: int


class Figures(Struct, frozen=True):
    """Everything the first view shows, at one moment. `age_s` is how old the group's figures are (None: never seen).

    `new_protocol`: the group's members speak the protocol of KIP-848.
    `rebalances` are newest first; `flapping` is how many there were in the last minute if those are too many, else 0.
    """

    link: Link
    link_detail: str
    group_state: str | None
    generation: int | None
    assignor: str
    brokers: int | None
    age_s: float | None
    trouble: str
    accounting: Accounting
    totals: Totals
    partitions: tuple[PartitionFigures, ...]
    workers: tuple[WorkerFigures, ...]
    rebalances: tuple[Rebalance, ...]
    flapping: int
    reasons: tuple[Reason, ...]
    new_protocol: bool = False

    @property
    def note(self) -> str:
        """The most important reason in one sentence, "" if all is well."""
        return self.reasons[0].what if self.reasons else ""
