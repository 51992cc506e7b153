"""What a person can do in the app: wishes go to the session, and other keys from one view to another."""

from collections.abc import Callable

from textual import on
from textual.app import App
from textual.command import CommandPalette
from textual.notifications import SeverityLevel
from textual.theme import ThemeProvider

from tui.dashboard.formatting import clean
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.lifetime import SessionLife
from tui.dashboard.needs import RunningSession
from tui.dashboard.reaching import Reaching
from tui.dashboard.views import LIVE, Views
from tui.dashboard.widgets.form_requests import RequestSubmitted
from tui.dashboard.widgets.key_line import KeyLine
from tui.dashboard.widgets.letter_requests import CorrectRequested, SendAgainRequested, TraceLetterRequested
from tui.dashboard.widgets.result_requests import CopyRequested, TraceRequested
from tui.dashboard.widgets.results_log import ResultsLog
from tui.dashboard.widgets.topic_changes import TopicChangeRequested
from tui.dashboard.widgets.worker_requests import OpenRequested, SlowRequested, WorkerRequested
from tui.dashboard.wishes import Wishes
from tui.ledger.figures import Figures, WorkerFigures
from tui.ledger.trace import Evidence

_TOAST_CELLS = 60


class ActingApp(App[None], inherit_bindings=False):
    """Answers what widgets post and what keys and palette want; whoever derives from it lets it tick."""

    def __init__(
        self,
        session: RunningSession,
        clock: Callable[[], float],
        glyphs: Glyphs,
        key_names: dict[str, str],
        ansi_color: bool | None,
    ) -> None:
        super().__init__(ansi_color=ansi_color)
        self.key_names = key_names
        self._session = session
        self._clock = clock
        self._glyphs = glyphs
        self._views = Views(self, session, glyphs, key_names)
        self._life = SessionLife(session, self._warn)
        self.wishes = Wishes(session, self._life, self._say, self._warn, self._views.confirm)
        self.reaching = Reaching(self, self._views, self.action_view, self._say, key_names["leave"])
        self._figures: Figures = session.ledger.figures(clock())

    @property
    def known_workers(self) -> tuple[WorkerFigures, ...]:
        """The workers as the last tick saw them."""
        return self._figures.workers

    def tick(self) -> None:
        """Read the ledger once and hand the figures to the view that is shown."""
        raise NotImplementedError

    @on(RequestSubmitted)
    def _send(self, event: RequestSubmitted) -> None:
        self.wishes.send(event.submission)

    @on(WorkerRequested)
    def fulfil(self, wish: WorkerRequested) -> None:
        """Do what is wished of a worker, by a key, a click or a command."""
        if isinstance(wish, OpenRequested):
            self.open_worker(wish.client_id)
        elif isinstance(wish, SlowRequested):
            self.slow_down(wish.client_id)
        else:
            self.wishes.fulfil(wish)

    def open_worker(self, client_id: str) -> None:
        """Look at a worker from near."""
        self._views.open_worker(client_id)
        self.call_after_refresh(self.tick)

    def slow_down(self, client_id: str) -> None:
        """Ask how slow a worker is to be."""
        self._views.ask_delay(client_id, self._figures, self.wishes.slow_worker)

    @on(SendAgainRequested)
    def _send_again(self, event: SendAgainRequested) -> None:
        self.wishes.send_again(event.letter)

    @on(CorrectRequested)
    def _correct(self, event: CorrectRequested) -> None:
        self.action_view(LIVE)
        if (live := self._views.live) is not None:
            live.correct(event.letter)

    @on(TraceLetterRequested)
    def _trace_letter(self, event: TraceLetterRequested) -> None:
        self._views.trace(Evidence.of_letter(event.letter), lambda: self._figures)

    @on(TopicChangeRequested)
    def _change_topic(self, event: TopicChangeRequested) -> None:
        self.wishes.change_topic(event.change)

    def action_repeat(self) -> None:
        """Send the last request again."""
        self.wishes.repeat()

    def action_add_worker(self) -> None:
        """Start one more worker."""
        self.wishes.add_worker()

    # The screen

    def action_view(self, name: str) -> None:
        """Show one of the views."""
        self._views.show(name)
        self.call_after_refresh(self.tick)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A view that is there already needs no key."""
        return not (action == "view" and self._views.is_shown(str(parameters[0])))

    def action_focus_form(self) -> None:
        """Type a request, in the first view."""
        if self.wishes.refused("no request is sent"):
            return
        self._views.show(LIVE)
        if (live := self._views.live) is not None:
            live.action_focus_form()

    def action_explain(self) -> None:
        """Say why work is shared as it is, and what helps."""
        self._views.explain(lambda: self._figures)

    def action_command_palette(self) -> None:
        """Find a command."""
        if not self._glyphs.ascii:
            super().action_command_palette()
        elif not isinstance(self.screen, CommandPalette):
            self._views.ascii_palette("commands")

    def search_themes(self) -> None:
        """Find a theme."""
        if self._glyphs.ascii:
            self._views.ascii_palette("themes", ThemeProvider)
        else:
            super().search_themes()

    def action_help(self) -> None:
        """Show every key, those of what has the focus first."""
        self._views.help()

    def hold_results(self) -> None:
        """Hold the results still, or let them run."""
        if (live := self._views.live) is not None:
            live.action_pause()

    def trace_result(self) -> None:
        """Show the way of the request whose result is selected."""
        if (log := self._log_with_a_selected_row()) is not None:
            log.action_open()

    def copy_result(self) -> None:
        """Copy the result that is selected."""
        if (log := self._log_with_a_selected_row()) is not None:
            log.action_copy()

    def _log_with_a_selected_row(self) -> ResultsLog | None:
        log = None if (live := self._views.live) is None else live.query_one(ResultsLog)
        if log is not None and log.selected is None:
            self._say("select a result first, with the arrows or a click")
            return None
        return log

    def regroup_partitions(self) -> None:
        """Rows by worker, or by partition again, in the first view."""
        self.action_view(LIVE)
        if (live := self._views.live) is not None:
            live.action_regroup()

    async def filter_results(self) -> None:
        """Say which results to show, in the first view."""
        self.action_view(LIVE)
        if (live := self._views.live) is not None:
            await live.action_filter()

    @on(TraceRequested)
    def _trace(self, event: TraceRequested) -> None:
        self._views.trace(Evidence.of(event.received), lambda: self._figures)

    @on(CopyRequested)
    def _copy(self, event: CopyRequested) -> None:
        self.copy_to_clipboard(event.text)
        self._say(f"copied: {clean(event.text, _TOAST_CELLS, self._glyphs)}")

    def action_save_results(self) -> None:
        """Ask for a file and write what the results show into it."""
        self._views.save(self._clock())

    def action_jump_results(self) -> None:
        """Ask for a time and go to its results."""
        self._views.jump(self._clock)

    @on(KeyLine.Pressed)
    def _press(self, event: KeyLine.Pressed) -> None:
        self.simulate_key(event.key)

    def _say(self, words: str) -> None:
        self._toast(words, "information")

    def _warn(self, words: str) -> None:
        self._toast(words, "error")

    def _toast(self, words: str, severity: SeverityLevel) -> None:
        self.notify(words, severity=severity, markup=False)
