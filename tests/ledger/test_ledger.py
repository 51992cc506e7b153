"""The figures of partitions and workers, as events make them."""

import pytest

from tests.ledger.builders import NOW, group, place, received, result
from tui.calc.messages import ResultError
from tui.events import (
    BatchFinished,
    BatchStarted,
    Event,
    LaneFailed,
    Link,
    LinkChanged,
    ObservationFailed,
    PartitionsAssigned,
    PartitionsRevoked,
    WorkerState,
    WorkerStateChanged,
)
from tui.group import Member
from tui.ledger.figures import Figures, WorkerNote
from tui.ledger.ledger import Ledger


def state(ledger: Ledger, client_id: str, state: WorkerState, at: float = NOW) -> None:
    ledger.apply(WorkerStateChanged(client_id, state, "", at))


def figures_after(*events: Event, now: float = NOW) -> Figures:
    ledger = Ledger("me")
    for event in events:
        ledger.apply(event)
    return ledger.figures(now)


def test_what_was_taken_up_while_the_batch_before_was_on_its_way_stays_in_hand() -> None:
    ledger = Ledger("me")
    ledger.apply(WorkerStateChanged("client-0", WorkerState.IDLE, "", NOW))
    ledger.apply(BatchStarted("client-0", 0, 1, "1 + 1", NOW))
    ledger.apply(BatchStarted("client-0", 0, 1, "2 + 2", NOW + 0.2))
    ledger.apply(BatchFinished("client-0", 0, 1, 0.3, NOW + 0.3))
    assert ledger.figures(NOW + 0.3).workers[0].working_on == "2 + 2"
    ledger.apply(BatchFinished("client-0", 0, 1, 0.2, NOW + 0.4))
    assert ledger.figures(NOW + 0.4).workers[0].working_on == ""


def test_an_unknown_event_is_refused() -> None:
    with pytest.raises(TypeError, match="not an event"):
        Ledger("me").apply("hello")


def test_at_the_start_everything_is_unknown_and_nothing_is_zero_by_guess() -> None:
    figures = figures_after()
    assert figures.link is Link.STARTING
    assert figures.group_state is None
    assert figures.age_s is None
    assert figures.totals.lag is None
    assert figures.totals.run_p50_s is None


def test_lag_is_what_waits_behind_the_committed_offset_or_where_nothing_was_committed_all_there_is() -> None:
    figures = figures_after(group(place(0, 412, 415), place(1, None, 9, start=2), place(2, None, 0)))
    assert [row.lag for row in figures.partitions] == [3, 7, 0]
    assert [row.committed for row in figures.partitions] == [412, None, None]
    assert figures.totals.lag == 10


def test_the_whole_lag_is_unknown_as_long_as_that_of_one_partition_is() -> None:
    ledger = Ledger("me")
    state(ledger, "client-0", WorkerState.IDLE)
    ledger.apply(group(place(0, 412, 415)))
    ledger.apply(PartitionsAssigned("client-0", 1, {0: 412, 1: 0}, NOW))  # of p1 nothing more is known yet
    assert ledger.figures(NOW).totals.lag is None
    ledger.apply(group(place(0, 412, 415), place(1, 7, 9)))
    assert ledger.figures(NOW).totals.lag == 5


def test_the_inflow_is_the_growth_of_the_end_between_two_observations() -> None:
    figures = figures_after(group(place(0, 0, 100)), group(place(0, 0, 150), at=NOW + 2), now=NOW + 2)
    assert figures.partitions[0].in_per_s == pytest.approx(25)


def test_a_topic_made_anew_starts_its_inflow_afresh() -> None:
    figures = figures_after(group(place(0, 0, 100)), group(place(0, 0, 3), at=NOW + 1))
    assert figures.partitions[0].in_per_s is None


def test_partitions_that_are_gone_are_shown_no_more() -> None:
    figures = figures_after(group(place(0, 0, 1), place(1, 0, 1)), group(place(0, 0, 1)))
    assert [row.partition for row in figures.partitions] == [0]


def test_a_local_worker_owns_what_it_was_assigned_until_it_gives_it_back() -> None:
    ledger = Ledger("me")
    ledger.apply(group(place(0, 0, 0), place(1, 0, 0)))
    state(ledger, "client-0", WorkerState.IDLE)
    ledger.apply(PartitionsAssigned("client-0", 8, {0: 391, 1: 5}, NOW))
    assert [row.owner for row in ledger.figures(NOW).partitions] == ["client-0", "client-0"]
    assert ledger.figures(NOW).generation == 8
    ledger.apply(PartitionsRevoked("client-0", [1], NOW))
    assert [row.owner for row in ledger.figures(NOW).partitions] == ["client-0", ""]
    assert WorkerNote(NOW, "took p0 at offset 391") in ledger.figures(NOW).workers[0].history


def test_a_member_of_the_group_that_runs_elsewhere_is_shown_as_remote_with_its_partitions() -> None:
    member = Member("m-1", "client-7", "/10.0.0.5", (1,))
    figures = figures_after(group(place(0, 0, 0), place(1, 0, 0), members=(member,)))
    assert [row.owner for row in figures.partitions] == ["", "client-7"]
    worker = figures.workers[0]
    assert worker.remote
    assert worker.partitions == (1,)
    assert worker.state is WorkerState.IDLE


def test_a_worker_is_busy_while_a_batch_is_in_hand_and_shortly_after() -> None:
    ledger = Ledger("me")
    state(ledger, "client-0", WorkerState.IDLE)
    ledger.apply(PartitionsAssigned("client-0", 1, {0: 0}, NOW))
    ledger.apply(BatchStarted("client-0", 0, 5, "5 × 3", NOW))
    worker = ledger.figures(NOW + 0.02).workers[0]
    assert (worker.state, worker.working_on) == (WorkerState.BUSY, "5 × 3")
    assert worker.took_s == pytest.approx(0.02)
    ledger.apply(BatchFinished("client-0", 0, 5, 0.03, NOW + 0.03))
    assert ledger.figures(NOW + 0.1).workers[0].state is WorkerState.BUSY
    assert ledger.figures(NOW + 0.1).workers[0].working_on == ""
    assert ledger.figures(NOW + 2).workers[0].state is WorkerState.IDLE


def test_a_partition_with_lag_says_on_which_other_partition_its_owner_is() -> None:
    ledger = Ledger("me")
    ledger.apply(group(place(0, 0, 3), place(3, 0, 2)))
    state(ledger, "client-0", WorkerState.BUSY)
    ledger.apply(PartitionsAssigned("client-0", 1, {0: 0, 3: 0}, NOW))
    ledger.apply(BatchStarted("client-0", 0, 3, "5 × 3", NOW))
    rows = ledger.figures(NOW).partitions
    assert [row.waits_for for row in rows] == [None, 0]


def test_a_stopped_worker_owns_nothing() -> None:
    ledger = Ledger("me")
    ledger.apply(group(place(0, 0, 4)))
    state(ledger, "client-0", WorkerState.IDLE)
    ledger.apply(PartitionsAssigned("client-0", 1, {0: 0}, NOW))
    state(ledger, "client-0", WorkerState.STOPPED)
    figures = ledger.figures(NOW)
    assert figures.partitions[0].owner == ""
    assert "no worker" in figures.note


def test_results_count_for_the_worker_that_computed_them_and_give_wait_and_run() -> None:
    error = ResultError("division_by_zero", "division by zero")
    figures = figures_after(
        received(result("a", offset=1), result("b", offset=2, error=error), result("a", offset=1)),
        group(place(0, 3, 3), members=(Member("m", "client-0", "h", (0,)),)),
    )
    worker = figures.workers[0]
    assert (worker.done, worker.failed, worker.again) == (1, 1, 1)
    assert worker.run_p50_s == pytest.approx(0.002, abs=1e-6)
    assert figures.totals.wait_p95_s == pytest.approx(0.003, abs=1e-6)


def test_a_failed_lane_marks_its_partition_and_is_explained_until_it_works_again() -> None:
    ledger = Ledger("me")
    ledger.apply(group(place(0, 0, 0)))
    state(ledger, "client-0", WorkerState.IDLE)
    ledger.apply(PartitionsAssigned("client-0", 1, {0: 0}, NOW))
    ledger.apply(LaneFailed("client-0", 0, "dead-letter topic refused", 2.0, NOW))
    figures = ledger.figures(NOW)
    assert figures.partitions[0].owner_state is WorkerState.FAILED
    assert "dead-letter topic refused" in figures.note
    ledger.apply(BatchStarted("client-0", 0, 1, "1 + 1", NOW))
    assert ledger.figures(NOW).note == ""


def test_more_workers_than_partitions_is_explained() -> None:
    members = tuple(Member(f"m{n}", f"client-{n}", "h", (n,) if n < 2 else ()) for n in range(3))
    figures = figures_after(group(place(0, 0, 0), place(1, 0, 0), members=members))
    assert figures.note == "2 partitions feed only 2 workers: client-2 cannot help"


def test_a_partition_that_grows_faster_than_it_drains_is_named() -> None:
    member = Member("m", "client-1", "h", (1,))
    figures = figures_after(
        group(place(1, 0, 0), members=(member,)),
        group(place(1, 0, 40), members=(member,), at=NOW + 4),
        now=NOW + 4,
    )
    assert figures.note == "p1 grows by 10/s: client-1 answers nothing"


def test_a_paused_owner_of_waiting_requests_is_named() -> None:
    ledger = Ledger("me")
    ledger.apply(group(place(0, 0, 7)))
    state(ledger, "client-0", WorkerState.PAUSED)
    ledger.apply(PartitionsAssigned("client-0", 1, {0: 0}, NOW))
    assert ledger.figures(NOW).note == "p0: 7 requests wait because client-0 is paused"
    ledger.apply(group(place(0, 6, 7)))
    assert ledger.figures(NOW).note == "p0: 1 request waits because client-0 is paused"


def test_a_look_that_failed_says_why_and_the_figures_grow_old() -> None:
    ledger = Ledger("me")
    ledger.apply(group(place(0, 1, 2)))
    ledger.apply(ObservationFailed("no permission: DESCRIBE on group kcalc", NOW + 5))
    figures = ledger.figures(NOW + 5)
    assert figures.trouble == "no permission: DESCRIBE on group kcalc"
    assert figures.age_s == 5
    assert figures.partitions[0].lag == 1


def test_a_lost_broker_is_said_with_what_to_do() -> None:
    figures = figures_after(LinkChanged(Link.NO_BROKER, "start one with `kcalc broker`", NOW))
    assert (figures.link, figures.link_detail) == (Link.NO_BROKER, "start one with `kcalc broker`")


def test_without_a_broker_the_state_of_the_group_and_the_lag_are_unknown_again() -> None:
    figures = figures_after(group(place(0, 1, 4)), LinkChanged(Link.NO_BROKER, "gone", NOW))
    assert (figures.group_state, figures.generation, figures.totals.lag) == (None, None, None)
    assert figures.partitions[0].lag == 3
