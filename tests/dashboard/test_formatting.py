"""What is written on the screen is short, honest about what it does not know, and harmless whatever came from Kafka."""

import math
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.dashboard import formatting as f
from tui.dashboard.glyphs import ASCII, UNICODE, Glyphs

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=60)
NASTY = st.text(
    alphabet=st.sampled_from(
        "a1 \0\x07\x1b\x9b\x7f\n\t\r\u0301\u0489\u200b\u200d\u202e\u2066\ufeff\ufe0f\ud800👍🏽🇩漢\u1160\uffa0\\"
    ),
    max_size=40,
)


@given(st.one_of(ANY_TEXT, NASTY), st.integers(-1, 50), st.sampled_from([UNICODE, ASCII]))
def test_clean_text_fits_and_holds_nothing_that_acts(text: str, max_cells: int, glyphs: Glyphs) -> None:
    shown = f.clean(text, max_cells, glyphs)
    assert cell_len(shown) <= max(0, max_cells)
    assert sum(cell_len(char) for char in shown) == cell_len(shown), "no character changes the width of another"
    for char in shown:
        category = unicodedata.category(char)
        assert category[0] != "C", f"{char!a} is a control, a surrogate, private or unassigned"
        assert category not in {"Zl", "Zp"}
        assert unicodedata.bidirectional(char) not in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    shown.encode("utf-8")
    if glyphs.ascii:
        assert shown.isascii()


@given(st.one_of(ANY_TEXT, NASTY))
def test_clean_text_never_stacks_more_than_two_marks(text: str) -> None:
    marks = 0
    for char in f.clean(text, 400):
        marks = marks + 1 if unicodedata.category(char) in {"Mn", "Me"} else 0
        assert marks <= 2


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("", ""),
        ("[bold]x[/bold]", "[bold]x[/bold]"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x9b31m", "\\x9b31m"),
        ("a\0b", "a\\0b"),
        ("two\nlines\r\t", "two\\nlines\\r\\t"),
        ("\x7f", "\\x7f"),
        ("abc\u202edef", "abc\\u202edef"),
        ("\u2066a\u2069", "\\u2066a\\u2069"),
        ("a\u200bb\ufeff", "a\\u200bb\\ufeff"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("line\u2028sep", "line\\u2028sep"),
        ("❤\ufe0f", "❤\\ufe0f"),
        ("é e\u0301 漢字 👍", "é e\u0301 漢字 👍"),
        ("\u0301x", "\\u0301x"),
        ("a\u0301\u0301\u0301", "a\u0301\u0301\\u0301"),
    ],
)
def test_what_is_no_visible_character_is_written_as_an_escape(text: str, shown: str) -> None:
    assert f.clean(text, 60) == shown


@pytest.mark.parametrize(
    ("text", "cells", "shown"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdefg", 6, "abcde…"),
        ("漢字漢字", 5, "漢字…"),
        ("漢字漢字", 4, "漢…"),
        ("ab\x1bcd", 5, "ab…"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
        ("e\u0301" * 5, 5, "e\u0301" * 5),
        ("e\u0301" * 6, 5, "e\u0301" * 4 + "…"),
    ],
)
def test_long_text_is_cut_by_cells_and_never_inside_an_escape(text: str, cells: int, shown: str) -> None:
    assert f.clean(text, cells) == shown


def test_cutting_a_million_characters_costs_no_more_than_what_is_shown() -> None:
    class Counted(str):
        seen = 0

        def __iter__(self) -> Iterator[str]:
            for char in str.__iter__(self):
                Counted.seen += 1
                yield char

    assert f.clean(Counted("9" * 1_000_000), 10) == "9" * 9 + "…"
    assert Counted.seen <= 11


def test_keys_that_are_no_text_are_shown_byte_by_byte() -> None:
    assert f.clean_bytes(b"k\xff\x00", 20) == "k\\xff\\0"
    assert f.clean_bytes(None, 20) == "–"
    assert f.clean_bytes(b"", 20) == ""
    assert cell_len(f.clean_bytes(b"\xff" * 10_000, 12)) <= 12


@pytest.mark.parametrize(
    ("text", "cells", "shown"),
    [
        ("42", 8, "42"),
        ("-2", 8, "−2"),
        ("0.3333333333", 8, "0.33333…"),
        ("1606938044258990275541962092341162602522202993782792835301376", 12, "1.606938…e60"),
        ("-1606938044258990275541962092341162602522202993782792835301376", 12, "−1.60693…e60"),
        ("123456789", 8, "1.234…e8"),
        ("1" * 10_000, 10, "1.11…e9999"),
        ("99", 1, "…"),
        ("not a number", 6, "not a…"),
        ("\x1b5", 8, "\\x1b5"),
    ],
)
def test_a_number_too_long_keeps_its_magnitude(text: str, cells: int, shown: str) -> None:
    assert f.number(text, cells) == shown


@given(
    st.one_of(st.integers().map(str), st.decimals(allow_nan=False, allow_infinity=False).map(str)), st.integers(0, 40)
)
def test_a_number_always_fits(text: str, cells: int) -> None:
    assert cell_len(f.number(text, cells)) <= cells


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (None, "?"),
        (math.nan, "?"),
        (math.inf, "?"),
        (0.0, "<1 µs"),
        (0.0002, "200 µs"),
        (0.00004, "40 µs"),
        (0.0009996, "1 ms"),
        (0.003, "3 ms"),
        (0.88, "880 ms"),
        (0.9996, "1.0 s"),
        (1.84, "1.8 s"),
        (9.96, "10 s"),
        (75.0, "75 s"),
        (300.0, "5 min"),
        (7_200.0, "2 h"),
        (864_000.0, "10 d"),
        (-0.0001, "<1 µs"),
        (-0.5, "−500 ms"),
    ],
)
def test_a_duration_is_in_its_natural_unit(seconds: float | None, shown: str) -> None:
    assert f.duration(seconds) == shown


@given(st.floats(0, 3e7))
def test_a_duration_takes_seven_cells_at_most(seconds: float) -> None:
    assert cell_len(f.duration(seconds)) <= 7


@pytest.mark.parametrize(
    ("write", "value", "shown"),
    [
        (f.count, None, "?"),
        (f.count, 1289, "1289"),
        (f.count, 1_234_567, "1 234 567"),
        (f.compact, 9_999, "9999"),
        (f.compact, 12_345, "12.3k"),
        (f.compact, 99_960, "100k"),
        (f.compact, 999_600, "1.0M"),
        (f.compact, None, "?"),
        (f.rate, 11.0, "11.0"),
        (f.rate, 123.4, "123"),
        (f.rate, None, "?"),
        (f.rate, math.nan, "?"),
        (f.per_second, 19.0, "19/s"),
        (f.per_second, 0.4, "0.4/s"),
        (f.per_second, 0.0, "0/s"),
        (f.per_second, None, "?/s"),
        (f.age, 0.42, "0.4 s"),
        (f.age, 75.0, "75 s"),
        (f.age, None, "?"),
    ],
)
def test_a_figure_is_short_and_unknown_is_a_question_mark(write: object, value: float | None, shown: str) -> None:
    assert callable(write)
    assert write(value) == shown


@given(st.integers(0, 10**15))
def test_a_compact_number_takes_five_cells_at_most(value: int) -> None:
    assert len(f.compact(value)) <= 5
    assert len(f.rate(float(value))) <= 5


@pytest.mark.parametrize(
    ("size", "text"),
    [(None, "?"), (0, "0 B"), (1_023, "1023 B"), (1_024, "1.0 KiB"), (10_240, "10 KiB"), (1 << 20, "1.0 MiB"),
     (1_048_000, "1023 KiB"), (5 << 40, "5.0 TiB"), (2_000 << 40, "2000 TiB")],
)  # fmt: skip
def test_a_size_is_written_in_its_unit(size: int | None, text: str) -> None:
    assert f.byte_size(size) == text


@pytest.mark.usefixtures("utc")
def test_a_time_of_day_is_local_and_nonsense_is_a_question_mark() -> None:
    assert f.time_of_day(1_732_276_867.9) == "12:01:07"
    assert f.time_of_day(math.nan) == "?"
    assert f.time_of_day(math.inf) == "?"
    assert f.time_of_day(1e300) == "?"


def test_a_place_is_partition_at_offset() -> None:
    assert f.place(0, 411) == "0@411"
    assert f.place(3, None) == "3@?"


def test_terminals_without_utf8_get_ascii_words() -> None:
    assert f.clean("5 × 3 ÷ 2 − √9", 40, ASCII) == "5 * 3 / 2 - sqrt 9"
    assert f.clean("é", 40, ASCII) == "\\xe9"
    assert f.duration(0.00004, ASCII) == "40 us"
