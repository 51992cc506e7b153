"""One rebalance as lines: generation, time and cause; what moved; how long each partition stood still."""

from collections.abc import Iterable, Sequence

from rich.cells import cell_len

from tui.dashboard.formatting import clean, count, duration, time_of_day
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.widgets.drawing import Line, aligned, cut, hue_role, line_cells
from tui.ledger.figures import Handover, Rebalance

_INDENT = 4
_BETWEEN = 3
_CAUSE_CELLS = 400
_MOST_LINES = 4
_NAME_CELLS = 40
_MOST_PARTITIONS = 12


def rebalance_lines(entry: Rebalance, cells: int, glyphs: Glyphs) -> list[Line]:
    """All that is known of it, in lines of at most `cells` cells."""
    cost = _cost(entry, glyphs)
    lines, fits = _first_lines(entry, cost, cells, glyphs)
    moved: list[Line] = []
    if entry.moved:
        moved.append((("moved ", "muted"), (_partitions(entry.moved, glyphs), "text")))
    moved += [_handover(each, glyphs) for each in entry.handovers]
    if not fits and (len(entry.stood_still) == 1 or entry.again):
        moved.insert(0, cost)
    lines += _packed(moved, cells, glyphs)
    still: list[Line] = [((f"p{place} ", "muted"), (duration(s, glyphs), "text")) for place, s in entry.stood_still]
    if len(still) > 1:
        lines += _packed([(("stood still", "muted"),), *still], cells, glyphs)
    return lines


def _first_lines(entry: Rebalance, cost: Line, cells: int, glyphs: Glyphs) -> tuple[list[Line], bool]:
    """Generation, time and cause, and whether its cost stands beside them: where it does not fit, it gives way."""
    generation = "g?" if entry.generation is None else f"g{entry.generation}"
    head: Line = ((generation.ljust(_INDENT - 1) + " ", "strong"), (time_of_day(entry.at) + "  ", "muted"))
    cause = clean(entry.cause, _CAUSE_CELLS, glyphs)
    whole: Line = (*head, (cause, "text"))
    room = cells - line_cells(cost) - 1
    if line_cells(whole) <= room:
        return [(*aligned(whole, room, False, glyphs.ellipsis), (" ", "text"), *cost)], True
    first, rest = _broken(cause, cells - line_cells(head))
    lines = [cut((*head, (first, "text")), cells, glyphs.ellipsis)]
    while rest and len(lines) < _MOST_LINES:
        line, rest = _broken(rest, cells - _INDENT)
        lines.append(cut(((" " * _INDENT, "text"), (line, "text")), cells, glyphs.ellipsis))
    if rest:
        lines[-1] = cut((*lines[-1], (f" {rest}", "text")), cells, glyphs.ellipsis)
    return lines, False


def _broken(words: str, cells: int) -> tuple[str, str]:
    """As many words as fit, and the others; the first word in any case."""
    first, *others = words.split(" ")
    while others and cell_len(f"{first} {others[0]}") <= cells:
        first = f"{first} {others.pop(0)}"
    return first, " ".join(others)


def _cost(entry: Rebalance, glyphs: Glyphs) -> Line:
    """The longest standstill, and what was answered once more."""
    cost: list[tuple[str, str]] = []
    if entry.stood_still:
        longest = max(took for _, took in entry.stood_still)
        cost += [("stood still ", "muted"), (duration(longest, glyphs), "text")]
    else:
        cost.append(("nothing waited", "muted"))
    if entry.again:
        cost.append((f"  {glyphs.again} {count(entry.again)}", "warning"))
    return tuple(cost)


def _handover(change: Handover, glyphs: Glyphs) -> Line:
    moves = f"{_partitions(change.before, glyphs)} {glyphs.arrow} {_partitions(change.after, glyphs)}"
    return ((clean(change.client_id, _NAME_CELLS, glyphs) + " ", hue_role(change.client_id)), (moves, "text"))


def _partitions(numbers: Sequence[int] | None, glyphs: Glyphs) -> str:
    """`–` before it joined and after it left, `none` while it is a member without a partition."""
    if numbers is None:
        return glyphs.nothing
    if not numbers:
        return "none"
    shown = " ".join(f"p{number}" for number in numbers[:_MOST_PARTITIONS])
    return shown if len(numbers) <= _MOST_PARTITIONS else f"{shown} +{len(numbers) - _MOST_PARTITIONS}"


def _packed(parts: Iterable[Line], cells: int, glyphs: Glyphs) -> list[Line]:
    """The parts one after the other, in as many indented lines as they need."""
    lines: list[Line] = []
    line: Line = ()
    used = 0
    for part in parts:
        part = cut(part, cells - _INDENT, glyphs.ellipsis)
        needed = line_cells(part)
        if line and used + _BETWEEN + needed > cells:
            lines.append(line)
            line = ()
        if line:
            line, used = (*line, (" " * _BETWEEN, "text"), *part), used + _BETWEEN + needed
        else:
            line, used = ((" " * _INDENT, "text"), *part), _INDENT + needed
    return [*lines, line] if line else lines
