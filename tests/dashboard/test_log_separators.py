"""A rebalance finds its place among the results when it is first seen, keeps it, and goes with its rows."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.dashboard.seeded import NOON, received
from tui.dashboard.widgets.log_page import LogPage
from tui.ledger.figures import Rebalance
from tui.ledger.filtered import FilteredResults
from tui.ledger.result_filter import parsed
from tui.ledger.ring import ResultRing


def rebalance(at: float, generation: int | None = 1, **changes: object) -> Rebalance:
    """A worker joined, `at` seconds after noon."""
    entry = Rebalance(
        at=NOON + at, generation=generation, cause=f"joined at {at:g}", handovers=(), moved=(), stood_still=(), again=0
    )
    return replace(entry, **changes)


def answer(ring: ResultRing, *times: float) -> None:
    """Results seen so many seconds after noon; the n-th one is that of request n, on p0, p1, p0, p1 …"""
    first = ring.total
    ring.extend(
        received(str(number), "sum", "0", str(number), partition=number % 2, at=NOON + at)
        for number, at in enumerate(times, first)
    )


def shown(page: LogPage) -> list[int | str]:
    """The page from top to bottom: rows by their requests, separators by what they tell."""
    stand: list[int | str] = []
    for line in range(len(page.lines)):
        if (number := page.lines.row_at(line)) is not None:
            row = page.row(number)
            stand.append(-1 if row is None else int(row.result.operator_1 or ""))
        elif (separator := page.lines.separator_at(line)) is not None:
            found = page.rebalance(separator)
            stand.append(found[0].cause if found else "?")
    return stand


def page_of(*times: float, capacity: int = 100) -> tuple[LogPage, ResultRing]:
    ring = ResultRing(capacity)
    answer(ring, *times)
    return LogPage(ring), ring


def test_it_stands_at_its_place_in_time_and_stays_there() -> None:
    page, ring = page_of(1, 2, 3)
    assert page.update((rebalance(2.5),))
    assert shown(page) == [2, "joined at 2.5", 1, 0]
    answer(ring, 2.2, 4)
    assert page.update((rebalance(2.5),))
    assert shown(page) == [4, 3, 2, "joined at 2.5", 1, 0], "whatever comes later"
    assert not page.update((rebalance(2.5),))


def test_what_is_seen_before_any_result_is_below_all_rows_and_what_is_newest_above_them() -> None:
    page, ring = page_of()
    page.update((rebalance(1), rebalance(0)))
    assert shown(page) == ["joined at 1", "joined at 0"]
    answer(ring, 2, 3)
    page.update((rebalance(3), rebalance(1), rebalance(0)))
    assert shown(page) == ["joined at 3", 1, 0, "joined at 1", "joined at 0"]


def test_a_clock_that_goes_back_puts_none_above_one_that_is_newer() -> None:
    page, _ = page_of(1, 2, 3)
    page.update((rebalance(2.5),))
    page.update((rebalance(1.5), rebalance(2.5)))
    assert shown(page) == [2, "joined at 1.5", "joined at 2.5", 1, 0]


def test_one_that_grows_keeps_its_place_and_tells_the_new_figures() -> None:
    page, _ = page_of(1, 2)
    page.update((rebalance(1.5, None), rebalance(0, 7)))
    grown = (rebalance(1.5, 8, again=2), rebalance(0, 7))
    assert page.update(grown)
    assert shown(page) == [1, "joined at 1.5", 0, "joined at 0"]
    assert page.rebalance(1) == (grown[0], 7)
    assert page.rebalance(0) == (grown[1], None)
    assert page.rebalance(2) is None


def test_it_goes_with_its_rows() -> None:
    page, ring = page_of(1, 2, 3, capacity=3)
    entries = (rebalance(2.5), rebalance(1.5), rebalance(0.5))
    page.update(entries)
    assert shown(page) == [2, "joined at 2.5", 1, "joined at 1.5", 0, "joined at 0.5"]
    answer(ring, 4)
    page.update(entries)
    assert shown(page) == [3, 2, "joined at 2.5", 1, "joined at 1.5"]
    answer(ring, 5, 6)
    page.update(entries)
    assert shown(page) == [5, 4, 3]


def test_those_the_ledger_keeps_no_more_are_gone_and_the_others_stay() -> None:
    page, _ = page_of(1, 2, 3)
    page.update((rebalance(2.5), rebalance(1.5), rebalance(0.5)))
    page.update((rebalance(3.5), rebalance(2.5), rebalance(1.5)))
    assert shown(page) == ["joined at 3.5", 2, "joined at 2.5", 1, "joined at 1.5", 0]
    page.update((rebalance(9),))
    assert shown(page) == ["joined at 9", 2, 1, 0]


def test_a_held_page_takes_nothing_in_but_tells_what_grew() -> None:
    page, ring = page_of(1, 2, 3, capacity=3)
    entries = [rebalance(1.5), rebalance(0.5)]
    page.update(tuple(entries))
    page.hold()
    before = shown(page)
    assert before == [2, 1, "joined at 1.5", 0, "joined at 0.5"]
    entries = [rebalance(3.5), rebalance(2.5), replace(entries[0], again=4), entries[1]]
    page.update(tuple(entries))
    answer(ring, 4, 5, 6, 7)
    page.update(tuple(entries))
    assert (shown(page), page.new_rows) == (before, 4)
    assert page.rebalance(1) == (entries[2], 1)
    page.follow()
    assert shown(page) == [6, 5, 4], "3.5 was seen at row 3, which is gone by now"


def test_between_the_matches_of_a_filter_it_stands_where_it_stood() -> None:
    page, ring = page_of(*range(8))
    entries = (rebalance(4.5), rebalance(3.2), rebalance(2.5))
    page.update(entries)
    page.show(filtered(ring, "p:1"))
    assert shown(page) == [7, 5, "joined at 4.5", "joined at 3.2", 3, "joined at 2.5", 1]
    answer(ring, 8, 9, 10)
    page.update((rebalance(10.5), *entries))
    assert shown(page)[:3] == ["joined at 10.5", 9, 7]
    page.show(ring)
    assert shown(page)[:5] == ["joined at 10.5", 10, 9, 8, 7]


def filtered(ring: ResultRing, text: str, most: int = 1_000) -> FilteredResults:
    rows = FilteredResults(ring, parsed(text))
    rows.update(most)
    return rows


def test_a_filter_that_has_not_looked_at_all_rows_shows_those_of_which_it_knows_the_place() -> None:
    page, ring = page_of(*range(8))
    rows = filtered(ring, "p:1", most=4)
    page.update((rebalance(5.5), rebalance(2.5)))
    page.show(rows)
    assert shown(page) == [3, "joined at 2.5", 1]
    page.update((rebalance(5.5), rebalance(2.5)))
    assert shown(page) == [7, "joined at 5.5", 5, 3, "joined at 2.5", 1]


@given(
    st.integers(1, 12),
    st.sampled_from(["", "p:1"]),
    st.lists(st.tuples(st.integers(0, 5), st.booleans(), st.booleans()), max_size=20),
)
def test_in_any_order_of_results_and_rebalances_the_page_is_in_order_of_time(
    capacity: int, wanted: str, steps: list[tuple[int, bool, bool]]
) -> None:
    page, ring = page_of(capacity=capacity)
    page.show(filtered(ring, wanted) if wanted else ring)
    entries: tuple[Rebalance, ...] = ()
    stand: list[tuple[float, int | str]] = []
    for step, (results, changed, held) in enumerate(steps):
        before = [] if page.following else shown(page)
        stand += [(number, number) for number in range(ring.total, ring.total + results)]
        answer(ring, *[step] * results)
        if changed:
            entries = (rebalance(step + 0.5), *entries)[:20]
            stand.append((ring.total - 0.5, entries[0].cause))
        page.update(entries)
        assert page.following or shown(page) == before
        page.hold() if held and page.following else page.follow()
    page.follow()
    kept = [(place, what) for place, what in stand if place >= ring.first - 0.5]
    expected = [what for _, what in kept if isinstance(what, str) or not wanted or what % 2]
    assert shown(page) == expected[::-1]
