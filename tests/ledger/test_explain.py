"""What is said about the way work is shared: each cause in one sentence, with what helps, the worst first."""

from hypothesis import given
from hypothesis import strategies as st

from tests.dashboard.fakes import partition, worker
from tui.events import WorkerState
from tui.ledger.explain import reasons
from tui.ledger.hot_keys import HotKey, HotKeys

BUSY = partition(1, "client-1", lag=40, in_per_s=30.0, out_per_s=10.0)
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


def test_fewer_workers_than_partitions_call_for_a_worker() -> None:
    (reason,) = reasons("Stable", (CALM, BUSY), (worker("client-1", (0, 1)),), None)
    assert reason.remedy == "Add a worker: 1 share 2 partitions."


def test_the_partition_that_grows_fastest_comes_first_and_paused_ones_before_it() -> None:
    faster = partition(2, "client-0", lag=40, in_per_s=90.0, out_per_s=10.0)
    paused = partition(3, "client-0", lag=1, owner_state=WorkerState.PAUSED, in_per_s=0.0, out_per_s=0.0)
    said = [reason.what.split(" ")[0] for reason in reasons("Stable", (CALM, BUSY, faster, paused), WORKERS, None)]
    assert said == ["p3:", "p2", "p1"]


def test_during_a_rebalance_that_is_all_there_is_to_say() -> None:
    (reason,) = reasons("PreparingRebalance", (CALM, BUSY), WORKERS, None)
    assert reason.what.startswith("rebalance under way")


def test_workers_without_a_partition_are_named() -> None:
    idle = [worker(f"client-{number}", state=WorkerState.IDLE) for number in range(2, 7)]
    (reason,) = reasons("Stable", (CALM,), (*WORKERS, *idle), None)
    assert reason.what == "client-2, client-3, client-4 … cannot help: 1 partitions feed at most 1 workers"


def counted(*keys: tuple[bytes | None, int]) -> HotKey | None:
    hot = HotKeys()
    for key, times in keys:
        for _ in range(times):
            hot.add(key, 1)
    return hot.hottest()


def test_a_key_is_hot_from_a_fifth_of_all_requests_on() -> None:
    assert counted((None, 800), (b"a", 200)) == HotKey(b"a", 1, 0.2)
    assert counted((None, 801), (b"a", 199)) is None


def test_a_few_requests_prove_nothing() -> None:
    assert counted((b"a", 199)) is None


def test_many_rare_keys_do_not_hide_or_invent_a_hot_one() -> None:
    rare = [(f"k{number}".encode(), 1) for number in range(5_000)]
    assert counted(*rare) is None
    hottest = counted(*rare[:2_500], (b"a", 3_000), *rare[2_500:])
    assert hottest is not None
    assert (hottest.key, 0.3 < hottest.share <= 3 / 8) == (b"a", True)


def test_what_was_hot_long_ago_is_forgotten() -> None:
    assert counted((b"a", 20_000), (None, 100_000)) is None


@given(st.lists(st.sampled_from([0.0, 0.001, 0.002, 0.003, 0.009]), min_size=1, max_size=8))
def test_slow_is_who_takes_twice_as_long_as_the_median_of_the_others(runs: list[float]) -> None:
    crew = [worker(f"client-{number}", (number,), run_p50_s=run) for number, run in enumerate(runs)]
    rows = [partition(n, f"client-{n}", lag=40, in_per_s=30.0, out_per_s=10.0) for n in range(len(runs))]
    said = {reason.what for reason in reasons("Stable", rows, crew, None)}
    for number, own in enumerate(runs):
        others = sorted(run for peer, run in enumerate(runs) if peer != number and run)
        factor = own / others[len(others) // 2] if others else 0.0
        words = f"p{number} grows by 20/s: client-{number} is {factor:.1f} times slower than its peers"
        assert (words in said) == (factor >= 2)


def test_of_hundreds_of_growing_partitions_the_worst_are_explained_and_the_others_counted() -> None:
    crew = [worker(f"client-{number}", (number,)) for number in range(200)]
    rows = [partition(n, f"client-{n}", lag=40, in_per_s=20.0 + n, out_per_s=10.0) for n in range(200)]
    said = [reason.what for reason in reasons("Stable", rows, crew, None)]
    assert said[0].startswith("p199 grows by 209/s")
    assert said[-1] == "192 more partitions grow, more slowly"
    assert len(said) == 9
