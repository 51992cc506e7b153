"""Only what differs is written, and the screen is the same as if all had been."""

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.dashboard.terminal.painted import SYNC_END, SYNC_START, Painted

COLUMNS, ROWS = 20, 4
STYLES = ("", "1", "38;2;9;9;9", "38;2;9;9;9;48;2;1;1;1")
TEXTS = ("a", "abc", "▁▂█", "     ", "x é", "漢字", "e\u0301x")


def segment(style: str, text: str) -> str:
    return f"\x1b[{style}m{text}\x1b[0m" if style else text


def part(y: int, x: int, *segments: tuple[str, str], end: str = "") -> str:
    return f"\x1b[{y};{x}H" + "".join(segment(style, text) for style, text in segments) + end


segments = st.lists(st.tuples(st.sampled_from(STYLES), st.sampled_from(TEXTS)), min_size=1, max_size=3)
parts = st.builds(
    lambda y, x, pieces, end: part(y, x, *pieces, end=end),
    st.integers(1, ROWS - 1),
    st.integers(1, 6),
    segments,
    st.sampled_from(["", "\n", "\r\n"]),
)
frames = st.builds(lambda pieces, x: "".join(pieces) + f"\x1b[1;{x}H", st.lists(parts, max_size=5), st.integers(1, 5))
writes = st.one_of(frames, frames, frames, st.sampled_from([SYNC_START, SYNC_END, "\x1b[2J", "\x1b[2;2Hx\x1b[K"]))


def shown(pieces: list[str]) -> list[object]:
    screen = pyte.Screen(COLUMNS, ROWS)
    stream = pyte.Stream(screen)
    for piece in pieces:
        stream.feed(piece)
    cells = [screen.buffer[y][x] for y in range(ROWS) for x in range(COLUMNS)]
    return [*cells, screen.cursor.x, screen.cursor.y]


@given(st.lists(writes, max_size=12))
def test_the_screen_is_the_same_as_if_everything_had_been_written(given_texts: list[str]) -> None:
    painted = Painted()
    assert shown([painted.changes(text) for text in given_texts]) == shown(given_texts)


def test_a_frame_that_is_shown_already_costs_nothing() -> None:
    painted = Painted()
    frame = part(1, 1, ("1", "lag"), ("", " 12 "), end="\r\n") + part(2, 1, ("", "x")) + "\x1b[2;2H"
    assert painted.changes(frame)
    assert painted.changes(frame) == ""


def test_of_a_line_only_the_segments_that_differ_are_written_each_as_a_whole() -> None:
    painted = Painted()
    painted.changes(part(3, 5, ("1", "lag "), ("2", "  101"), ("1", " ok")))
    assert painted.changes(part(3, 5, ("1", "lag "), ("2", "  102"), ("1", " ok"))) == "\x1b[3;9H\x1b[2m  102\x1b[0m"


def test_what_covered_a_segment_and_goes_away_brings_it_back() -> None:
    painted = Painted()
    below = part(1, 1, ("1", "below"))
    painted.changes(below)
    painted.changes(part(1, 2, ("2", "top")))
    assert painted.changes(below) == "\x1b[1;1H\x1b[1mbelow\x1b[0m"


@pytest.mark.parametrize("name", ["漢", "\u0301", "\U0001f600", "⌚"])
def test_text_of_a_width_that_terminals_disagree_about_is_written_with_all_that_stands_beside_it(name: str) -> None:
    painted = Painted()
    before = part(1, 1, ("1", "id "), ("2", name), ("1", " 1"))
    painted.changes(before)
    after = painted.changes(part(1, 1, ("1", "id "), ("2", name), ("1", " 2")))
    assert after == f"\x1b[1;1H\x1b[1mid \x1b[0;2m{name}\x1b[0;1m 2\x1b[0m"


def test_after_a_new_size_everything_is_written_again() -> None:
    painted = Painted()
    frame = part(1, 1, ("1", "lag"))
    first = painted.changes(frame)
    painted.forget()
    assert painted.changes(frame) == first


def test_what_is_no_frame_passes_and_may_have_changed_everything() -> None:
    painted = Painted()
    frame = part(1, 1, ("1", "lag"))
    first = painted.changes(frame)
    assert painted.changes("\x1b[?1049h") == "\x1b[?1049h"
    assert painted.changes(frame) == first


def test_beginning_and_end_of_a_frame_are_kept_and_change_nothing() -> None:
    painted = Painted()
    frame = part(1, 1, ("1", "lag"))
    painted.changes(frame)
    assert [painted.changes(text) for text in (SYNC_START, frame, SYNC_END)] == [SYNC_START, "", SYNC_END]


def test_a_cursor_that_moves_alone_is_moved() -> None:
    painted = Painted()
    painted.changes(part(1, 1, ("1", "lag")) + "\x1b[1;4H")
    assert painted.changes("\x1b[1;2H") == "\x1b[1;2H"
    assert painted.changes("\x1b[1;2H") == ""
