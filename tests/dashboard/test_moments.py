"""Moments as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.dashboard.seeded import NOON
from tui.dashboard.moments import NoMoment, moment

pytestmark = pytest.mark.usefixtures("utc")


@pytest.mark.parametrize(
    ("text", "ago_s"),
    [
        ("12:01:07", 0),
        ("12:01", 7),
        ("12:00:00", 67),
        (" 9:05 ", 2 * 3600 + 56 * 60 + 7),
        ("12:01:08", 86_399),
        ("23:59:59", 12 * 3600 + 68),
        ("-30s", 30),
        ("-5m", 300),
        ("-5min", 300),
        ("-2h", 7_200),
        ("-0s", 0),
    ],
)
def test_a_time_of_day_is_the_last_one_that_is_over(text: str, ago_s: int) -> None:
    assert moment(text, NOON) == NOON - ago_s


@pytest.mark.parametrize("text", ["", "24:00", "12:60", "12", "12:01:60", "5m", "-5", "-m", "-1d", "١٢:٠١", "12:1"])
def test_what_is_no_moment_is_told_with_what_would_be(text: str) -> None:
    with pytest.raises(NoMoment, match="allowed are HH:MM"):
        moment(text, NOON)


@given(st.integers(0, 86_399), st.floats(1.6e9, 1.9e9))
def test_every_time_of_day_is_within_the_last_day(second: int, now: float) -> None:
    at = moment(f"{second // 3600}:{second // 60 % 60:02d}:{second % 60:02d}", now)
    assert now - 86_400 - 7_200 < at <= now
