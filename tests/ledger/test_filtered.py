"""A filtered ring: exactly the rows that match, under numbers that never change, in slices."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ledger.builders import result
from tests.ledger.results import matches, results
from tui.events import ReceivedResult
from tui.ledger.filtered import FilteredResults
from tui.ledger.result_filter import parsed
from tui.ledger.ring import ResultRing


def ids(found: FilteredResults) -> list[str]:
    return [found[number].result.id for number in range(found.first, found.total)]


@given(st.integers(1, 30), st.lists(st.tuples(st.integers(0, 20), st.integers(1, 9)), max_size=12))
def test_after_enough_slices_it_holds_what_matches_of_what_the_ring_holds(
    capacity: int, steps: list[tuple[int, int]]
) -> None:
    ring = ResultRing(capacity)
    found = FilteredResults(ring, parsed("p:1"))
    numbers: dict[str, int] = {}
    for count, most in steps:
        start = ring.total
        ring.extend(result(f"r{number}", partition=number % 3) for number in range(start, start + count))
        found.update(most)
        for number in range(found.first, found.total):
            assert numbers.setdefault(found[number].result.id, number) == number
    while found.unseen:
        found.update(1)
    found.update(0)
    kept = [ring[sequence].result for sequence in range(ring.first, ring.total)]
    assert ids(found) == [row.id for row in kept if row.partition == 1]


def test_a_place_in_the_ring_has_its_number_as_soon_as_all_before_it_was_looked_at() -> None:
    ring = ResultRing(6)
    found = FilteredResults(ring, parsed("p:1"))
    ring.extend(result(f"r{number}", partition=number % 3) for number in range(6))
    assert [found.number_of(sequence) for sequence in (0, 1)] == [0, None]
    found.update(2)
    assert [found.number_of(sequence) for sequence in (1, 2, 3)] == [0, 1, None]
    found.update()
    assert [found.number_of(sequence) for sequence in range(7)] == [0, 0, 1, 1, 1, 2, 2]
    ring.extend(result(f"r{number}", partition=number % 3) for number in range(6, 10))
    found.update()
    assert [found.number_of(sequence) for sequence in (4, 5, 10)] == [1, 2, 3], (
        "though the ring dropped the first match"
    )


def test_what_the_ring_dropped_is_gone_and_said() -> None:
    ring = ResultRing(2)
    found = FilteredResults(ring, parsed(""))
    ring.extend([result("a"), result("b")])
    found.update()
    ring.extend([result("c")])
    assert (ids(found), len(found.rows(0, 2))) == (["b"], 1), "also before it looks at what came"
    found.update()
    assert (ids(found), found.first, found.total, len(found)) == (["b", "c"], 1, 3, 2)
    with pytest.raises(IndexError, match="match 0 is not kept"):
        found[0]


@given(
    st.lists(results(), max_size=12),
    st.sampled_from(["", "error", "p:1", "again", "sum", "0 client", "op:mul run>1ms"]),
)
def test_it_finds_what_a_plain_look_at_each_row_finds(rows: list[ReceivedResult], text: str) -> None:
    ring = ResultRing(100)
    ring.extend(rows)
    found = FilteredResults(ring, parsed(text))
    found.update()
    wanted = [row for row in rows if matches(parsed(text), row)]
    assert [found[number] for number in range(found.first, found.total)] == wanted
    assert list(found.rows(0, found.total)) == wanted
    assert list(found.rows(1, 3)) == wanted[1:3]


def test_what_was_found_and_dropped_since_is_left_out() -> None:
    ring = ResultRing(2)
    ring.extend([result("a"), result("b")])
    found = FilteredResults(ring, parsed(""))
    found.update()
    ring.extend([result("c")])
    assert [row.result.id for row in found.rows(0, 9)] == ["b"]
