"""What stands on the terminal's screen, so that of each frame only what differs from it is written."""

import re
from typing import Final

SYNC_START: Final = "\x1b[?2026h"
SYNC_END: Final = "\x1b[?2026l"
_RESET = "\x1b[0m"

_PART = re.compile(
    r"\x1b\[(\d+);(\d+)H"
    r"((?:\x1b\[[\d;]++m[^\x00-\x1f\x7f-\x9f]*+\x1b\[0m|[^\x00-\x1f\x7f-\x9f]++)*+)"
    r"(?:\r?\n)?"
)
"""A move of the cursor and the segments drawn from there on, as Textual's compositor writes them."""
_SEGMENT = re.compile(r"\x1b\[([\d;]+)m([^\x1b]*)\x1b\[0m|([^\x1b]+)")
_ONE_CELL = re.compile(
    r"[ -~\xa1-\xac\xae-\u02ff\u0370-\u0377\u0391-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e"
    r"\u2190-\u22ff\u23ce\u2500-\u25fc\u2713-\u2718\u2800-\u28ff\x1b]*"
)
"""What every terminal draws in one cell; it and Textual need not agree about anything else."""

_Cell = tuple[str, str] | None
"""A style and a character; None where it is not known what the terminal shows."""


class Painted:
    """Remembers the cells of one screen, by what was written to it.

    A segment (a piece of text in one style) is written as a whole or not at all. Text that is no frame of segments
    may have done anything to the screen, so it passes as it is and everything is forgotten.
    """

    def __init__(self) -> None:
        self._stale = False
        self._rows: dict[int, list[_Cell]] = {}
        self._versions: dict[int, int] = {}
        self._parts: dict[tuple[int, int], tuple[str, int]] = {}
        self._cursor = ""

    def forget(self) -> None:
        """The screen may show anything: draw all of the next frame. Safe in a signal handler and in any thread."""
        self._stale = True

    def changes(self, text: str) -> str:
        """What of `text` must be written to a screen that shows what was given before."""
        if self._stale:
            self._stale = False
            self._clear()
        if text in (SYNC_START, SYNC_END):
            return text
        drawn, at, cursor = _Drawing(), 0, ""
        while at < len(text):
            part = _PART.match(text, at)
            if part is None:
                self._clear()
                return text
            at = part.end()
            if part[3]:
                self._paint(int(part[1]), int(part[2]), part[3], drawn)
                cursor = ""
            else:
                cursor = part[0]
        if not drawn.pieces and cursor == self._cursor:
            return ""
        self._cursor = cursor
        return drawn.text() + cursor

    def _clear(self) -> None:
        self._rows.clear()
        self._versions.clear()
        self._parts.clear()
        self._cursor = ""

    def _paint(self, y: int, x: int, body: str, drawn: "_Drawing") -> None:
        version = self._versions.get(y, 0)
        if self._parts.get((y, x)) == (body, version):
            return
        row = self._rows.setdefault(y, [])
        segments = [(style, styled or bare) for style, styled, bare in _SEGMENT.findall(body)]
        if _ONE_CELL.fullmatch(body):
            changed = self._paint_cells(row, y, x, segments, drawn)
        else:
            changed = True
            row.clear()
            drawn.move(y, x)
            for style, text in segments:
                drawn.add(style, text)
            drawn.lose_place()
        if changed:
            version = self._versions[y] = version + 1
        self._parts[y, x] = (body, version)

    def _paint_cells(
        self, row: list[_Cell], y: int, x: int, segments: list[tuple[str, str]], drawn: "_Drawing"
    ) -> bool:
        changed = False
        row.extend([None] * (x - 1 - len(row)))
        for style, text in segments:
            end = x + len(text)
            cells: list[_Cell] = [(style, character) for character in text]
            if row[x - 1 : end - 1] != cells:
                row[x - 1 : end - 1] = cells
                drawn.move(y, x)
                drawn.add(style, text)
                changed = True
            x = end
        return changed


class _Drawing:
    """The pieces to write, with as few moves and styles as they need."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._style = ""
        self._place: tuple[int, int] | None = None

    def move(self, y: int, x: int) -> None:
        if self._place != (y, x):
            self.pieces.append(f"\x1b[{y};{x}H")
            self._place = (y, x)

    def add(self, style: str, text: str) -> None:
        if style != self._style:
            reset = "0;" if self._style and style else ""
            self.pieces.append(f"\x1b[{reset}{style}m" if style else _RESET)
            self._style = style
        self.pieces.append(text)
        if self._place is not None:
            self._place = (self._place[0], self._place[1] + len(text))

    def lose_place(self) -> None:
        self._place = None

    def text(self) -> str:
        if self._style:
            self.pieces.append(_RESET)
        return "".join(self.pieces)
