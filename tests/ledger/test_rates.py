"""Rates and percentiles at times that are passed in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.ledger.rates import Durations, PerSecond, nearest_rank


def test_the_series_holds_whole_seconds_oldest_first_and_leaves_out_the_running_one() -> None:
    counts = PerSecond()
    for at, count in ((100.1, 2), (100.9, 3), (102.0, 7), (103.5, 99)):
        counts.add(at, count)
    assert counts.series(103.6, 4) == (0.0, 5.0, 0.0, 7.0)


def test_the_rate_is_the_mean_of_the_window_up_to_now() -> None:
    counts = PerSecond()
    counts.add(100.0, 10)
    counts.add(101.0, 10)
    counts.add(102.0, 5)
    assert counts.rate(102.5) == pytest.approx(25 / 2.5)
    assert counts.rate(200.0) == 0.0


def test_a_time_before_the_newest_second_is_counted_in_it() -> None:
    counts = PerSecond()
    counts.add(101.0, 1)
    counts.add(100.0, 1)
    assert counts.series(102.0, 2) == (0.0, 2.0)


def test_nothing_measured_is_unknown_and_not_zero() -> None:
    assert Durations().percentiles() == (None, None)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=600), st.integers(1, 100))
def test_a_percentile_is_a_sample_with_enough_samples_at_or_below_it(samples: list[float], percent: int) -> None:
    ordered = sorted(samples)
    value = nearest_rank(ordered, percent)
    assert value in ordered
    assert sum(sample <= value for sample in ordered) * 100 >= percent * len(ordered)
