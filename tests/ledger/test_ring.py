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
