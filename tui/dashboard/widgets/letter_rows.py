"""Dead letters as lines: a group of one reason, a letter in the list, and what is known of one."""

import re
from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from tui.calc.messages import SENT_AGAIN
from tui.dashboard.formatting import clean, clean_bytes, count, place, time_of_day
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.raw_text import wrapped
from tui.dashboard.widgets.columns import Column, Fitted, fit
from tui.dashboard.widgets.columns import row as table_row
from tui.dashboard.widgets.drawing import Line, hue_role, line_text
from tui.events import DeadLetterReceived
from tui.ledger.dead_letters import ReasonGroup, refused_at

_LABEL_CELLS = 9
_KEY_CELLS = 20
_MOST_CELLS = 2_000
_WORDS = re.compile(r"\S+\s*|\s+")


def was_sent_again(letter: DeadLetterReceived) -> bool:
    """True if it was a dead letter before and was sent again."""
    return any(name == f"{SENT_AGAIN}offset" for name, _ in letter.headers)


def origin(letter: DeadLetterReceived) -> str:
    """The place of the request: partition@offset."""
    return place(letter.partition, letter.offset)


def group_columns(cells: int) -> Fitted:
    """The columns of the list of reasons."""
    columns = [
        Column("reason", "reason", 20, rank=0, grow=1, most=22),
        Column("letters", "letters", 7, rank=1, right=True),
        Column("last", "last", 8, rank=2),
        Column("message", "the last one", 16, rank=3, grow=3, most=400),
    ]
    return fit(columns, cells)


def group_row(group: ReasonGroup, columns: Fitted, glyphs: Glyphs) -> Line:
    """One reason, how many letters it has and when the last one came."""
    widths = {column.name: width for column, width in columns}
    cells: dict[str, Line] = {
        "reason": ((clean(group.reason, widths["reason"], glyphs), "strong"),),
        "letters": ((count(len(group.letters)), "text"),),
        "last": ((time_of_day(group.last_at), "muted"),),
    }
    if "message" in widths:
        cells["message"] = ((clean(group.letters[0].message, widths["message"], glyphs), "muted"),)
    return table_row(columns, cells, glyphs.ellipsis)


def letter_columns(cells: int, letters: Sequence[DeadLetterReceived], glyphs: Glyphs) -> Fitted:
    """The columns of the list of these letters."""
    places = max((cell_len(origin(letter)) for letter in letters), default=0)
    clients = max((len(letter.client_id) for letter in letters), default=0)
    keys = max((cell_len(clean_bytes(letter.key, _KEY_CELLS, glyphs)) for letter in letters), default=0)
    columns = [
        Column("place", "p@off", max(5, min(24, places)), rank=0),
        Column("time", "time", 8, rank=3),
        Column("client", "client", max(6, min(16, clients)), rank=4),
        Column("key", "key", max(3, min(6, keys)), rank=2, grow=1, most=keys),
        Column("again", "", 1, rank=5),
        Column("value", "value", 8, rank=1, grow=4, most=1_000),
    ]
    return fit(columns, cells)


def letter_row(letter: DeadLetterReceived, columns: Fitted, glyphs: Glyphs) -> Line:
    """Where the request stood, when and by whom it was refused, and how key and value begin."""
    widths = {column.name: width for column, width in columns}
    cells: dict[str, Line] = {
        "place": ((origin(letter), "muted"),),
        "time": ((time_of_day(refused_at(letter)), "muted"),),
        "client": ((clean(letter.client_id, widths.get("client", 0), glyphs), hue_role(letter.client_id)),),
        "key": ((clean_bytes(letter.key, widths.get("key", 0), glyphs), "muted"),),
        "again": ((glyphs.again if was_sent_again(letter) else "", "warning"),),
        "value": ((clean_bytes(letter.value, widths.get("value", 0), glyphs), "text"),),
    }
    return table_row(columns, cells, glyphs.ellipsis)


def letter_facts(letter: DeadLetterReceived, dead_letters: str, cells: int, glyphs: Glyphs) -> tuple[Line, ...]:
    """What is known of it, wrapped into `cells`; `dead_letters` is the name of their topic."""
    sent = f", sent {time_of_day(letter.sent_at)}" if letter.sent_at is not None else ""
    stood = f"{letter.topic} {origin(letter)}{sent}"
    kept = f"{dead_letters} {place(letter.letter_partition, letter.letter_offset)}"
    facts = (
        ("refused", f"{letter.reason}: {letter.message}"),
        ("by", f"{letter.client_id}, {time_of_day(refused_at(letter))}"),
        ("request", f"{stood} {glyphs.arrow} {kept}"),
        ("id", letter.request_id),
        ("key", clean_bytes(letter.key, _MOST_CELLS, glyphs)),
    )
    lines: list[Line] = []
    for label, text in facts:
        role = "strong" if label == "refused" else "text"
        for row in _rows(clean(text, _MOST_CELLS, glyphs), max(1, cells - _LABEL_CELLS)):
            lines += wrapped(((label.ljust(_LABEL_CELLS), "muted"), (row, role)), cells)
            label = ""
    return tuple(lines)


def _rows(text: str, cells: int) -> Iterator[str]:
    """The text in rows of at most `cells` cells: broken at blanks, and what has none inside."""
    row = ""
    for word in _WORDS.findall(text):
        if row and cell_len(row + word.rstrip()) > cells:
            yield row.rstrip()
            row = ""
        row += word
        *full, rest = (line_text(piece) for piece in wrapped(((row, ""),), cells))
        yield from full
        row = rest
    yield row.rstrip()
