"""The way of one request as lines: what happened when, where and why, and honestly what is not known."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len

from tui.calc.operations import Operations
from tui.dashboard.formatting import clean, clean_bytes, count, duration, exact_time, time_of_day
from tui.dashboard.glyphs import UNKNOWN, Glyphs
from tui.dashboard.widgets.answers import answer_line, request_text
from tui.dashboard.widgets.drawing import Line, Span, aligned, cut, hue_role
from tui.ledger.figures import Rebalance
from tui.ledger.trace import Delivery, Trace

_LABEL_CELLS = 13
_TIME_CELLS = 13
_LEAST_TEXT_CELLS = 30
_WORTH_SAYING_S = 0.01
_MOST_TEXT = 400
_WORDS = re.compile(r"\S+\s*|\s+")


@dataclass(frozen=True, slots=True)
class Route:
    """What decides about the partition: the key (`keyed` False: it is not known), and where its hash leads now.

    `leads_to` and `partitions` are None while nobody knows how many partitions there are.
    """

    keyed: bool = False
    key: bytes | None = None
    leads_to: int | None = None
    partitions: int | None = None


def trace_title(trace: Trace, operations: Operations, cells: int, glyphs: Glyphs) -> Line:
    """The request and its answer, or where it stands."""
    if not trace.deliveries:
        return ((f"Trace of p{trace.partition}@{trace.offset}", "title"),)
    result = trace.deliveries[-1].received.result
    asked = request_text(result, operations, max(8, cells // 2), glyphs)
    equals = "  " if result.error else " = "
    line: Line = (("Trace of ", "title"), (asked, "strong"), (equals, "muted"), *answer_line(result, cells, glyphs))
    return cut(line, cells, glyphs.ellipsis)


def trace_lines(trace: Trace, route: Route, cells: int, glyphs: Glyphs) -> list[Line]:
    """Everything that is known, one step a line, in lines of at most `cells` cells."""
    steps = [*_sending(trace, glyphs), *_deliveries(trace, glyphs), _key(trace, route, glyphs), *_remarks(trace)]
    return [line for step in steps for line in _step_lines(step, cells, glyphs)]


Step = tuple[str, str, Line]
"""What it is, when it was or how long it took, and what there is to say."""


def _step_lines(step: Step, cells: int, glyphs: Glyphs) -> Iterator[Line]:
    """Label and time, and beside them the text on as many lines as it needs; where there is no room, below them."""
    label, when, what = step
    head: Line = (
        *aligned(((label, "muted"),), _LABEL_CELLS, False, glyphs.ellipsis),
        *aligned(((when, "strong"),), _TIME_CELLS, False, glyphs.ellipsis),
    )
    indent = _LABEL_CELLS + _TIME_CELLS
    if cells - indent < _LEAST_TEXT_CELLS:
        yield cut(head, cells, glyphs.ellipsis)
        head, indent = (("  ", "text"),), 2
        if not what:
            return
    for text in _wrapped(what, max(1, cells - indent), glyphs):
        yield cut((*head, *text), cells, glyphs.ellipsis)
        head = ((" " * indent, "text"),)


def _wrapped(line: Line, cells: int, glyphs: Glyphs) -> list[Line]:
    """The line in lines of at most `cells` cells, broken at blanks; what has none is cut."""
    lines: list[list[Span]] = [[]]
    used = 0
    for word, role in [(word, role) for text, role in line for word in _WORDS.findall(text)]:
        if lines[-1] and used + cell_len(word.rstrip()) > cells:
            last, last_role = lines[-1].pop()
            lines[-1].append((last.rstrip(), last_role))
            lines.append([])
            used = 0
        lines[-1].append((word, role))
        used += cell_len(word)
    return [cut(tuple(each), cells, glyphs.ellipsis) for each in lines]


def _said(words: str) -> Line:
    return ((words, "text"),)


def _unknown(words: str) -> Line:
    return ((words, "muted"),)


def _sending(trace: Trace, glyphs: Glyphs) -> Iterator[Step]:
    place, own = f"p{trace.partition}@{trace.offset}", trace.own
    when = UNKNOWN if trace.sent_at is None else exact_time(trace.sent_at)
    name = "" if trace.request_id is None else f", id {clean(trace.request_id, _MOST_TEXT, glyphs)}"
    if own is None:
        yield "sent", when, _said(f"by another program{name}")
        yield "acknowledged", UNKNOWN, _unknown(f"at {place}: sent by another program, its acknowledgement is not seen")
    else:
        late = 0.0 if own.asked_at is None or trace.sent_at is None else trace.sent_at - own.asked_at
        waited = f", {duration(late, glyphs)} after it was asked for" if late >= _WORTH_SAYING_S else ""
        yield "sent", when, _said(f"by this kcalc{waited}{name}")
        yield _acknowledged(trace, place, glyphs)
    yield _waited(trace, glyphs)


def _acknowledged(trace: Trace, place: str, glyphs: Glyphs) -> Step:
    stored = trace.own.stored if trace.own is not None else None
    if stored is None:
        return "acknowledged", UNKNOWN, _unknown(f"at {place}: not seen, or too long ago to be remembered")
    if (stored.partition, stored.offset) != (trace.partition, trace.offset):
        told = f"ours was stored at p{stored.partition}@{stored.offset}: this is a copy of it"
        return "acknowledged", UNKNOWN, _said(told)
    took = UNKNOWN if trace.sent_at is None else f"+{duration(stored.at - trace.sent_at, glyphs)}"
    return "acknowledged", took, _said(f"at {place}")


def _waited(trace: Trace, glyphs: Glyphs) -> Step:
    first = trace.deliveries[0].received.result if trace.deliveries else None
    if first is None or first.sent_at is None:
        return "waited", UNKNOWN, ()
    waited = duration(first.received_at - first.sent_at, glyphs)
    until = "" if first.attempt == 1 else f" until attempt {count(first.attempt)}"
    if trace.unseen or trace.ahead is None:
        return "waited", waited, _unknown(f"{until} behind {UNKNOWN} others".lstrip())
    ahead = trace.ahead
    if not ahead.exact:
        others = f"at least {count(ahead.count)} others" if ahead.count else f"{UNKNOWN} others"
    else:
        others = {0: "nobody", 1: "1 other"}.get(ahead.count, f"{count(ahead.count)} others")
    line = _said(f"{until} behind {others} in p{trace.partition}".lstrip())
    meanwhile = trace.deliveries[0].because
    return "waited", waited, line if meanwhile is None else (*line, ("; ", "text"), *_rebalance(meanwhile, glyphs))


def _deliveries(trace: Trace, glyphs: Glyphs) -> Iterator[Step]:
    if not trace.deliveries:
        yield "answer", UNKNOWN, _unknown("none was seen here, or it is remembered no more")
    for index, delivery in enumerate(trace.deliveries):
        if index:
            yield _again(delivery, trace.deliveries[index - 1], glyphs)
        elif delivery.received.result.attempt > 1:
            yield f"{glyphs.again} again", UNKNOWN, _unknown("an attempt before left no answer that is remembered here")
        yield from _delivery(delivery, glyphs)


def _delivery(delivery: Delivery, glyphs: Glyphs) -> Iterator[Step]:
    received, result = delivery.received, delivery.received.result
    worker = (clean(result.client_id, _MOST_TEXT, glyphs), hue_role(result.client_id))
    attempt = (f", attempt {count(result.attempt)}", "warning" if result.attempt > 1 else "text")
    error: Line = ((", answered with an error", "text"),) if result.error else ()
    took = duration(result.finished_at - result.received_at, glyphs)
    yield "computed", took, (("by ", "text"), worker, attempt, *error)
    place = f"at p{received.result_partition}@{received.result_offset}"
    yield "result", exact_time(result.finished_at), _said(place)
    seen = duration(received.at - result.finished_at, glyphs)
    later = received.at >= result.finished_at
    yield "seen here", f"+{seen}" if later else seen, () if later else _unknown("the clocks differ")


def _again(delivery: Delivery, before: Delivery, glyphs: Glyphs) -> Step:
    result, because = delivery.received.result, delivery.because
    label = f"{glyphs.again} again"
    if because is not None:
        return label, exact_time(result.received_at), (("because of ", "text"), *_rebalance(because, glyphs))
    if result.client_id == before.received.result.client_id:
        told = "no rebalance seen: its worker began again where it had committed"
    else:
        told = "another worker began where the one before had committed; the rebalance was not seen"
    return label, exact_time(result.received_at), _said(told)


def _rebalance(entry: Rebalance, glyphs: Glyphs) -> Line:
    generation = UNKNOWN if entry.generation is None else entry.generation
    cause = clean(entry.cause, _MOST_TEXT, glyphs)
    return ((f"g{generation} at {time_of_day(entry.at)}: ", "text"), (cause, "warning"))


def _key(trace: Trace, route: Route, glyphs: Glyphs) -> Step:
    here = f"p{trace.partition}"
    if trace.own is not None and trace.own.chosen is not None:
        key = "" if route.key is None else f"{_quoted(route.key, glyphs)}: "
        return "key", "", _said(f"{key}{here} was chosen by hand")
    if not route.keyed:
        return "key", "", _unknown(UNKNOWN)
    if route.key is None:
        if trace.own is None:
            return "key", "", _said(f"none: the program that sent it chose {here}")
        if trace.own.asked_at is None:
            return "key", "", _said(f"none: {here} came in turn or was chosen, it is remembered no more")
        return "key", "", _said(f"none: it was the turn of {here}")
    return "key", "", _said(f"{_quoted(route.key, glyphs)}: {_hashed(trace, route, here)}")


def _hashed(trace: Trace, route: Route, here: str) -> str:
    if route.leads_to is None:
        return f"why it went to {here} is not known"
    if route.leads_to == trace.partition:
        return f"its murmur2 hash leads to {here} of {route.partitions} partitions"
    chosen = "there were others then" if trace.own is not None else "its sender chose otherwise, or there were others"
    return f"its murmur2 hash leads to p{route.leads_to} of {route.partitions} partitions; {chosen}"


def _quoted(key: bytes, glyphs: Glyphs) -> str:
    return f'"{clean_bytes(key, 40, glyphs)}"'


def _remarks(trace: Trace) -> Iterator[Step]:
    if trace.more:
        yield "", "", (("and answered ", "text"), (f"{count(trace.more)} times more", "warning"))
    if trace.namesakes:
        places = ", ".join(f"p{partition}@{offset}" for partition, offset in trace.namesakes)
        yield "same id", "", (("another record, not this one again: ", "warning"), (places, "text"))
    if trace.unseen:
        yield "", "", _unknown(f"looking through {count(trace.unseen)} more results")
    elif trace.dropped:
        yield "", "", _unknown(f"answers among the {count(trace.dropped)} oldest results are remembered no more")
