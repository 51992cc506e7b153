"""Whatever the spans of a line are, its strip shows every text in its place and colour, in the cells there are."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from tui.dashboard.widgets.strips import strip_of

STYLES = {"text": Style(color="white"), "muted": Style(color="blue"), "error": Style(color="red", bold=True)}
SPANS = st.lists(st.tuples(st.text("ab 界", max_size=5), st.sampled_from(sorted(STYLES))), max_size=12).map(tuple)


@given(SPANS, st.integers(0, 40))
def test_a_strip_is_as_wide_as_it_must_be_and_shows_the_beginning_of_its_line(
    line: tuple[tuple[str, str], ...], cells: int
) -> None:
    strip = strip_of(line, cells, STYLES.__getitem__)
    text = "".join(piece for piece, _ in line)
    assert strip.cell_length == cells
    assert sum(cell_len(segment.text) for segment in strip) == cells
    if cell_len(text) <= cells:
        assert strip.text == text + " " * (cells - cell_len(text))


@given(SPANS)
def test_every_sign_keeps_the_colour_of_its_role(line: tuple[tuple[str, str], ...]) -> None:
    wanted = [(sign, STYLES[role]) for piece, role in line for sign in piece if sign != " "]
    strip = strip_of(line, 200, STYLES.__getitem__)
    assert [(sign, segment.style) for segment in strip for sign in segment.text if sign != " "] == wanted


def test_blanks_cost_no_segment_but_between_columns_of_one_role() -> None:
    line = (("a", "muted"), ("  ", "text"), ("b", "muted"), ("  ", "text"), ("c", "error"), ("   ", "text"))
    pieces = [segment.text for segment in strip_of(line, 12, STYLES.__getitem__)]
    assert pieces == ["a", "  ", "b  ", "c     "]
