"""What a trace says of dead letters: when the request was refused, by whom, why, and where it is kept now."""

from collections.abc import Iterator

from tui.calc.messages import SENT_AGAIN
from tui.dashboard.formatting import clean, exact_time
from tui.dashboard.glyphs import UNKNOWN, Glyphs
from tui.dashboard.widgets.drawing import hue_role
from tui.dashboard.widgets.trace_steps import MOST_TEXT, Step, said, seen_step
from tui.events import DeadLetterReceived
from tui.ledger.dead_letters import refused_at


def refusal(letter: DeadLetterReceived, glyphs: Glyphs) -> Iterator[Step]:
    """One time that it was refused. A dead letter does not say which attempt that was."""
    worker = (clean(letter.client_id, MOST_TEXT, glyphs), hue_role(letter.client_id))
    when = UNKNOWN if letter.refused_at is None else exact_time(letter.refused_at)
    yield "refused", when, (("by ", "text"), worker, (", attempt ", "text"), (UNKNOWN, "muted"))
    reason, message = (clean(text, MOST_TEXT, glyphs) for text in (letter.reason, letter.message))
    yield "reason", "", ((reason, "strong"), (f": {message}" if message else "", "text"))
    yield "dead letter", "", said(f"at p{letter.letter_partition}@{letter.letter_offset}")
    yield seen_step(letter.at, refused_at(letter), glyphs)


def sent_again(letter: DeadLetterReceived, glyphs: Glyphs) -> Iterator[Step]:
    """The dead letter of which this request is a copy, if its headers name one."""
    told = {name: value for name, value in letter.headers if name.startswith(SENT_AGAIN) and value is not None}
    if f"{SENT_AGAIN}offset" not in told:
        return
    partition, offset, sender = (
        clean(told[f"{SENT_AGAIN}{name}"].decode(errors="replace"), MOST_TEXT, glyphs)
        if f"{SENT_AGAIN}{name}" in told
        else UNKNOWN
        for name in ("partition", "offset", "sender")
    )
    yield f"{glyphs.again} sent again", "", said(f"from dead letter p{partition}@{offset}, by sender {sender}")
