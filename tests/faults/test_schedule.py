"""A seed is a schedule."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tests.faults.plan import Plan
from tests.faults.schedule import (
    BEYOND_REQUEST_S,
    GRACEFUL,
    LEAST_HOLD_S,
    MOST_HOLD_S,
    OF_WORKERS,
    Fault,
    schedule,
)

seeds = st.integers(0, 1 << 40)
kinds = st.sets(st.sampled_from(Fault), min_size=1)


@given(seeds, kinds)
def test_the_same_seed_gives_the_same_faults_at_the_same_places(seed: int, possible: set[Fault]) -> None:
    assert schedule(seed, 10_000, 30, possible) == schedule(seed, 10_000, 30, sorted(possible, reverse=True))


def test_another_seed_gives_another_schedule() -> None:
    assert len({tuple(schedule(seed, 10_000, 10, [*Fault])) for seed in range(50)}) == 50


@given(seeds, kinds, st.integers(1, 300), st.integers(100, 1_000_000))
def test_faults_come_in_order_while_requests_are_left(
    seed: int, possible: set[Fault], count: int, requests: int
) -> None:
    planned = schedule(seed, requests, count, possible)
    assert [each.after for each in planned] == sorted(each.after for each in planned)
    assert len(planned) == count
    assert all(0 <= each.after < requests for each in planned)
    assert all(LEAST_HOLD_S <= each.hold_s <= MOST_HOLD_S + BEYOND_REQUEST_S for each in planned)


@given(seeds, kinds, st.integers(1, 300))
def test_every_kind_comes_before_any_comes_again(seed: int, possible: set[Fault], count: int) -> None:
    found = Counter(each.fault for each in schedule(seed, 1_000_000, count, possible))
    assert set(found) <= possible
    assert max(found.values()) - min(found[each] for each in possible) <= 1


def test_a_plan_narrows_the_faults_to_those_that_the_cluster_can_suffer() -> None:
    plan = Plan("apache", "exactly_once", 7, 1_000, 20, GRACEFUL | {Fault.DISK_FULL})
    assert {each.fault for each in plan.schedule(OF_WORKERS)} == GRACEFUL
    assert plan.command == (
        "make faults SEED=7 MODE=exactly_once CLUSTER=apache REQUESTS=1000 FAULTS=20 ONLY=DISK_FULL,JOIN,LEAVE"
    )
