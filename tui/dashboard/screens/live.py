"""The first view: who owns what, is everyone keeping up, what just happened, is anything lost or doubled."""

from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Horizontal, Vertical
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from tui.dashboard import keys
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.needs import RunningSession
from tui.dashboard.remembered import Memory
from tui.dashboard.screens.layout import below_toasts, layout_classes, spare_lines
from tui.dashboard.widgets.first_run import FirstRun
from tui.dashboard.widgets.form_requests import LeaveRequested
from tui.dashboard.widgets.header import Header
from tui.dashboard.widgets.key_line import KeyLine
from tui.dashboard.widgets.now_panel import NowPanel
from tui.dashboard.widgets.panel_tabs import PANELS, PanelTabs
from tui.dashboard.widgets.partition_table import PartitionTable
from tui.dashboard.widgets.profile_bar import ProfileBar
from tui.dashboard.widgets.rebalance_log import RebalanceLog
from tui.dashboard.widgets.results_log import ResultsLog
from tui.dashboard.widgets.state_line import StateLine
from tui.dashboard.widgets.too_small import TooSmall
from tui.dashboard.widgets.worker_panes import WorkerPanes
from tui.events import DeadLetterReceived
from tui.ledger.figures import Figures

if TYPE_CHECKING:
    from tui.dashboard.widgets.filter_bar import FilterBar
    from tui.dashboard.widgets.request_form import RequestForm


class LiveScreen(Screen[None]):
    """Composes the panels, lays them out by the size of the window and hands each tick's figures down.

    The form comes last, by `complete`: its fields and their styles are half of what there is to make.
    """

    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("next", "previous", "next_panel", "hold", "filter", "regroup")
    AUTO_FOCUS = ""

    def __init__(self, session: RunningSession, glyphs: Glyphs, key_names: dict[str, str]) -> None:
        super().__init__(id="live")
        self._session, self._glyphs = session, glyphs
        self._key_names = names = key_names
        self._panel = "results"
        self._focused_before: Widget | None = None
        self._form: RequestForm | None = None
        self._below_toasts = 0
        self._header, self._state_line = Header(session, glyphs), StateLine(glyphs, names)
        self._now = NowPanel(glyphs=glyphs, id="now")
        self._panels, self._past = Vertical(id="panels"), Horizontal(id="past")
        self._partitions = PartitionTable(glyphs=glyphs, id="partitions", key_names=names)
        self._workers = WorkerPanes(session.operations, glyphs=glyphs, id="workers", key_names=names)
        self._results = ResultsLog(session.results, session.operations, glyphs=glyphs, id="results", key_names=names)
        self._rebalances = RebalanceLog(glyphs=glyphs, id="rebalances", all_key=names["events"])

    def compose(self) -> ComposeResult:
        """From top to bottom; app.tcss decides what is beside what."""
        self._lay_out(self.app.size)  # before there are widgets: a class that changes later styles them all again
        glyphs, names = self._glyphs, self._key_names
        yield TooSmall()
        yield ProfileBar(self._session.settings.profile, glyphs)
        yield self._header
        with Container(id="top"):
            form_place = Static(id="form-place")
            form_place.border_title = "Request"
            form_place.display = "send" in names
            yield form_place
            yield self._now
        yield self._state_line
        yield PanelTabs(keys.shown(names["next_panel"], glyphs.ascii))
        with self._panels:
            yield from (self._partitions, self._workers)
            with self._past:
                yield from (self._results, self._rebalances)
        yield KeyLine(glyphs, names)

    def on_mount(self) -> None:
        """Begin with the results in a window for one panel."""
        self._choose("results")

    async def complete(self) -> None:
        """Put the form into its place and begin with x; where nothing is sent, begin with the results."""
        if "send" not in self._key_names:
            self._results.focus()
            return
        from tui.dashboard.widgets.request_form import RequestForm

        self._form = RequestForm(self._session, self._glyphs)
        with self.app.batch_update():
            await self.query_one("#form-place").remove()
            await self.query_one("#top").mount(self._form, before=0)
        self.action_focus_form()

    async def recall(self, memory: Memory) -> None:
        """Put back what is remembered; at the first start of all say what to do first."""
        if memory.recalled.filter:
            await self._mount_filter(memory.recalled.filter)
        if self._form is None:
            return
        if (request := memory.recalled.request) is not None:
            self._form.recall(request.x, request.operation, request.y, request.key)
        if memory.first_run:
            await self._panels.mount(FirstRun(self._key_names), before="#past")

    @property
    def filter_text(self) -> str:
        """The filter of the results as it was typed; "" if there is none."""
        from tui.dashboard.widgets.filter_bar import FilterBar

        return next((bar.text for bar in self.query(FilterBar) if bar.display), "")

    def show(self, figures: Figures, problem: str = "", leaving: bool = False) -> None:
        """Draw these figures in every panel; `problem` is why kcalc could not start, `leaving` that it is stopping."""
        if self._header not in self.children:
            return  # a beat while the screen is being taken down
        self._header.show(figures, leaving)
        if self._form is not None:
            self._form.show(figures)
        self._state_line.show(figures, problem)
        for hint in self._panels.children:
            if isinstance(hint, FirstRun):
                hint.show(figures)
        self._now.show(figures)
        self._partitions.show(figures)
        self._workers.show(figures)
        self._share_the_window()
        self._results.show(figures)
        self._rebalances.show(figures)

    def _share_the_window(self) -> None:
        """The workers take what the other panels leave, which is known when those are laid out."""
        self._workers.take_at_most(spare_lines(self._panels))
        below = 2 if self.has_class("-one-view") else below_toasts(self.size, self._past.region)
        if below != self._below_toasts:
            self._below_toasts = below
            for rack in self.query("ToastRack"):
                rack.styles.margin = (0, 0, below, 0)

    def on_resize(self, event: events.Resize) -> None:
        """Take the layout for the new size."""
        self._lay_out(event.size)
        self.query_one(TooSmall).tell(event.size)
        self.refresh_bindings()

    def _lay_out(self, size: Size) -> None:
        wanted = {name for name, applies in layout_classes(size).items() if applies}
        if self._glyphs.ascii:
            wanted.add("-ascii")
        if wanted == self.classes:
            return
        if "-tiny" in wanted and not self.has_class("-tiny"):
            self._focused_before = self.focused
        self.set_classes(wanted)
        if "-tiny" not in wanted and self._focused_before is not None:
            # Textual takes the focus from what is hidden; the next key must go where it would have gone.
            self.call_after_refresh(self._focused_before.focus)
            self._focused_before = None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Panels are switched only where there is one at a time."""
        return self.has_class("-one-view") if action == "next_panel" else True

    def action_focus_form(self) -> None:
        """Type a request."""
        if self._form is not None:
            self._form.focus_first()

    def correct(self, letter: DeadLetterReceived) -> None:
        """Put what can be read of a dead letter into the form."""
        if self._form is not None:
            self._form.correct(letter)

    def results(self) -> ResultsLog:
        """The log of results, brought to the front in a window for one panel."""
        self._choose("results")
        return self._results

    def action_pause(self) -> None:
        """Hold the results still, or let them run."""
        self._results.action_pause()

    def action_regroup(self) -> None:
        """Rows by worker, or by partition again."""
        self._partitions.action_regroup()
        self.call_after_refresh(self._share_the_window)

    async def action_filter(self) -> None:
        """Say which results to show."""
        self._choose("results")
        bar = await self._mount_filter("")
        bar.display = True
        bar.focus_field()

    async def _mount_filter(self, text: str) -> "FilterBar":
        from tui.dashboard.widgets.filter_bar import FilterBar

        bar = next(iter(self.query(FilterBar)), None)
        if bar is None:
            bar = FilterBar(text, self._key_names)
            await self._panels.mount(bar, before="#past")
        return bar

    def on_filter_bar_wanted(self, event: "FilterBar.Wanted") -> None:
        """Show what is wanted."""
        self._results.want(event.wanted)

    def on_filter_bar_done(self, event: "FilterBar.Done") -> None:
        """On to the results."""
        from tui.dashboard.widgets.filter_bar import FilterBar

        self.query_one(FilterBar).display = not event.closed
        self._results.focus()

    def action_next_panel(self) -> None:
        """Show the next panel in a window for one."""
        self._show_panel(PANELS[(PANELS.index(self._panel) + 1) % len(PANELS)])

    @on(PanelTabs.PanelRequested)
    def _show_clicked_panel(self, event: PanelTabs.PanelRequested) -> None:
        self._show_panel(event.panel)

    def _show_panel(self, panel: str) -> None:
        self._choose(panel)
        self._focus_panel(panel)

    def _focus_panel(self, panel: str) -> None:
        if panel == "workers":
            self._workers.focus_inside()
        else:
            self.query_one(f"#{panel}").focus()

    @on(LeaveRequested)
    def _leave_form(self) -> None:
        self._focus_panel(self._panel if self.has_class("-one-view") else "results")

    def _choose(self, panel: str) -> None:
        self._panel = panel
        for name in PANELS:
            place = "past" if name == "results" else name
            self.query_one(f"#{place}").set_class(name == panel, "-on-top")
        self.query_one(PanelTabs).show(panel)
