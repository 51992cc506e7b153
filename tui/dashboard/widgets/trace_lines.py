"""The way of one request as lines: what happened when, where and why, and honestly what is not known."""

from collections.abc import Iterator
from dataclasses import dataclass

from tui.calc.operations import Operations
from tui.dashboard.formatting import clean, clean_bytes, count, duration, exact_time, time_of_day
from tui.dashboard.glyphs import UNKNOWN, Glyphs
from tui.dashboard.widgets.answers import answer_line, request_text
from tui.dashboard.widgets.drawing import Line, cut, hue_role
from tui.dashboard.widgets.trace_refusals import refusal, sent_again
from tui.dashboard.widgets.trace_steps import MOST_TEXT, Step, said, seen_step, step_lines, unknown
from tui.ledger.figures import Rebalance
from tui.ledger.trace import Delivery, Refusal, Trace

_WORTH_SAYING_S = 0.01


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
    if not trace.deliveries and trace.refusals:
        return ((f"Trace of dead letter p{trace.partition}@{trace.offset}", "title"),)
    if not trace.deliveries:
        return ((f"Trace of p{trace.partition}@{trace.offset}", "title"),)
    result = trace.deliveries[-1].received.result
    asked = request_text(result, operations, max(8, cells // 2), glyphs)
    equals = "  " if result.error else " = "
    line: Line = (("Trace of ", "title"), (asked, "strong"), (equals, "muted"), *answer_line(result, cells, glyphs))
    return cut(line, cells, glyphs.ellipsis)


def trace_lines(trace: Trace, route: Route, cells: int, glyphs: Glyphs) -> list[Line]:
    """Everything that is known, one step a line, in lines of at most `cells` cells."""
    steps = [*_sending(trace, glyphs), *_ends(trace, glyphs), _key(trace, route, glyphs), *_remarks(trace)]
    return [line for step in steps for line in step_lines(step, cells, glyphs)]


def _sending(trace: Trace, glyphs: Glyphs) -> Iterator[Step]:
    place, own = f"p{trace.partition}@{trace.offset}", trace.own
    when = UNKNOWN if trace.sent_at is None else exact_time(trace.sent_at)
    name = "" if trace.request_id is None else f", id {clean(trace.request_id, MOST_TEXT, glyphs)}"
    if own is None:
        yield "sent", when, said(f"by another program{name}")
        yield "acknowledged", UNKNOWN, unknown(f"at {place}: sent by another program, its acknowledgement is not seen")
    else:
        late = 0.0 if own.asked_at is None or trace.sent_at is None else trace.sent_at - own.asked_at
        waited = f", {duration(late, glyphs)} after it was asked for" if late >= _WORTH_SAYING_S else ""
        yield "sent", when, said(f"by this kcalc{waited}{name}")
        yield _acknowledged(trace, place, glyphs)
    for first in trace.refusals[:1]:
        yield from sent_again(first.letter, glyphs)
    yield _waited(trace, glyphs)


def _acknowledged(trace: Trace, place: str, glyphs: Glyphs) -> Step:
    stored = trace.own.stored if trace.own is not None else None
    if stored is None:
        return "acknowledged", UNKNOWN, unknown(f"at {place}: not seen, or too long ago to be remembered")
    if (stored.partition, stored.offset) != (trace.partition, trace.offset):
        told = f"ours was stored at p{stored.partition}@{stored.offset}: this is a copy of it"
        return "acknowledged", UNKNOWN, said(told)
    took = UNKNOWN if trace.sent_at is None else f"+{duration(stored.at - trace.sent_at, glyphs)}"
    return "acknowledged", took, said(f"at {place}")


def _waited(trace: Trace, glyphs: Glyphs) -> Step:
    first = next(iter(trace.ends), None)
    if first is None or trace.sent_at is None:
        return "waited", UNKNOWN, ()
    waited = duration(first.attempt.began_at - trace.sent_at, glyphs)
    until = _until(first)
    if trace.unseen or trace.ahead is None:
        return "waited", waited, unknown(f"{until} behind {UNKNOWN} others".lstrip())
    ahead = trace.ahead
    if not ahead.exact:
        others = f"at least {count(ahead.count)} others" if ahead.count else f"{UNKNOWN} others"
    else:
        others = {0: "nobody", 1: "1 other"}.get(ahead.count, f"{count(ahead.count)} others")
    line = said(f"{until} behind {others} in p{trace.partition}".lstrip())
    return (
        "waited",
        waited,
        line if first.because is None else (*line, ("; ", "text"), *_rebalance(first.because, glyphs)),
    )


def _until(first: Delivery | Refusal) -> str:
    if isinstance(first, Refusal):
        return "until it was refused,"
    attempt = first.received.result.attempt
    return "" if attempt == 1 else f" until attempt {count(attempt)}"


def _ends(trace: Trace, glyphs: Glyphs) -> Iterator[Step]:
    before: Delivery | Refusal | None = None
    for end in trace.ends:
        if before is not None:
            yield _again(end, before, glyphs)
        elif isinstance(end, Delivery) and end.received.result.attempt > 1:
            yield f"{glyphs.again} again", UNKNOWN, unknown("an attempt before left no answer that is remembered here")
        yield from refusal(end.letter, glyphs) if isinstance(end, Refusal) else _delivery(end, glyphs)
        before = end
    if before is None:
        yield "answer", UNKNOWN, unknown("none was seen here, or it is remembered no more")


def _delivery(delivery: Delivery, glyphs: Glyphs) -> Iterator[Step]:
    received, result = delivery.received, delivery.received.result
    worker = (clean(result.client_id, MOST_TEXT, glyphs), hue_role(result.client_id))
    attempt = (f", attempt {count(result.attempt)}", "warning" if result.attempt > 1 else "text")
    error: Line = ((", answered with an error", "text"),) if result.error else ()
    took = duration(result.finished_at - result.received_at, glyphs)
    yield "computed", took, (("by ", "text"), worker, attempt, *error)
    place = f"at p{received.result_partition}@{received.result_offset}"
    yield "result", exact_time(result.finished_at), said(place)
    yield seen_step(received.at, result.finished_at, glyphs)


def _again(end: Delivery | Refusal, before: Delivery | Refusal, glyphs: Glyphs) -> Step:
    began_at, because = end.attempt.began_at, end.because
    label = f"{glyphs.again} again"
    if because is not None:
        return label, exact_time(began_at), (("because of ", "text"), *_rebalance(because, glyphs))
    if end.attempt.client_id == before.attempt.client_id:
        told = "no rebalance seen: its worker began again where it had committed"
    else:
        told = "another worker began where the one before had committed; the rebalance was not seen"
    return label, exact_time(began_at), said(told)


def _rebalance(entry: Rebalance, glyphs: Glyphs) -> Line:
    generation = UNKNOWN if entry.generation is None else entry.generation
    cause = clean(entry.cause, MOST_TEXT, glyphs)
    return ((f"g{generation} at {time_of_day(entry.at)}: ", "text"), (cause, "warning"))


def _key(trace: Trace, route: Route, glyphs: Glyphs) -> Step:
    here = f"p{trace.partition}"
    if trace.own is not None and trace.own.chosen is not None:
        key = "" if route.key is None else f"{_quoted(route.key, glyphs)}: "
        return "key", "", said(f"{key}{here} was chosen by hand")
    if not route.keyed:
        return "key", "", unknown(UNKNOWN)
    if route.key is None:
        if trace.own is None:
            return "key", "", said(f"none: the program that sent it chose {here}")
        if trace.own.asked_at is None:
            return "key", "", said(f"none: {here} came in turn or was chosen, it is remembered no more")
        return "key", "", said(f"none: it was the turn of {here}")
    return "key", "", said(f"{_quoted(route.key, glyphs)}: {_hashed(trace, route, here)}")


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
        yield "", "", unknown(f"looking through {count(trace.unseen)} more results")
    elif trace.dropped:
        yield "", "", unknown(f"answers among the {count(trace.dropped)} oldest results are remembered no more")
    if trace.letters_dropped:
        yield "", "", unknown(f"the {count(trace.letters_dropped)} oldest dead letters are remembered no more")
