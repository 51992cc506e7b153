"""How numbers, durations, times, rates and foreign text are written on the screen; the only place that does it."""

import math
import re
import time
import unicodedata
from functools import lru_cache

from rich.cells import cell_len

from tui.dashboard.glyphs import UNICODE, UNKNOWN, Glyphs

_MARKS_PER_BASE = 2
"""Vietnamese and pointed Hebrew need two marks on a letter; more is a flood that runs into other lines."""
_NAMED_ESCAPES = {"\0": "\\0", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_ASCII_WORDS = {
    "×": "*",
    "÷": "/",
    "−": "-",
    "√": "sqrt ",
    "…": "..",
    "–": "-",
    "→": "->",
    "·": "|",
    "µ": "u",
    "▸": ">",
}
"""How our own signs, which the ledger and the lanes put into their words, are written without UTF-8."""
_PLAIN_NUMBER = re.compile(r"(-?)([0-9]+)(\.[0-9]+)?")
_MINUS = re.compile(r"-(?=[0-9.])")


def clean(text: str, max_cells: int, glyphs: Glyphs = UNICODE) -> str:
    """Foreign text made harmless: what is no visible character of its own is written as an escape (`\\x1b`, `\\u202e`).

    That is: controls (C0, C1), NUL, line ends, bidi controls, zero-width and variation characters, lone surrogates,
    private and unassigned code points, and combining marks beyond two on a base. The result takes at most `max_cells`
    cells, cut with `…`, and costs no more than that however long `text` is.
    """
    if len(text) <= max_cells and text.isascii() and text.isprintable():
        return text
    pieces: list[str] = []
    used = marks = fits = 0
    limit = max(0, max_cells)
    for char in text:
        piece, cells = _visible(char, glyphs.ascii)
        if not cells:
            marks += 1
            if not pieces or marks > _MARKS_PER_BASE or len(pieces[-1]) > 1:
                piece = _escape(char)
                cells, marks = len(piece), 0
        else:
            marks = 0
        if used + cells > limit:
            return "".join(pieces[:fits]) + glyphs.ellipsis if limit else ""
        pieces.append(piece)
        used += cells
        if used < limit:
            fits = len(pieces)
    return "".join(pieces)


def clean_bytes(value: bytes | None, max_cells: int, glyphs: Glyphs = UNICODE) -> str:
    """Foreign bytes as text, `–` for none; bytes that are no UTF-8 are written `\\xff`."""
    if value is None:
        return glyphs.nothing
    return clean(value[: 4 * max_cells + 4].decode("utf-8", "backslashreplace"), max_cells, glyphs)


@lru_cache(maxsize=4_096)
def _visible(char: str, ascii_only: bool) -> tuple[str, int]:
    """How one character is shown and how many cells it takes; 0 cells: it is a mark on the one before."""
    code = ord(char)
    if 0x20 <= code < 0x7F:
        return char, 1
    category = unicodedata.category(char)
    hidden = category[0] == "C" or category in {"Zl", "Zp"} or _joins_neighbours(code)
    if hidden or ascii_only:
        escape = _ASCII_WORDS.get(char) or _escape(char)
        return escape, len(escape)
    cells = cell_len(char)
    if category[0] == "M" and cells <= 1 and category != "Mc":
        return char, 0
    if category == "Mc" or not cells:
        escape = _escape(char)
        return escape, len(escape)
    return char, cells


def _joins_neighbours(code: int) -> bool:
    """True for what changes the width of its neighbours: variation selectors, regional indicators, skin tones."""
    return (
        0xFE00 <= code <= 0xFE0F
        or 0xE0100 <= code <= 0xE01EF
        or 0x1F1E6 <= code <= 0x1F1FF
        or 0x1F3FB <= code <= 0x1F3FF
        or code in (0x034F, 0x115F, 0x1160, 0x3164, 0xFFA0)
    )


def _escape(char: str) -> str:
    code = ord(char)
    if char in _NAMED_ESCAPES:
        return _NAMED_ESCAPES[char]
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def number(text: str, max_cells: int, glyphs: Glyphs = UNICODE) -> str:
    """A number as a person writes it (`−5`); one too long for `max_cells` keeps its magnitude: `1.60693…e30`."""
    if len(text) > max_cells:
        found = _PLAIN_NUMBER.fullmatch(text)
        if found is not None:
            sign, whole, _ = found.groups()
            if len(sign) + len(whole) + 2 <= max_cells:
                text = text[: max_cells - 1] + glyphs.ellipsis
            elif len(whole) > 1:
                text = _scientific(sign, whole, max_cells, glyphs)
    if not glyphs.ascii:
        text = _MINUS.sub(glyphs.minus, text)
    return clean(text, max_cells, glyphs)


def _scientific(sign: str, whole: str, max_cells: int, glyphs: Glyphs) -> str:
    tail = f"{glyphs.ellipsis}e{len(whole) - 1}"
    digits = max_cells - len(sign) - len(tail) - 1
    if digits < 2:
        return f"{sign}{whole[0]}{tail}"
    return f"{sign}{whole[0]}.{whole[1:digits]}{tail}"


def signed(text: str, glyphs: Glyphs = UNICODE) -> str:
    """A formula with real minus signs before its numbers: `0 − -5` becomes `0 − −5`."""
    return text if glyphs.ascii else _MINUS.sub(glyphs.minus, text)


def count(value: int | None) -> str:
    """A whole number in full, its thousands apart from 10 000 on; `?` if unknown."""
    if value is None:
        return UNKNOWN
    return str(value) if -10_000 < value < 10_000 else f"{value:,}".replace(",", " ")


def compact(value: int | None) -> str:
    """A whole number in at most 5 cells below 10^15: 9999, 12.3k, 123k, 1.2M; `?` if unknown."""
    if value is None:
        return UNKNOWN
    if value < 10_000:
        return str(value)
    scaled = float(value)
    for unit in "kMGT":
        scaled /= 1_000
        if scaled < 99.95:
            return f"{scaled:.1f}{unit}"
        if scaled < 999.5:
            return f"{scaled:.0f}{unit}"
    return f"{scaled:.0f}T"


def rate(per_s: float | None) -> str:
    """A rate without its unit, in at most 5 cells: 0.4, 11.0, 123, 12.3k; `?` if unknown."""
    if per_s is None or not math.isfinite(per_s):
        return UNKNOWN
    return f"{per_s:.1f}" if abs(per_s) < 99.95 else compact(round(per_s))


def per_second(per_s: float | None) -> str:
    """A rate to be read at a glance: 0.4/s, 19/s, 12.3k/s."""
    if per_s is None or not math.isfinite(per_s):
        return f"{UNKNOWN}/s"
    whole = per_s >= 9.95 or per_s == round(per_s)
    return f"{compact(round(per_s))}/s" if whole else f"{per_s:.1f}/s"


def duration(seconds: float | None, glyphs: Glyphs = UNICODE) -> str:
    """A duration in its natural unit, at most 7 cells: 40 µs, 3 ms, 1.8 s, 12 s, 5 min, 30 h; `?` if unknown."""
    if seconds is None or not math.isfinite(seconds):
        return UNKNOWN
    if seconds <= -0.0005:
        return glyphs.minus + duration(-seconds, glyphs)
    if seconds < 0.0009995:
        return f"{seconds * 1e6:.0f} {glyphs.micro}s" if seconds >= 1e-6 else f"<1 {glyphs.micro}s"
    if seconds < 0.9995:
        return f"{seconds * 1e3:.0f} ms"
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    if seconds < 99.5:
        return f"{seconds:.0f} s"
    if seconds < 5_970:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3_600:.0f} h" if seconds < 359_000 else f"{seconds / 86_400:.0f} d"


def age(seconds: float | None) -> str:
    """How old a figure is, steady in its unit: 0.4 s, 12 s, 5 min; `?` if it never came."""
    return f"{max(0.0, seconds):.1f} s" if seconds is not None and seconds < 9.95 else duration(seconds)


def time_of_day(at: float) -> str:
    """Local time of day of a Unix time; `?` for what is no time."""
    return _time_of_second(int(at)) if math.isfinite(at) else UNKNOWN


def exact_time(at: float) -> str:
    """Local time of day of a Unix time in whole milliseconds that are over, as in Kafka's records; `?` for no time."""
    if not math.isfinite(at):
        return UNKNOWN
    # A thousandth of one more, as a float that stands for a record's whole milliseconds may be a bit below them.
    second, ms = divmod(math.floor(at * 1_000 + 0.001), 1_000)
    whole = _time_of_second(second)
    return whole if whole == UNKNOWN else f"{whole}.{ms:03d}"


@lru_cache(maxsize=2_048)
def _time_of_second(second: int) -> str:
    try:
        return time.strftime("%H:%M:%S", time.localtime(second))
    except (OverflowError, ValueError, OSError):
        return UNKNOWN


def byte_size(value: int | None) -> str:
    """A size in at most 8 cells: 512 B, 1.5 KiB, 123 MiB; `?` if unknown."""
    if value is None:
        return UNKNOWN
    if value < 1_024:
        return f"{value} B"
    scaled, units = value / 1_024, ["TiB", "GiB", "MiB", "KiB"]
    while scaled >= 1_023.5 and len(units) > 1:
        scaled /= 1_024
        units.pop()
    return f"{scaled:.1f} {units[-1]}" if scaled < 9.95 else f"{scaled:.0f} {units[-1]}"


def place(partition: int, offset: int | None) -> str:
    """Where a message stands: partition@offset."""
    return f"{partition}@{UNKNOWN if offset is None else offset}"
