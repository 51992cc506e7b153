"""The ring keeps the newest rows under numbers that never change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ledger.builders import result
from tui.ledger.ring import ResultRing


@given(st.integers(1, 7), st.lists(st.integers(0, 9), max_size=6))
def test_row_n_is_the_nth_ever_appended_or_was_dropped_and_counted(capacity: int, batches: list[int]) -> None:
    ring = ResultRing(capacity)
    for size in batches:
        ring.extend([result(str(ring.total + i)) for i in range(size)])
    assert ring.total == sum(batches)
    assert len(ring) == min(capacity, ring.total)
    assert ring.first == ring.total - len(ring)
    for sequence in range(ring.first, ring.total):
        assert ring[sequence].result.id == str(sequence)


def test_a_row_that_was_dropped_or_never_came_is_an_index_error() -> None:
    ring = ResultRing(2)
    ring.extend([result(str(n)) for n in range(3)])
    for sequence in (0, 3, -1):
        with pytest.raises(IndexError, match="not kept"):
            ring[sequence]


@given(st.integers(1, 7), st.lists(st.integers(0, 9), max_size=6), st.integers(0, 40), st.integers(0, 40))
def test_it_is_a_list_of_which_the_newest_are_seen(capacity: int, batches: list[int], first: int, until: int) -> None:
    ring, everything = ResultRing(capacity), []
    for size in batches:
        batch = [result(str(ring.total + i)) for i in range(size)]
        everything += batch
        ring.extend(batch)
    kept = dict(list(enumerate(everything))[-capacity:])
    wanted = [row for number, row in kept.items() if first <= number < until]
    rows = ring.rows(first, until)
    assert (list(rows), len(rows)) == (wanted, len(wanted))
    assert [rows[index] for index in range(len(rows))] == wanted


def test_rows_that_were_taken_stay_when_the_ring_drops_them() -> None:
    ring = ResultRing(2)
    ring.extend([result("a"), result("b")])
    taken = ring.rows(ring.first, ring.total)
    ring.extend([result("c"), result("d")])
    assert [row.result.id for row in taken] == ["a", "b"]


def _sizes(ring: ResultRing) -> list[int]:
    """What each row that is there takes, the oldest first."""
    rows = zip(ring.packed(ring.first, ring.total), ring.texts(ring.first, ring.total), strict=True)
    return [packed.__sizeof__() + text.__sizeof__() for packed, text in rows]


@given(st.lists(st.integers(0, 3), min_size=1, max_size=12))
def test_long_results_are_fewer_and_the_newest_is_always_there(sizes: list[int]) -> None:
    ring, came = ResultRing(10, most_bytes=1_000), list[int]()
    for number, size in enumerate(sizes):
        ring.extend([result("x" * (size * 450) + str(number))])
        came.append(_sizes(ring)[-1])
        fitting = [count for count in range(2, len(came[:10]) + 1) if sum(came[-count:]) <= 1_000]
        assert _sizes(ring) == came[-max([1, *fitting]) :]
        assert ring[ring.total - 1].result.id.endswith(str(number))
        assert len(ring.rows(0, ring.total)) == len(ring) == ring.total - ring.first


def test_a_hundred_thousand_results_take_at_most_fifty_megabytes() -> None:
    ring = ResultRing(100_000)
    ring.extend(result(f"5eed5eed-{n:06d}", client_id=f"client-{n % 12}", offset=n) for n in range(100_000))
    assert len(ring) == 100_000
    assert sum(_sizes(ring)) + 2 * 8 * len(ring) < 50_000_000
