"""Bars and sparklines have the width they were given, and show that there is something, however little."""

import math

from hypothesis import given
from hypothesis import strategies as st

from tui.dashboard.glyphs import ASCII
from tui.dashboard.widgets.charts import bar, sparkline


@given(st.floats(-1, 1e6), st.floats(0, 1e6), st.integers(0, 40))
def test_a_bar_has_the_width_it_was_given(value: float, scale: float, cells: int) -> None:
    full, rest = bar(value, scale, cells)
    assert len(full + rest) == cells


def test_a_bar_shows_that_something_waits_however_little() -> None:
    assert bar(1, 10_000, 10) == ("━", "╌" * 9)
    assert bar(0, 10, 10) == ("", "╌" * 10)
    assert bar(20, 10, 10) == ("━" * 10, "")


def test_a_sparkline_is_scaled_to_its_peak_and_grows_from_the_right() -> None:
    assert sparkline([0, 7, 14], 5) == "  ▁▅█"
    assert sparkline([10.0] * 9, 4) == "████"
    assert sparkline([0, 0], 2) == "▁▁"
    assert sparkline([math.nan, 1.0], 2) == "▁█"
    assert sparkline([1.0], 0) == ""
    assert sparkline([0, 1], 2, ASCII) == "_#"
