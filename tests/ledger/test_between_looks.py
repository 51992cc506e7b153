"""What the workers of this process say counts until the next look at the group; looks that come early count once."""

from collections import deque

import pytest

from tests.ledger.builders import NOW, group, place, received, result
from tui.events import (
    Event,
    GroupObserved,
    Link,
    LinkChanged,
    PartitionsAssigned,
    WorkerState,
    WorkerStateChanged,
)
from tui.group import Member
from tui.ledger.figures import Figures
from tui.ledger.ledger import Ledger
from tui.ledger.looks import remember, trend

FAR = Member("far-9-a", "far-9", "/10.0.0.5", (0, 1))
PLACES = (place(0, 0, 0), place(1, 0, 0))


def shown(*events: Event, at: float = NOW + 2) -> Figures:
    ledger = Ledger("me")
    ledger.apply(LinkChanged(Link.CONNECTED, "", NOW))
    for event in events:
        ledger.apply(event)
    return ledger.figures(at)


def seen(state: str = "Stable", at: float = NOW) -> GroupObserved:
    return group(*PLACES, members=(FAR,), state=state, at=at)


def taken(at: float = NOW + 1) -> list[Event]:
    """client-0 of this process has joined and owns p1."""
    idle = WorkerStateChanged("client-0", WorkerState.IDLE, "", at)
    return [idle, PartitionsAssigned("client-0", 2, {1: 0}, at)]


def test_what_a_worker_here_has_taken_is_no_other_ones_though_no_look_saw_it_yet() -> None:
    figures = shown(seen(), *taken())
    assert [row.owner for row in figures.partitions] == ["far-9", "client-0"]
    assert {worker.client_id: worker.partitions for worker in figures.workers} == {"far-9": (0,), "client-0": (1,)}


def test_what_a_killed_worker_owned_stays_its_own_for_the_group() -> None:
    killed = WorkerStateChanged("client-0", WorkerState.KILLED, "", NOW + 1)
    member = Member("client-0-a", "client-0", "/h", (1,))
    figures = shown(*taken(NOW), killed, group(*PLACES, members=(member,), at=NOW + 1))
    assert [row.owner for row in figures.partitions] == ["", "client-0"]


def test_a_rebalance_is_over_once_a_worker_here_has_its_partitions() -> None:
    under_way = seen("PreparingRebalance", NOW + 1.5)
    assert shown(under_way, *taken()).group_state == "PreparingRebalance"
    figures = shown(under_way, *taken(NOW + 1.6))
    assert figures.group_state == "Stable"
    assert not any("under way" in reason.what for reason in figures.reasons)


def test_partitions_that_no_member_of_a_group_at_rest_has_are_said() -> None:
    grown = group(*PLACES, place(2, None, 0), place(3, None, 1), members=(FAR,))
    assert shown(grown).note == "p2 p3: no member of the group reads them, and 1 request waits"
    assert shown(grown, PartitionsAssigned("client-0", 2, {2: 0, 3: 0}, NOW + 1), *taken()).note == ""
    under_way = group(*PLACES, place(2, None, 0), members=(FAR,), state="PreparingRebalance")
    assert shown(under_way).note == "rebalance under way: no partition is read until it ends"
    assert shown(group(*PLACES, state="Empty")).note == "no worker"


@pytest.mark.parametrize(("answers", "skew"), [(1, None), (9, None), (10, 2.0)])
def test_a_few_requests_make_no_partition_the_busiest(answers: int, skew: float | None) -> None:
    results = [result(f"x-{number}", offset=number, at=NOW + 0.5) for number in range(answers)]
    told = received(*results, at=NOW + 0.5)
    assert shown(seen(), told, seen(at=NOW + 1), seen(at=NOW + 2)).totals.skew == skew


def test_a_look_that_came_early_makes_room_for_the_next() -> None:
    looks: deque[tuple[float, int]] = deque(maxlen=5)
    for at in (0.0, 1.0, 2.0, 2.3, 2.6, 3.6, 4.6):
        remember(looks, at, 0)
    assert [at for at, _ in looks] == [0.0, 1.0, 2.0, 3.6, 4.6]


def test_the_trend_is_that_of_what_waits_longer_than_a_look() -> None:
    assert trend([(0.0, 3)]) is None
    assert trend([(0.0, 0), (1.0, 4), (2.0, 0), (3.0, 5), (4.0, 0)]) == 0.0
    assert trend([(0.0, 0), (1.0, 10), (2.0, 20), (3.0, 30), (4.0, 40)]) == 10.0
