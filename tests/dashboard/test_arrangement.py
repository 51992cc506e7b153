"""Workers take the form for which there is room, and leave room to others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.dashboard.widgets.arrangement import Arrangement, Form, arrange


@pytest.mark.parametrize(
    ("workers", "screen", "expected"),
    [
        (3, (80, 24), Arrangement(Form.SUMMARY, 1, 1)),
        (7, (80, 24), Arrangement(Form.SUMMARY, 3, 1)),
        (0, (120, 36), Arrangement(Form.SUMMARY, 1, 1)),
        (3, (120, 36), Arrangement(Form.PANES, 8, 3)),
        (1, (120, 36), Arrangement(Form.PANES, 8, 1)),
        (4, (159, 50), Arrangement(Form.PANES, 10, 4)),
        (4, (160, 50), Arrangement(Form.PANES, 13, 4)),
        (3, (160, 40), Arrangement(Form.PANES, 10, 3)),
        (3, (160, 30), Arrangement(Form.PANES, 8, 3)),
        (12, (120, 36), Arrangement(Form.PANES, 12, 5)),
        (13, (120, 36), Arrangement(Form.TABLE, 14, 1)),
        (3, (120, 24), Arrangement(Form.SUMMARY, 1, 1)),
        (3, (60, 24), Arrangement(Form.TABLE, None, 1)),
        (3, (100, 15), Arrangement(Form.TABLE, None, 1)),
    ],
)
def test_workers_take_the_form_there_is_room_for(workers: int, screen: tuple[int, int], expected: Arrangement) -> None:
    assert arrange(workers, screen[0], *screen, screen[1]) == expected


@given(st.integers(0, 250), st.integers(20, 300), st.integers(10, 120))
def test_workers_leave_more_than_half_of_the_screen_to_others(workers: int, width: int, height: int) -> None:
    arrangement = arrange(workers, width, width, height, height)
    if arrangement.lines is not None:
        assert 1 <= arrangement.lines <= max(3, height * 0.4)
    if arrangement.form is Form.PANES:
        assert arrangement.across <= max(1, workers)
        assert width // arrangement.across >= 24
