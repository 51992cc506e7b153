"""The states in which the first view is pictured."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from msgspec.structs import replace
from textual.pilot import Pilot

from tests.dashboard.seeded import (
    NOON,
    accounting,
    because,
    first_figures,
    partition,
    seeded_figures,
    seeded_partitions,
    seeded_rebalances,
    seeded_workers,
    worker,
)
from tui.dashboard.app import KcalcApp
from tui.events import Link, WorkerState
from tui.ledger.explain import away
from tui.ledger.figures import Figures, WorkerNote
from tui.worker_details import LaneDetails

REQUEST = ("0", ".", "1", "tab", "tab", "0", ".", "2")
"""0.1 + 0.2, typed but not sent."""


class SnapCompare(Protocol):
    """The fixture of pytest-textual-snapshot."""

    def __call__(
        self,
        app: KcalcApp,
        *,
        terminal_size: tuple[int, int],
        run_before: Callable[[Pilot[None]], Awaitable[None]],
    ) -> bool: ...


@dataclass(frozen=True, slots=True)
class Scene:
    """A state of the screen: what the ledger says, what was answered, what was typed, whether letters are dead."""

    figures: Figures
    answered: bool = False
    typed: tuple[str, ...] = ()
    letters: bool = False


def nothing_sent() -> Figures:
    """Three workers have their partitions and wait for the first request."""
    idle = [
        partition(number, f"client-{number % 3}", committed=0, end=0, in_per_s=0.0, out_per_s=0.0)
        for number in range(4)
    ]
    workers = tuple(
        worker(f"client-{number}", owned, rates=(0,) * 10, history=_joined(owned))
        for number, owned in enumerate(((0, 3), (1,), (2,)))
    )
    totals = replace(first_figures().totals, lag=0, lags=(0,) * 10)
    return first_figures(
        totals=totals,
        link=Link.CONNECTED,
        group_state="Stable",
        generation=1,
        brokers=1,
        age_s=0.4,
        partitions=tuple(idle),
        workers=workers,
    )


def _joined(owned: tuple[int, ...]) -> tuple[WorkerNote, ...]:
    took = [WorkerNote(NOON, f"took p{number} at offset 0") for number in owned]
    return (*took, WorkerNote(NOON - 1, "joining"), WorkerNote(NOON - 1, "connecting"))


def one_paused() -> Figures:
    """client-1 was paused: its partition grows."""
    rows = list(seeded_partitions())
    rows[1] = partition(
        1,
        "client-1",
        owner_state=WorkerState.PAUSED,
        committed=377,
        end=417,
        lag=40,
        oldest_waiting_s=12.0,
        out_per_s=0.0,
    )
    workers = list(seeded_workers())
    workers[1] = worker(
        "client-1",
        (1,),
        state=WorkerState.PAUSED,
        rates=(10, 10, 10, 4, 0, 0, 0, 0, 0, 0),
        run_p50_s=0.081,
        run_p95_s=0.098,
        done=564,
        history=(WorkerNote(NOON - 12, "paused"), *workers[1].history),
    )
    note = "p1 waits: client-1 is paused"
    return seeded_figures(
        partitions=tuple(rows),
        workers=tuple(workers),
        reasons=because(note),
        accounting=accounting(done=1245, in_flight=40),
    )


def broker_gone() -> Figures:
    """The broker does not answer any more; what was known is old."""
    detail = "127.0.0.1:19092 does not answer, trying again"
    workers = tuple(
        worker(f"client-{number}", state=WorkerState.NO_BROKER, detail="no broker, trying again", done=done)
        for number, done in enumerate((702, 564, 7))
    )
    state = WorkerState.NO_BROKER
    rows = tuple(
        partition(n, f"client-{n % 3}", owner_state=state, in_per_s=None, out_per_s=None, lag_per_s=None)
        for n in range(4)
    )
    totals = replace(seeded_figures().totals, skew=None, lag=None)
    reason = away(Link.NO_BROKER, detail, 14.0, known=True)
    return seeded_figures(
        partitions=rows, link=Link.NO_BROKER, link_detail=detail, group_state=None, age_s=14.0, workers=workers,
        totals=totals, reasons=(reason,),
    )  # fmt: skip


def nobody_works() -> Figures:
    """Every worker left; requests wait in Kafka."""
    rows = [partition(number, "", lag=3, end=403, oldest_waiting_s=4.0, out_per_s=0.0) for number in range(4)]
    return seeded_figures(group_state="Empty", partitions=tuple(rows), workers=(), reasons=())


def honest() -> Figures:
    """Nothing committed, no leader, beyond the end, deleted unread; and the books do not balance."""
    rows = (
        partition(0, "client-0", committed=None, end=7, lag=7, oldest_waiting_s=None, lag_per_s=None, in_per_s=None),
        partition(1, "client-1", leader=None, end=None, lag=None, in_per_s=None),
        partition(2, "client-2", committed=120, end=5, lag=None, oldest_waiting_s=None),
        partition(3, None, committed=5, end=107, lag=7, begin=100, oldest_waiting_s=12.0, lag_per_s=-3.0),
    )
    reasons = (
        *because("p1 has no leader: nobody can read or write there"),
        *because("topic deleted and made anew: p2 has a committed offset beyond its end"),
        *because("p3: 95 requests were deleted by retention before anybody read them"),
    )
    books = accounting(wrong="lost: 5eed5eed-17, 5eed5eed-18, 5eed5eed-19 and 3 more", others_done=12)
    return seeded_figures(partitions=rows, reasons=reasons, accounting=books, new_protocol=True)


def rebalanced() -> Figures:
    """The newest rebalance made two requests be answered again."""
    newest, *others = seeded_rebalances()
    return seeded_figures(rebalances=(replace(newest, again=2), *others))


def spare_workers() -> Figures:
    """More workers than partitions."""
    return seeded_figures(workers=(*seeded_workers(), worker("client-3"), worker("client-4")))


def many_workers(count: int) -> Figures:
    """So many workers, each with a partition of its own; one was killed, one slowed down, one runs elsewhere."""
    workers = [
        worker(f"client-{number}", (number,), per_s=float(number), rates=tuple(range(number % 9)), done=10 * number)
        for number in range(count)
    ]
    workers[1] = replace(workers[1], state=WorkerState.KILLED, detail="the group notices after 10 s")
    workers[2] = replace(workers[2], state=WorkerState.BUSY, working_on="9 × 9", took_s=0.08, delay_s=0.2)
    workers[-1] = worker("far-9", (count - 1,), remote=True, state=WorkerState.IDLE)
    return seeded_figures(workers=tuple(workers), reasons=())


def from_near() -> Figures:
    """client-0 is known in all its parts."""
    first, *others = seeded_workers()
    known = replace(first, delay_s=0.2, member_id="client-0-5eed5eed", host="127.0.0.1")
    return seeded_figures(workers=(known, *others))


LANES = (LaneDetails(0, 415, 412, "5 × 3", 0.02, ""), LaneDetails(3, 402, 402, "", None, ""))
"""What the process of client-0 knows of it."""


SCENES = {
    "by_worker": Scene(spare_workers(), answered=True, typed=("escape", "o")),
    "unknown": Scene(honest(), answered=True),
    "connecting": Scene(first_figures(link_detail="starting the broker on 127.0.0.1:19092")),
    "nothing_yet": Scene(nothing_sent()),
    "working": Scene(seeded_figures(), answered=True, typed=REQUEST),
    "paused": Scene(one_paused(), answered=True, typed=REQUEST),
    "no_broker": Scene(broker_gone(), answered=True),
    "no_workers": Scene(nobody_works(), answered=True),
    "workers_3": Scene(seeded_figures(), typed=("escape", "2")),
    "workers_12": Scene(many_workers(12), typed=("escape", "2")),
    "workers_40": Scene(many_workers(40), typed=("escape", "2")),
    "worker_enlarged": Scene(from_near(), typed=("escape", "2", "enter")),
    "worker_slowed": Scene(seeded_figures(), typed=("escape", "2", "z", "2", "0", "0")),
    "rebalanced": Scene(rebalanced(), answered=True, typed=("escape", *["down"] * 4)),
    "events": Scene(seeded_figures(), answered=True, typed=("escape", "3")),
    "flapping": Scene(seeded_figures(flapping=6), answered=True, typed=("escape", "3")),
    "help": Scene(seeded_figures(), answered=True, typed=("escape", "question_mark")),
    "explained": Scene(seeded_figures(), answered=True, typed=("escape", "e")),
    "explained_no_broker": Scene(broker_gone(), answered=True, typed=("escape", "e")),
    "filtered": Scene(seeded_figures(), answered=True, typed=("escape", "slash", *"worker:client-1")),
    "no_dead_letters": Scene(seeded_figures(), typed=("escape", "4")),
    "dead_letters": Scene(seeded_figures(), typed=("escape", "4", "enter", "down"), letters=True),
    "dead_letter": Scene(seeded_figures(), typed=("escape", "4", "down", "enter", "enter"), letters=True),
    "dead_letter_json": Scene(seeded_figures(), typed=("escape", "4", "end", "enter", "enter"), letters=True),
    "send_again": Scene(seeded_figures(), typed=("escape", "4", "enter", "g"), letters=True),
    "correcting": Scene(seeded_figures(), typed=("escape", "4", "end", "enter", "f"), letters=True),
    "saving": Scene(seeded_figures(), answered=True, typed=("escape", "s")),
    "going_to_a_time": Scene(seeded_figures(), answered=True, typed=("escape", "t", *"25:00", "enter")),
    "form_error": Scene(seeded_figures(), answered=True, typed=(*REQUEST[:5], "1", "2", "a", "enter")),
}
