"""What is said about the way work is shared: each cause in one sentence, with what helps, the worst first."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.dashboard.seeded import partition, worker
from tui.events import Link, WorkerState
from tui.ledger.explain import away, reasons
from tui.ledger.figures import PartitionFigures, Reason
from tui.ledger.hot_keys import HotKey
from tui.ledger.partition_reasons import partition_reasons, stand_still

BUSY = partition(1, "client-1", lag=40, in_per_s=30.0, out_per_s=10.0, lag_per_s=20.0)
CALM = partition(0, "client-0", lag=0, in_per_s=5.0, out_per_s=5.0)
WORKERS = (worker("client-0", (0,), run_p50_s=0.002), worker("client-1", (1,), run_p50_s=0.002))


def test_nothing_is_said_while_all_is_well_or_nothing_is_known() -> None:
    assert reasons("Stable", (CALM,), WORKERS, None) == ()
    assert reasons(None, (BUSY,), WORKERS, None) == ()
    assert reasons("Stable", (), WORKERS, None) == ()


def test_a_partition_that_grows_behind_a_hot_key_says_that_workers_cannot_help() -> None:
    (reason,) = reasons("Stable", (CALM, BUSY), WORKERS, HotKey(b"a\x1b[2J", 1, 0.21))
    assert reason.what == (
        r"p1 grows by 20/s: key 'a\x1b[2J' brings 21% of all requests, and one key always goes to one partition"
    )
    assert "More workers cannot help" in reason.remedy


def test_the_hot_key_of_another_partition_is_no_reason() -> None:
    (reason,) = reasons("Stable", (CALM, BUSY), WORKERS, HotKey(b"a", 0, 0.5))
    assert reason.what == "p1 grows by 20/s: client-1 answers 10/s of 30/s"
    assert reason.remedy.startswith("Every partition has a worker of its own")


def test_a_slow_owner_is_named_with_the_factor() -> None:
    slow = (WORKERS[0], worker("client-1", (1,), run_p50_s=0.005))
    (reason,) = reasons("Stable", (CALM, BUSY), slow, None)
    assert reason.what == "p1 grows by 20/s: client-1 is 2.5 times slower than its peers"
    assert "restart or stop it" in reason.remedy


@pytest.mark.parametrize(("remote", "remedy"), [(True, "See whether client-1 lives"), (False, "See what client-1 has")])
def test_a_worker_that_answers_nothing_is_to_be_looked_at(remote: bool, remedy: str) -> None:
    rows = (CALM, replace(BUSY, out_per_s=0.0))
    (reason,) = reasons("Stable", rows, (WORKERS[0], replace(WORKERS[1], remote=remote)), None)
    assert reason.what == "p1 grows by 20/s: client-1 answers nothing"
    assert reason.remedy.startswith(remedy)


def test_fewer_workers_than_partitions_call_for_a_worker() -> None:
    rows = (replace(CALM, owner="client-1"), BUSY)
    (reason,) = reasons("Stable", rows, (worker("client-1", (0, 1)),), None)
    assert reason.remedy == "Add a worker: 1 shares 2 partitions."


def test_no_worker_is_called_for_where_the_owner_reads_nothing_else() -> None:
    """As many as there are: a partition is read by one of them."""
    third = partition(2, "client-0", lag=0, in_per_s=5.0, out_per_s=5.0)
    (reason,) = reasons("Stable", (CALM, BUSY, third), WORKERS, None)
    assert reason.remedy == "client-1 reads no other partition: only more partitions, or cheaper requests, help."


def test_the_partition_that_grows_fastest_comes_first_and_paused_ones_before_it() -> None:
    faster = partition(2, "client-0", lag=40, in_per_s=90.0, out_per_s=10.0, lag_per_s=80.0)
    paused = partition(3, "client-0", lag=1, owner_state=WorkerState.PAUSED, in_per_s=0.0, out_per_s=0.0)
    said = [reason.what.split(" ")[0] for reason in reasons("Stable", (CALM, BUSY, faster, paused), WORKERS, None)]
    assert said == ["p3:", "p2", "p1"]


def test_during_a_rebalance_that_is_all_there_is_to_say() -> None:
    (reason,) = reasons("PreparingRebalance", (CALM, BUSY), WORKERS, None)
    assert reason.what.startswith("rebalance under way")


def test_workers_without_a_partition_are_named() -> None:
    idle = [worker(f"client-{number}", state=WorkerState.IDLE) for number in range(2, 7)]
    (reason,) = reasons("Stable", (CALM,), (*WORKERS, *idle), None)
    assert reason.what == "1 partition feeds only 1 worker: client-2, client-3, client-4 … cannot help"


@given(st.lists(st.sampled_from([0.0, 0.001, 0.002, 0.003, 0.009]), min_size=1, max_size=8))
def test_slow_is_who_takes_twice_as_long_as_the_median_of_the_others(runs: list[float]) -> None:
    crew = [worker(f"client-{number}", (number,), run_p50_s=run) for number, run in enumerate(runs)]
    rows = [replace(BUSY, partition=n, owner=f"client-{n}") for n in range(len(runs))]
    said = {reason.what for reason in reasons("Stable", rows, crew, None)}
    for number, own in enumerate(runs):
        others = sorted(run for peer, run in enumerate(runs) if peer != number and run)
        factor = own / others[len(others) // 2] if others else 0.0
        words = f"p{number} grows by 20/s: client-{number} is {factor:.1f} times slower than its peers"
        assert (words in said) == (factor >= 2)


def test_of_hundreds_of_growing_partitions_the_worst_are_explained_and_the_others_counted() -> None:
    crew = [worker(f"client-{number}", (number,)) for number in range(200)]
    rows = [
        partition(n, f"client-{n}", lag=40, in_per_s=20.0 + n, out_per_s=10.0, lag_per_s=10.0 + n) for n in range(200)
    ]
    said = [reason.what for reason in reasons("Stable", rows, crew, None)]
    assert said[0].startswith("p199 grows by 209/s")
    assert said[-1] == "192 more partitions grow, more slowly"
    assert len(said) == 9


def rows_of(owner: str, numbers: Sequence[int], **changes: object) -> list[PartitionFigures]:
    return [partition(number, owner, **changes) for number in numbers]


def test_of_a_worker_with_hundreds_of_partitions_a_few_are_named_in_one_sentence() -> None:
    paused = rows_of("client-0", range(256), owner_state=WorkerState.PAUSED, lag=2)
    (reason,) = reasons("Stable", paused, WORKERS, None)
    assert reason.what == "p0 p1 p2 …: 512 requests wait because client-0 is paused"
    killed = rows_of("client-0", range(256), owner_state=WorkerState.KILLED)
    (reason,) = reasons("Stable", killed, WORKERS, None)
    assert reason.what == ("p0 p1 p2 …: client-0 was killed, and the group has not noticed yet: nobody reads them")
    slow = (replace(WORKERS[0], delay_s=0.2), WORKERS[1])
    (reason,) = reasons("Stable", rows_of("client-0", range(256), lag=40), slow, None)
    assert reason.what == "p0 p1 p2 …: client-0 was slowed down by 200 ms a request, 10240 requests wait"


def test_each_paused_worker_has_a_sentence_of_its_own_with_those_partitions_where_something_waits() -> None:
    rows = [
        *rows_of("client-0", (0, 3), owner_state=WorkerState.PAUSED, lag=1),
        *rows_of("client-1", (1, 4), owner_state=WorkerState.PAUSED, lag=0),
        *rows_of("client-1", (5,), owner_state=WorkerState.PAUSED, lag=1),
    ]
    assert [reason.what for reason in reasons("Stable", rows, WORKERS, None)] == [
        "p0 p3: 2 requests wait because client-0 is paused",
        "p5: 1 request waits because client-1 is paused",
    ]


@pytest.mark.parametrize(
    "changes",
    [{"lag": 0}, {"lag": 7}, {"lag": None}, {"lag_per_s": 0.0}, {"lag_per_s": None}, {"lag_per_s": -3.0},
     {"out_per_s": 29.5}, {"in_per_s": None}, {"out_per_s": None}],
)  # fmt: skip
def test_a_partition_grows_only_if_what_waits_does_and_more_comes_than_goes(changes: dict[str, object]) -> None:
    assert reasons("Stable", (CALM, BUSY), WORKERS, None) != ()
    assert reasons("Stable", (CALM, replace(BUSY, **changes)), WORKERS, None) == ()


def test_the_share_of_chance_in_much_work_is_no_growth() -> None:
    much = partition(1, "client-1", lag=9_000, in_per_s=10_000.0, out_per_s=9_700.0, lag_per_s=300.0)
    assert reasons("Stable", (CALM, much), WORKERS, None) == ()


def test_while_no_broker_answers_that_is_said_with_the_time_and_what_helps() -> None:
    assert away(Link.NO_BROKER, "start one with kcalc broker", 14.2, known=True) == Reason(
        "the broker has been gone for 14 s: who works and what waits is unknown",
        "It is tried again and again; requests wait. Start one with kcalc broker",
    )
    assert away(Link.NO_BROKER, "", 0.0, known=False).what.startswith("no broker has answered for 0 s: ")
    assert away(Link.REFUSED, "the password is wrong", 700.0, known=True).what.startswith(
        "no broker has let us in for 12 min"
    )


OWNER, MANY = "client-12", (12, 15, 19, 22)
CROWD = [worker(f"client-{number}", state=WorkerState.IDLE) for number in (12, 13, 14, 15)]


def growing(**changes: object) -> PartitionFigures:
    return partition(12, OWNER, lag=4_321, in_per_s=1_234.0, out_per_s=234.0, lag_per_s=1_000.0, **changes)


def said_of(rows: Sequence[PartitionFigures], hot_key: HotKey | None = None, **changes: object) -> list[Reason]:
    busy = worker(OWNER, MANY, **changes)
    return list(reasons("Stable", rows, [busy, worker("client-13", (1,), run_p50_s=0.001)], hot_key))


KINDS = {
    "no worker": (reasons("Empty", rows_of("", MANY, lag=12_345), (), None), "no worker"),
    "rebalance": (reasons("PreparingRebalance", (CALM,), WORKERS, None), "no partition is read until it ends"),
    "moving": (list(partition_reasons("Reconciling", (CALM,), {})), "partitions change hands one by one"),
    "paused": (said_of(rows_of(OWNER, MANY, owner_state=WorkerState.PAUSED, lag=12_345)), "client-12 is paused"),
    "killed": (said_of(rows_of(OWNER, MANY, owner_state=WorkerState.KILLED)), "client-12 was killed"),
    "slowed": (said_of(rows_of(OWNER, MANY, lag=12_345), delay_s=1.0), "client-12 was slowed down by 1000 ms"),
    "hot key": (said_of([growing()], HotKey(b"customer-1234567", 12, 0.21)), "key 'customer-1234567' brings 21%"),
    "slow owner": (said_of([growing()], run_p50_s=0.0123), "client-12 is 12.3 times slower than its peers"),
    "too little": (said_of([growing()]), "client-12 answers 234/s of 1234/s"),
    "idle": (
        reasons("Stable", rows_of("client-12", (0, 1, 2)), CROWD, None),
        "3 partitions feed only 3 workers: client-12",
    ),
    "no leader": (list(partition_reasons("Stable", rows_of("", MANY, leader=None), {})), "have no leader"),
    "made anew": (list(partition_reasons("Stable", rows_of("", MANY, end=3), {})), "deleted and made anew"),
    "retention": (
        list(partition_reasons("Stable", rows_of("", MANY, begin=12_345), {})),
        "47780 requests were deleted by retention",
    ),
    "no key": (
        list(partition_reasons("Stable", [growing()], {12: 0.75})),
        "75% of all requests have no key and name p12 as their partition",
    ),
    "lanes": (list(stand_still(dict.fromkeys(MANY, "no permission: Write topic"))), "no permission: Write topic"),
    "gone": ([away(Link.NO_BROKER, "", 14.0, known=True)], "the broker has been gone for 14 s"),
    "refused": ([away(Link.REFUSED, "", 14.0, known=True)], "no broker has let us in for 14 s"),
}


@pytest.mark.parametrize(("said", "cause"), KINDS.values(), ids=KINDS)
def test_the_cause_stands_within_what_a_window_of_80_columns_shows(said: Sequence[Reason], cause: str) -> None:
    assert cause in said[0].what[:72]
