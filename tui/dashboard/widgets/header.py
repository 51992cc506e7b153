"""The status line above everything: which broker, which topics, which group, how they are."""

import re
from collections.abc import Iterator, Sequence

from textual.content import Content
from textual.widgets import Static

from tui.dashboard.formatting import clean
from tui.dashboard.glyphs import UNKNOWN, Glyphs
from tui.dashboard.needs import RunningSession
from tui.dashboard.widgets.drawing import Line, Span, line_text
from tui.dashboard.widgets.parts import Part, content, fitting
from tui.events import Link
from tui.ledger.explain import GONE
from tui.ledger.figures import Figures

_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")
_GAP = 3
NAME_CELLS = 40
_NO_GENERATION = (None, "Dead", "Empty", "PreparingRebalance", "CompletingRebalance")
"""In these states there is none, or the last one is over."""


def header_parts(figures: Figures, session: RunningSession, glyphs: Glyphs, leaving: bool) -> Iterator[Part]:
    """The parts of the status line from left to right."""
    yield Part((("kcalc ", "strong"), *_broker(figures, session, glyphs)), 0)
    profile = session.settings.profile
    if session.settings.kafka.read_only:
        yield Part((("read-only", "warning"),), 0)
    if profile.name and not profile.production:
        yield Part((("profile ", "muted"), (profile.name, "text")), 3)
    if leaving:
        yield Part((("stopping the workers", "warning"),), 0)
    if figures.brokers is not None and not session.broker_embedded:
        yield Part((("brokers ", "muted"), (str(figures.brokers), "text")), 4)
    yield Part(_topics(figures, session, glyphs), 2)
    yield Part(_group(figures, session, glyphs), 1)
    yield Part(((session.settings.workers.delivery.replace("_", " "), "muted"),), 5)


def _broker(figures: Figures, session: RunningSession, glyphs: Glyphs) -> Line:
    embedded = session.broker_embedded
    known = session.broker_address or ("" if embedded else session.settings.kafka.bootstrap_servers)
    address = clean(known, NAME_CELLS, glyphs)
    match figures.link:
        case Link.STARTING:
            return ((f"{glyphs.idle} starting", "warning"), (f" {address}", "text"))
        case Link.NO_BROKER | Link.REFUSED:
            return ((f"{glyphs.failed} {figures.link}", "error"), (f" {address}", "text"))
        case Link.CONNECTED if not embedded:
            return ((f"{glyphs.busy} ", "success"), (address, "text"))
        case Link.CONNECTED:
            where = "" if session.broker_owned else f" {address}"
            return ((f"{glyphs.busy} ", "success"), ("embedded", "text"), (where, "muted"))


def _topics(figures: Figures, session: RunningSession, glyphs: Glyphs) -> Line:
    topics = session.settings.topics
    requests, results = short_names(topics.requests, topics.results)
    partitions = f" {len(figures.partitions)}p" if figures.partitions else ""
    return ((requests, "strong"), (f"{partitions} {glyphs.cursor} ", "muted"), (results, "strong"))


def short_names(one: str, other: str) -> tuple[str, str]:
    """Both topic names without the dotted prefix that they share."""
    prefix, _, rest = one.rpartition(".")
    other_prefix, _, other_rest = other.rpartition(".")
    return (rest, other_rest) if prefix == other_prefix else (one, other)


def _group(figures: Figures, session: RunningSession, glyphs: Glyphs) -> Line:
    name: Line = (("group ", "muted"), (session.settings.workers.group, "text"))
    word, role = _group_word(figures, glyphs)
    lasting = figures.link is Link.CONNECTED and figures.group_state not in _NO_GENERATION
    generation: Line = ((f" g{figures.generation}", "muted"),) if lasting and figures.generation else ()
    protocol: Line = ((" new protocol", "muted"),) if figures.new_protocol else ()
    return (*name, (f" {word}", role), *generation, *protocol)


def _group_word(figures: Figures, glyphs: Glyphs) -> Span:
    """Kafka's own word for the group's state, in capitals, but for a group that is not there yet or not any more."""
    if figures.link is not Link.CONNECTED:
        return UNKNOWN, "muted"
    running = any(worker.state is not None and worker.state not in GONE for worker in figures.workers)
    match figures.group_state:
        case "Stable":
            return state_word("Stable", glyphs), "success"
        case None | "Dead" | "Empty" if running:
            return "forming", "warning"
        case None:
            return UNKNOWN, "muted"
        case "Dead" | "Empty":
            return "no members", "warning"
        case state:
            return state_word(state, glyphs), "warning"


def state_word(state: str, glyphs: Glyphs) -> str:
    """Kafka's word for a group's state as it is shown everywhere: `PREPARING REBALANCE`."""
    return clean(_WORD.sub(" ", state).upper(), NAME_CELLS, glyphs)


def header_tooltip(every: Sequence[Part], session: RunningSession, glyphs: Glyphs) -> Content:
    """All parts, one a line, also those that did not fit, and the names of the topics in full."""
    topics = session.settings.topics
    names = (("requests", topics.requests), ("results", topics.results), ("dead letters", topics.dead_letters))
    lines = [line_text(part.line) for part in every]
    lines += [f"{what}: topic {clean(name, NAME_CELLS, glyphs)}" for what, name in names]
    return Content("\n".join([*lines, "a click shows the cluster"]))


class Header(Static):
    """One line; what does not fit goes, the group last."""

    ALLOW_SELECT = False

    def __init__(self, session: RunningSession, glyphs: Glyphs) -> None:
        super().__init__(markup=False, id="header")
        self._session = session
        self._glyphs = glyphs
        self._shown: tuple[tuple[Part, ...], int] = (), 0

    async def on_click(self) -> None:
        """What all of this is about stands in the view of the cluster."""
        await self.run_action("app.view('cluster')")

    def show(self, figures: Figures, leaving: bool = False) -> None:
        """Draw the line for these figures."""
        every = tuple(header_parts(figures, self._session, self._glyphs, leaving))
        shown = every, self.content_size.width
        if shown != self._shown:
            self._shown = shown
            self.tooltip = header_tooltip(every, self._session, self._glyphs)
            self.update(content(fitting(*shown, _GAP), _GAP), layout=False)
