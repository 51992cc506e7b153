"""The first result at or after a moment, or after it, among all or among those a filter wants."""

from hypothesis import given
from hypothesis import strategies as st

from tests.ledger.builders import result
from tui.ledger.filtered import FilteredResults
from tui.ledger.result_filter import parsed
from tui.ledger.ring import ResultRing
from tui.ledger.seek import first_after, first_since


@given(st.lists(st.integers(0, 20), max_size=30).map(sorted), st.integers(1, 10), st.integers(-1, 21))
def test_it_is_the_first_that_was_not_seen_before(times: list[int], capacity: int, at: int) -> None:
    ring = ResultRing(capacity)
    ring.extend(result(str(number), partition=number % 2, at=seen) for number, seen in enumerate(times))
    odd = FilteredResults(ring, parsed("p:1"))
    odd.update()
    for rows in (ring, odd):
        later = [number for number in range(rows.first, rows.total) if rows[number].at >= at]
        assert first_since(rows, at) == (later[0] if later else rows.total)
        after = [number for number in later if rows[number].at > at]
        assert first_after(rows, at) == (after[0] if after else rows.total)
