"""Bytes of anybody as lines that harm nothing: JSON set out with a field a line, or else a dump in hex and ASCII."""

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec
from rich.cells import cell_len

from tui.dashboard.formatting import clean
from tui.dashboard.glyphs import UNICODE, Glyphs
from tui.dashboard.widgets.drawing import Line, Span, line_cells

MOST_BYTES = 64 << 10
"""More of a value is not shown; the rest is counted. 64 KiB of JSON take 100 ms to set out."""
MOST_HEADERS = 100
MOST_HEADER_BYTES = 1 << 10
_INDENT = 2
_DEEPEST_INDENT = 24
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{},:]|[^\[\]{},:"\s]+', re.DOTALL)
_OPENING = ("{", "[")
_BYTES_A_ROW = (16, 8, 4)
_BETWEEN = "  "


@dataclass(frozen=True, slots=True)
class RawText:
    """A value as lines; `shown` of its `total` bytes are in them."""

    lines: tuple[Line, ...]
    shown: int
    total: int


def is_json(value: bytes | None) -> bool:
    """True if the whole value is one JSON value in UTF-8."""
    if not value:
        return False
    try:
        value.decode()
        msgspec.json.decode(value, type=msgspec.Raw)
    except (UnicodeDecodeError, msgspec.DecodeError, RecursionError):
        return False
    return True


def json_text(value: bytes, cells: int, glyphs: Glyphs = UNICODE) -> RawText:
    """JSON with a field a line, its tokens as they were sent: no number is read, so none is rounded.

    What is longer than `cells` goes on in the next line.
    """
    text, shown = codecs.utf_8_decode(value[:MOST_BYTES], "strict", len(value) <= MOST_BYTES)
    lines = (part for line in _json_lines(text, glyphs) for part in wrapped(line, cells))
    return RawText(tuple(lines), shown, len(value))


def hex_text(value: bytes, cells: int) -> RawText:
    """A dump: offset, 16 bytes in hex (8 or 4 where `cells` are few), and the same bytes as ASCII, `.` for others."""
    shown = value[:MOST_BYTES]
    digits = max(4, len(f"{max(0, len(shown) - 1):x}"))
    size = next((size for size in _BYTES_A_ROW if _row_cells(size, digits) <= cells), _BYTES_A_ROW[-1])
    rows = (_row(at, shown[at : at + size], size, digits) for at in range(0, len(shown), size))
    return RawText(tuple(rows), len(shown), len(value))


def header_lines(headers: Sequence[tuple[str, bytes | None]], cells: int, glyphs: Glyphs = UNICODE) -> tuple[Line, ...]:
    """A line or more for each header: its name, and its value as text with escapes. Bounded; the rest is counted."""
    lines: list[Line] = []
    for name, value in headers[:MOST_HEADERS]:
        lines += wrapped(((_cleaned(name, glyphs) + _BETWEEN, "muted"), *_header_value(value, glyphs)), cells)
    if len(headers) > MOST_HEADERS:
        lines.append(((f"and {len(headers) - MOST_HEADERS} more headers", "warning"),))
    return tuple(lines)


def wrapped(line: Line, cells: int) -> Iterator[Line]:
    """The line in pieces of at most `cells` cells each, and of at least one character."""
    if line_cells(line) <= cells:
        yield line
        return
    piece: list[Span] = []
    used = 0
    for text, role in line:
        begin = 0
        for at, char in enumerate(text):
            width = cell_len(char)
            if used and used + width > cells:
                yield (*piece, (text[begin:at], role))
                piece, used, begin = [], 0, at
            used += width
        piece.append((text[begin:], role))
    yield tuple(piece)


def _json_lines(text: str, glyphs: Glyphs) -> Iterator[Line]:
    tokens = [found.group() for found in _TOKEN.finditer(text)]
    line: list[Span] = []
    depth = 0
    for before, token, following in zip(["", *tokens], tokens, [*tokens[1:], ""], strict=False):
        if token in ("}", "]"):
            depth -= 1
            if before not in _OPENING:
                yield tuple(line)
                line = _indented(depth)
        line.append(_json_span(token, following, glyphs))
        opens = token in _OPENING
        depth += opens
        if token == "," or (opens and following not in ("}", "]")):
            yield tuple(line)
            line = _indented(depth)
    yield tuple(line)


def _indented(depth: int) -> list[Span]:
    return [(" " * min(_INDENT * depth, _DEEPEST_INDENT), "text")]


def _json_span(token: str, following: str, glyphs: Glyphs) -> Span:
    if token == ":":
        return ": ", "muted"
    if token in "{}[],":
        return token, "muted"
    if token.startswith('"'):
        return _cleaned(token, glyphs), "title" if following == ":" else "text"
    return _cleaned(token, glyphs), "strong"


def _row_cells(size: int, digits: int) -> int:
    return digits + 2 * len(_BETWEEN) + 3 * size - 1 + size


def _row(at: int, part: bytes, size: int, digits: int) -> Line:
    shown = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in part)
    return (
        (f"{at:0{digits}x}{_BETWEEN}", "muted"),
        (part.hex(" ").ljust(3 * size - 1), "text"),
        (_BETWEEN + shown, "muted"),
    )


def _header_value(value: bytes | None, glyphs: Glyphs) -> Iterable[Span]:
    if value is None:
        return ((glyphs.nothing, "muted"),)
    text = (_cleaned(value[:MOST_HEADER_BYTES].decode("utf-8", "backslashreplace"), glyphs), "text")
    rest = len(value) - MOST_HEADER_BYTES
    return (text,) if rest <= 0 else (text, (f"{_BETWEEN}and {rest} more bytes", "warning"))


def _cleaned(text: str, glyphs: Glyphs) -> str:
    return clean(text, 10 * len(text), glyphs)  # the longest escape has ten cells
