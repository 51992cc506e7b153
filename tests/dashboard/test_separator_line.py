"""What a rebalance says in one line of the log: as much as there is room for, the most important first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.dashboard.hosting import WIDTHS
from tests.dashboard.seeded import seeded_rebalances
from tui.dashboard.glyphs import ASCII, UNICODE, Glyphs
from tui.dashboard.widgets.drawing import line_cells, line_text
from tui.dashboard.widgets.result_rows import row_layout
from tui.dashboard.widgets.separator_line import separator_line
from tui.ledger.figures import Rebalance

pytestmark = pytest.mark.usefixtures("utc")

JOINED = seeded_rebalances()[0]


def line(cells: int, entry: Rebalance = JOINED, before: int | None = 7, glyphs: Glyphs = UNICODE) -> str:
    return line_text(separator_line(entry, before, row_layout(cells), cells, glyphs))


def said(cells: int, entry: Rebalance = JOINED, before: int | None = 7) -> str:
    """The words, without time and rule."""
    return line(cells, entry, before).split("── ", 1)[1].rstrip("─").rstrip()


def test_it_reads_as_in_the_frame_and_fills_its_line() -> None:
    assert line(76) == "12:01:05  ── g7 → g8: client-2 joined · p2 p3 moved · stood still 1.8 s ────"
    assert line(36) == "── g7 → g8: client-2 joined ────────"


def test_without_room_the_less_important_goes_first() -> None:
    entry = replace(JOINED, again=2)
    assert said(116, entry) == "g7 → g8: client-2 joined · p2 p3 moved · stood still 1.8 s · ↻ 2"
    assert said(76, entry) == "g7 → g8: client-2 joined · p2 p3 moved · stood still 1.8 s"
    assert said(60, entry) == "g7 → g8: client-2 joined · p2 p3 moved · ↻ 2"
    assert said(56, entry) == "g7 → g8: client-2 joined · p2 p3 moved"
    assert said(43, entry) == "g7 → g8: client-2 joined · 2 moved"
    assert said(30, entry) == "g7 → g8: client-2 joined"
    assert said(26, entry) == "g7 → g8: client-2 j…"
    many = replace(entry, moved=tuple(range(100)))
    assert said(76, many) == "g7 → g8: client-2 joined · 100 moved · stood still 1.8 s"


def test_a_generation_is_said_as_far_as_it_is_known() -> None:
    assert said(116, before=None).startswith("g8: client-2 joined")
    assert said(116, before=8).startswith("g8: client-2 joined"), "a member was told late"
    assert said(116, replace(JOINED, generation=None)).startswith("client-2 joined")


def test_what_cost_nothing_says_nothing_of_it() -> None:
    free = replace(JOINED, moved=(), stood_still=(), again=0)
    assert said(116, free) == "g7 → g8: client-2 joined"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_it_is_exactly_as_wide_as_the_log(width: int, glyphs: Glyphs) -> None:
    for entry in seeded_rebalances():
        text = line(width - 4, entry, glyphs=glyphs)
        assert len(text) == width - 4
        assert glyphs is UNICODE or text.isascii()


@given(st.text(max_size=60), st.integers(0, 120), st.sampled_from([UNICODE, ASCII]))
def test_no_cause_widens_it_or_reaches_the_terminal(cause: str, cells: int, glyphs: Glyphs) -> None:
    entry = replace(JOINED, cause=cause, moved=tuple(range(300)), again=10**9)
    drawn = separator_line(entry, 10**9, row_layout(cells), cells, glyphs)
    assert line_cells(drawn) <= cells
    assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in line_text(drawn))
