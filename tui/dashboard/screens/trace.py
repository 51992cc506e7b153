"""The way of one request through kcalc and Kafka: its steps, and the records themselves as Kafka keeps them."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.strip import Strip
from textual.widgets import Static

from tui.calc.messages import request_id
from tui.dashboard import help_places, keys
from tui.dashboard.formatting import clean, clean_bytes, exact_time
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.help_places import Place
from tui.dashboard.needs import RunningSession
from tui.dashboard.screens.box import Box, answer_hints
from tui.dashboard.widgets.canvas import Canvas
from tui.dashboard.widgets.drawing import Line, line_text
from tui.dashboard.widgets.raw_view import RawView
from tui.dashboard.widgets.trace_lines import Route, trace_lines, trace_title
from tui.ledger.figures import Figures, Rebalance
from tui.ledger.own_requests import OwnRequest
from tui.ledger.trace import Evidence, Refusal, trace
from tui.session import LookUpFailed

_LOOK_EVERY_S = 0.02
_MOST_TEXT = 400
_KEY_CELLS = 24
WIDE = 120
"""From this many columns the two records stand side by side."""


class TraceScreen(Box[None]):
    """Follows the request of `evidence`, also while more is answered. Closes by the keys that open it and by escape.

    `figures` gives those of the moment: rebalances, and how many partitions there are.
    """

    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("next", "previous", "leave", "open", "trace", "help")
    PLACE: ClassVar[Place] = help_places.TRACE
    AUTO_FOCUS = "#trace-box"

    def __init__(
        self,
        session: RunningSession,
        evidence: Evidence,
        figures: Callable[[], Figures],
        key_names: dict[str, str],
        glyphs: Glyphs,
    ) -> None:
        super().__init__(id="trace", classes="-ascii" if glyphs.ascii else None)
        self._session = session
        self._evidence = evidence
        self._figures = figures
        self._key_names = key_names
        self._glyphs = glyphs
        self._rebalances: tuple[Rebalance, ...] = ()
        self._own: OwnRequest | None = None
        self._route = Route()
        self._looked: dict[str, tuple[str, str]] = {}
        self._ended_as = "result"
        self._topic = evidence.topic or session.settings.topics.requests
        self._of_kcalc = self._topic == session.settings.topics.requests

    def compose(self) -> ComposeResult:
        """The steps, and below them the request and the result as they are stored."""
        with VerticalScroll(id="trace-box", classes="box") as box:
            box.border_subtitle = answer_hints(self._key_names, "", self._glyphs.ascii)
            yield TraceSteps(glyphs=self._glyphs, id="trace-steps")
            with Vertical(id="trace-records"):
                for name in ("request", "result"):
                    with Vertical(id=f"trace-{name}-record", classes="trace-record"):
                        yield Static("", markup=False, id=f"trace-{name}-words", classes="trace-words")
                        view = RawView(glyphs=self._glyphs, id=f"trace-{name}", key_names=self._key_names)
                        view.display = False
                        yield view

    def on_mount(self) -> None:
        """Draw what is known, and look for the rest bit by bit."""
        found = self._evidence
        if self._of_kcalc:
            self._own = self._session.ledger.own_requests.find(found.partition, found.offset, found.request_id)
        for received in found.answers.values():
            self._keyed(received.key)
        for letter in found.letters.values():
            self._keyed(letter.key)
        found.read_letters(self._session.dead_letters, self._topic)
        self._look_up()
        self._draw()
        self.set_interval(_LOOK_EVERY_S, self._look_further)

    def on_resize(self, event: Resize) -> None:
        """Side by side where there is room."""
        self.set_class(event.size.width >= WIDE, "-wide")
        self.call_after_refresh(self._draw)

    def action_open(self) -> None:
        """The key that opened it closes it."""
        self.dismiss()

    def action_trace_letter(self) -> None:
        """So does the one of a dead letter."""
        self.dismiss()

    def _look_further(self) -> None:
        found_more = self._evidence.read_letters(self._session.dead_letters, self._topic)
        if self._of_kcalc:  # the results say nothing of requests of another topic
            found_more |= self._evidence.read(self._session.results)
        if found_more or self._rebalances is not self._figures().rebalances:
            self._look_up()
            self._draw()

    def _draw(self) -> None:
        if not self.query(TraceSteps):
            return  # it is being taken down
        self._rebalances = self._figures().rebalances
        known = trace(self._evidence, self._own, self._rebalances)
        steps = self.query_one(TraceSteps)
        steps.show(trace_lines(known, self._route, steps.cells, self._glyphs))
        box = self.query_one("#trace-box", VerticalScroll)
        title = trace_title(known, self._session.operations, max(20, box.outer_size.width - 6), self._glyphs)
        box.border_title = Content(line_text(title))

    def _keyed(self, key: bytes | None) -> None:
        partitions = len(self._figures().partitions) or None
        leads_to = None
        if key is not None and partitions is not None:
            # The session hashes text, as a person types it; this way any bytes come out as they went in.
            leads_to = self._session.next_partition(key.decode(errors="surrogateescape"), None, partitions)
        self._route = Route(True, key, leads_to, partitions)

    # The records

    def _look_up(self) -> None:
        """Read the request, and the newest result or dead letter as soon as one is known."""
        topics, found = self._session.settings.topics, self._evidence
        self._read("request", self._topic, found.partition, found.offset)
        newest = trace(found, None, ()).ends[-1:]
        if not newest:
            self._say("result", "none was seen here")
        elif isinstance(end := newest[0], Refusal):
            self._ended_as = "dead letter"
            self._read("result", topics.dead_letters, end.letter.letter_partition, end.letter.letter_offset)
        else:
            self._ended_as = "result"
            self._read("result", topics.results, end.received.result_partition, end.received.result_offset)

    def _read(self, name: str, topic: str, partition: int, offset: int) -> None:
        place = f"p{partition}@{offset}"
        if self._looked.get(name) == (topic, place):
            return
        self._looked[name] = topic, place
        self._say(name, f"{place}: being read from {topic}")
        self.run_worker(self._show(name, place, topic, partition, offset), group=name, exclusive=True)

    async def _show(self, name: str, place: str, topic: str, partition: int, offset: int) -> None:
        try:
            looked = await self._session.look_up(topic, partition, offset)
        except LookUpFailed as failure:
            self._say(name, f"{place} of {topic} could not be read: {failure}")
            return
        if looked is None:
            self._say(name, f"{place}: {topic} keeps it no longer, by its retention or because it was made anew")
            return
        if self._is_another(looked.value):
            self._say(name, f"{place}: {topic} was made anew since, and another record stands there now")
            return
        key = "no key" if looked.key is None else f"key {clean_bytes(looked.key, _KEY_CELLS, self._glyphs)}"
        self._say(name, f"{place}  {exact_time(looked.timestamp)}  {key}  of {topic}")
        view = self.query_one(f"#trace-{name}", RawView)
        view.display = True
        self.query_one(f"#trace-{name}-record").add_class("-read")
        view.show_bytes(looked.value, looked.headers)
        if name == "request":
            self._keyed(looked.key)
            self._draw()
            self.call_after_refresh(self._begin_to_read, view)

    def _is_another(self, value: bytes | None) -> bool:
        """True if the record names another request; one that names none cannot be told apart."""
        named = request_id(value)
        return named is not None and named != self._evidence.request_id

    def _begin_to_read(self, view: RawView) -> None:
        """Where all of the box is seen, arrows are for the request."""
        box = self.query_one("#trace-box")
        if box.has_focus and not box.max_scroll_y:
            view.focus()

    def _say(self, name: str, words: str) -> None:
        title = self._ended_as if name == "result" else name
        said = Content.assemble((f"{title} ", "bold"), clean(words, _MOST_TEXT, self._glyphs))
        for line in self.query(f"#trace-{name}-words").results(Static):
            line.update(said)


class TraceSteps(Canvas):
    """The steps, as many lines as there are."""

    DEFAULT_CSS = """
    TraceSteps { height: 1; min-height: 1; }
    """
    _lines: tuple[Line, ...] = ()

    def show(self, lines: list[Line]) -> None:
        """Draw these; costs nothing while they stay the same."""
        if (drawn := tuple(lines)) != self._lines:
            if len(drawn) != len(self._lines):
                self.styles.height = len(drawn)
            self._lines = drawn
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """One of the steps."""
        return self.strip(self._lines[y] if y < len(self._lines) else (), self.cells)
