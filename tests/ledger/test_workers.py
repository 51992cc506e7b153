"""What is known of a worker that was killed, slowed down, or lost its place in the group."""

from hypothesis import given
from hypothesis import strategies as st

from tests.ledger.builders import NOW, group, place
from tui.events import (
    Event,
    MembershipLost,
    PartitionsAssigned,
    PartitionsRevoked,
    WorkerSlowed,
    WorkerState,
    WorkerStateChanged,
)
from tui.group import Member
from tui.ledger.figures import Figures, WorkerNote
from tui.ledger.ledger import Ledger

MEMBER = Member("client-0-5eed", "client-0", "/10.0.0.7", (0, 1))
ASSIGNED = PartitionsAssigned("client-0", 1, {0: 0, 1: 0}, NOW)
KILLED = WorkerStateChanged("client-0", WorkerState.KILLED, "the group notices after 10 s", NOW + 1)
IDLE = WorkerStateChanged("client-0", WorkerState.IDLE, "", NOW)


def figures(*events: Event) -> Figures:
    ledger = Ledger("me")
    for event in events:
        ledger.apply(event)
    return ledger.figures(NOW + 5)


def test_a_killed_worker_has_its_partitions_until_the_group_notices() -> None:
    places = [place(number, 0, 9) for number in range(2)]
    known = group(*places, members=(MEMBER,))
    shown = figures(IDLE, ASSIGNED, known, KILLED)
    (one,) = shown.workers
    assert (one.state, one.partitions, one.detail) == (WorkerState.KILLED, (0, 1), "the group notices after 10 s")
    assert [row.owner for row in shown.partitions] == ["client-0", "client-0"]
    assert [row.owner_state for row in shown.partitions] == [WorkerState.KILLED] * 2
    shown = figures(IDLE, ASSIGNED, known, KILLED, group(*places, state="Empty"))
    assert (shown.workers[0].partitions, shown.workers[0].detail) == ((), "")
    assert [row.owner for row in shown.partitions] == ["", ""]


def test_a_member_is_told_with_its_id_and_its_host() -> None:
    (one,) = figures(IDLE, group(place(0, 0, 0), members=(MEMBER,))).workers
    assert (one.member_id, one.host) == ("client-0-5eed", "10.0.0.7")
    (one,) = figures(IDLE).workers
    assert (one.member_id, one.host) == ("", "")


def test_a_slow_worker_says_how_slow_and_what_waits_because_of_it() -> None:
    events: list[Event] = [
        IDLE,
        ASSIGNED,
        group(place(0, 0, 17), members=(MEMBER,)),
        WorkerSlowed("client-0", 0.2, NOW),
    ]
    shown = figures(*events)
    assert shown.workers[0].delay_s == 0.2
    assert shown.workers[0].history[0] == WorkerNote(NOW, "slow +200 ms")
    assert shown.note == "p0: client-0 was slowed down by 200 ms a request, 17 requests wait"
    shown = figures(*events, WorkerSlowed("client-0", 0.0, NOW + 1))
    assert shown.workers[0].delay_s == 0.0
    assert shown.workers[0].history[0] == WorkerNote(NOW + 1, "slow no more")


def test_a_killed_or_stopped_worker_is_not_slow_any_more() -> None:
    slow = WorkerSlowed("client-0", 0.2, NOW)
    for state in (WorkerState.KILLED, WorkerState.STOPPED):
        (one,) = figures(IDLE, slow, WorkerStateChanged("client-0", state, "", NOW + 1)).workers
        assert one.delay_s == 0.0
    (one,) = figures(IDLE, slow, WorkerStateChanged("client-0", WorkerState.PAUSED, "", NOW + 1)).workers
    assert one.delay_s == 0.2


def test_what_helps_names_no_key() -> None:
    events: list[Event] = [
        IDLE,
        ASSIGNED,
        group(place(0, 0, 17), members=(MEMBER,)),
        WorkerSlowed("client-0", 0.2, NOW),
    ]
    remedy = figures(*events).reasons[0].remedy
    assert remedy == "Slow client-0 down by 0 ms, or stop it: then another worker takes its partitions."


def test_nobody_reads_what_a_killed_worker_still_holds() -> None:
    other = Member("client-1-5eed", "client-1", "/10.0.0.7", ())
    lives = WorkerStateChanged("client-1", WorkerState.IDLE, "", NOW)
    shown = figures(IDLE, lives, ASSIGNED, group(place(0, 0, 7), members=(MEMBER, other)), KILLED)
    assert shown.note == "p0: client-0 was killed, and the group has not noticed yet: nobody reads it"


def test_what_a_worker_was_late_with_stands_in_its_history() -> None:
    (one,) = figures(IDLE, MembershipLost("client-0", "heartbeat", 12.34, NOW)).workers
    assert one.history[0] == WorkerNote(NOW, "heartbeat too late: 12.3 s")


@given(st.lists(st.tuples(st.booleans(), st.lists(st.integers(0, 5), unique=True))))
def test_what_a_worker_owns_is_what_it_took_and_did_not_give_back_in_order(
    changes: list[tuple[bool, list[int]]],
) -> None:
    ledger, owned = Ledger("me"), set[int]()
    ledger.apply(IDLE)
    for took, numbers in changes:
        if took:
            ledger.apply(PartitionsAssigned("client-0", 1, dict.fromkeys(numbers, 0), NOW))
            owned |= set(numbers)
        else:
            ledger.apply(PartitionsRevoked("client-0", numbers, NOW))
            owned -= set(numbers)
        assert ledger.figures(NOW).workers[0].partitions == tuple(sorted(owned))
