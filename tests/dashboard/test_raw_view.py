"""Raw values on the screen: every byte is there once, and none of them does anything to the terminal."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.dashboard.hosting import WIDTHS, Host, drawn_lines, frame_texts
from tui.dashboard.glyphs import ASCII, UNICODE
from tui.dashboard.raw_text import MOST_BYTES, MOST_HEADERS, header_lines, hex_text, is_json, json_text
from tui.dashboard.widgets.drawing import Line, line_cells, line_text
from tui.dashboard.widgets.raw_view import EMPTY, NO_VALUE, RawView

NASTY = b"\x1b[2J\x1b]0;title\x07 [bold]x[/] \xe2\x80\xae\x9b \r\n\x00"
REQUEST = b'{"operator_1":"five","operator_2":1e400,"x":[],"y":{},"operation":"sum"}'
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def texts(lines: tuple[Line, ...]) -> list[str]:
    return [line_text(line) for line in lines]


def harmless(lines: tuple[Line, ...]) -> bool:
    return not any(unicodedata.category(char)[0] == "C" or ord(char) == 0x85 for char in "".join(texts(lines)))


@given(st.binary(max_size=600), st.integers(20, 120))
def test_a_dump_has_every_byte_once_and_no_control_character(value: bytes, cells: int) -> None:
    raw = hex_text(value, cells)
    assert harmless(raw.lines)
    size = next((size for size in (16, 8, 4) if 7 + 4 * size <= cells), 4)
    assert b"".join(bytes.fromhex(text[6 : 6 + 3 * size - 1]) for text in texts(raw.lines)) == value
    assert "".join(text[8 + 3 * size - 1 :] for text in texts(raw.lines)) == "".join(
        chr(byte) if chr(byte).isprintable() and byte < 128 else "." for byte in value
    )
    assert (raw.shown, raw.total) == (len(value), len(value))


@given(json_values, st.integers(10, 120))
def test_json_set_out_is_the_same_json_and_has_no_control_character(value: object, cells: int) -> None:
    written = json.dumps(value).encode()
    assert is_json(written)
    raw = json_text(written, cells)
    assert harmless(raw.lines)
    assert all(line_cells(line) <= cells for line in raw.lines)
    whole = json_text(written, 1_000_000)
    assert json.loads("".join(text.lstrip() for text in texts(whole.lines))) == value
    assert raw.shown == len(written)


@given(st.text(), st.integers(10, 80), st.sampled_from([UNICODE, ASCII]))
def test_what_is_in_strings_of_json_is_made_visible(text: str, cells: int, glyphs: object) -> None:
    assert isinstance(glyphs, type(UNICODE))
    written = json.dumps({"x": text}, ensure_ascii=False).encode()
    lines = json_text(written, cells, glyphs).lines
    assert harmless(lines)
    assert not glyphs.ascii or "".join(texts(lines)).isascii()


@given(st.lists(st.tuples(st.text(), st.none() | st.binary())), st.integers(10, 80))
def test_headers_are_data_too(headers: list[tuple[str, bytes | None]], cells: int) -> None:
    lines = header_lines(headers, cells)
    assert harmless(lines)
    assert all(line_cells(line) <= cells for line in lines)


def test_json_is_set_out_a_field_a_line_and_its_numbers_stay_as_they_were_sent() -> None:
    assert texts(json_text(REQUEST, 40).lines) == [
        "{",
        '  "operator_1": "five",',
        '  "operator_2": 1e400,',
        '  "x": [],',
        '  "y": {},',
        '  "operation": "sum"',
        "}",
    ]


def test_a_dump_has_the_bytes_beside_their_ascii() -> None:
    assert texts(hex_text(b"five plus two\x1b[2J", 76).lines) == [
        "0000  66 69 76 65 20 70 6c 75 73 20 74 77 6f 1b 5b 32  five plus two.[2",
        "0010  4a                                               J",
    ]
    assert texts(hex_text(b"five plus", 40).lines) == [
        "0000  66 69 76 65 20 70 6c 75  five plu",
        "0008  73                       s",
    ]


@pytest.mark.parametrize("value", [b"", None, b"five", b"[" * 50_000, b'{"a": 1', b'"\xff"', b"{} {}"])
def test_what_is_not_one_json_value_is_none(value: bytes | None) -> None:
    assert not is_json(value)


def test_of_a_large_value_the_first_part_is_shown_and_the_rest_counted() -> None:
    raw = hex_text(b"x" * 1_000_000, 76)
    assert (len(raw.lines), raw.shown, raw.total) == (MOST_BYTES // 16, MOST_BYTES, 1_000_000)
    numbers = json_text(b"[" + b"1," * 100_000 + b"1]", 76)
    assert (numbers.shown, numbers.total) == (MOST_BYTES, 200_003)
    cut_inside_a_character = json_text(('["' + "é" * 100_000 + '"]').encode(), 76)
    assert cut_inside_a_character.shown in (MOST_BYTES, MOST_BYTES - 1)


def test_of_many_and_of_long_headers_the_rest_is_counted() -> None:
    lines = texts(header_lines([("n", b"x" * 2_000)] * 150, 10_000))
    assert len(lines) == MOST_HEADERS + 1
    assert lines[0].endswith("x  and 976 more bytes")
    assert lines[-1] == "and 50 more headers"


@pytest.mark.parametrize("width", WIDTHS)
async def test_it_fills_its_width_and_no_line_is_longer(width: int) -> None:
    view = RawView(glyphs=UNICODE)
    async with Host(view).run_test(size=(width, 24)) as pilot:
        view.show_bytes(REQUEST + NASTY, [("kcalc-dlq-reason", NASTY), ("none", None)])
        await pilot.pause()
        lines = drawn_lines(view)
        assert max(map(len, lines)) <= width - 4
        assert lines[0].startswith("kcalc-dlq-reason  \\x1b[2J")
        assert "none  –" in lines
        assert any(line.startswith("0000  7b 22 6f 70") for line in lines)


async def test_a_key_switches_between_json_and_bytes() -> None:
    view = RawView(glyphs=UNICODE)
    async with Host(view).run_test(size=(80, 24)) as pilot:
        view.show_bytes(REQUEST)
        view.focus()
        await pilot.pause()
        assert drawn_lines(view)[1] == '  "operator_1": "five",'
        assert "Value · JSON" in frame_texts(view)[0]
        await pilot.press("h")
        assert drawn_lines(view)[0].startswith("0000  7b 22 6f 70")
        assert "Value · bytes" in frame_texts(view)[0]
        assert frame_texts(view)[1].strip(" ─") == "72 bytes"
        await pilot.press("h")
        assert drawn_lines(view)[1] == '  "operator_1": "five",'


async def test_null_and_an_empty_value_are_told_apart() -> None:
    view = RawView(glyphs=UNICODE)
    async with Host(view).run_test(size=(80, 24)) as pilot:
        for value, words in ((None, NO_VALUE), (b"", EMPTY)):
            view.show_bytes(value)
            await pilot.pause()
            assert drawn_lines(view)[0] == words


async def test_what_is_shown_before_there_is_a_screen_is_there_with_it() -> None:
    view = RawView(glyphs=UNICODE)
    view.show_bytes(REQUEST)
    async with Host(view).run_test(size=(80, 24)):
        assert drawn_lines(view)[1] == '  "operator_1": "five",'
