"""Why work is shared as it is: every reason that the ledger finds, and what helps."""

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from tui.dashboard import keys
from tui.dashboard.formatting import age
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.screens.box import Box, clickable
from tui.dashboard.widgets.drawing import Line, edge
from tui.dashboard.widgets.explain_lines import explained
from tui.dashboard.widgets.partition_rows import OLD_S
from tui.dashboard.widgets.parts import line_content
from tui.ledger.figures import Figures

_LOOK_EVERY_S = 0.2
_FRAME_CELLS = 6


class ExplainScreen(Box[None]):
    """The reasons of the moment, and how old they are. The key that opened it, escape, or a click beside it closes it.

    `figures` gives those of the moment.
    """

    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("explain")

    def __init__(self, figures: Callable[[], Figures], key_names: dict[str, str], glyphs: Glyphs) -> None:
        super().__init__(id="explain", classes="-ascii" if glyphs.ascii else None)
        self._figures = figures
        self._shown = figures()
        self._key_names = key_names
        self._glyphs = glyphs
        self._blocks: list[tuple[Static, Line]] = []
        self._title: Line = ()

    def compose(self) -> ComposeResult:
        """A block per reason, and how evenly the work is shared."""
        with VerticalScroll(id="explain-box", classes="box") as box:
            box.border_subtitle = clickable(f"{keys.shown(self._key_names['leave'])} close", "leave")
            yield from self._added(explained(self._shown, self._glyphs))

    def on_mount(self) -> None:
        """Arrows and page keys scroll."""
        self.query_one("#explain-box").focus()
        self.set_interval(_LOOK_EVERY_S, self._follow)

    def on_resize(self, event: events.Resize) -> None:
        """The frame has another width now."""
        self.call_after_refresh(self._entitle)

    def action_explain(self) -> None:
        """The key that opened it closes it."""
        self.dismiss()

    def _follow(self) -> None:
        figures = self._figures()
        if figures is self._shown or not self.query("#explain-box"):
            return
        self._shown = figures
        self._show(explained(figures, self._glyphs))
        self._entitle()

    def _show(self, lines: list[Line]) -> None:
        """Write anew what differs; what is scrolled to stays in sight."""
        for number, ((block, before), line) in enumerate(zip(self._blocks, lines, strict=False)):
            if line != before:
                self._blocks[number] = (block, line)
                block.update(line_content(line))
        surplus, self._blocks = self._blocks[len(lines) :], self._blocks[: len(lines)]
        for block, _ in surplus:
            block.remove()
        if added := list(self._added(lines[len(self._blocks) :])):
            self.query_one("#explain-box").mount(*added)

    def _added(self, lines: Iterable[Line]) -> Iterable[Static]:
        for line in lines:
            block = Static(line_content(line), markup=False, classes="block")
            self._blocks.append((block, line))
            yield block

    def _entitle(self) -> None:
        """The age of the figures at the right end of the upper border."""
        box, age_s = self.query_one("#explain-box"), self._shown.age_s
        old: Line = ((age(age_s), "warning" if age_s > OLD_S else "muted"),) if age_s is not None else ()
        title = edge((("Why, and what helps", "title"),), old, box.outer_size.width - _FRAME_CELLS, self._glyphs)
        if title != self._title:
            self._title = title
            box.border_title = line_content(title)
