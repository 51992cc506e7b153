"""The dashboard's app: owns the tick and the life of the session, and passes wishes of widgets on to it."""

import asyncio
import os
import signal
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import App
from textual.binding import Binding, BindingType
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.types import CSSPathType

from tui.dashboard import keys
from tui.dashboard.formatting import clean
from tui.dashboard.glyphs import Glyphs, terminal_glyphs
from tui.dashboard.lifetime import SessionLife
from tui.dashboard.needs import RunningSession
from tui.dashboard.pace import Pace
from tui.dashboard.remembered import Memory
from tui.dashboard.screens.live import LiveScreen
from tui.dashboard.themes import OWN, checked_theme, no_colour, recalled_theme, variable_defaults
from tui.dashboard.views import LIVE, Views
from tui.dashboard.widgets.form_requests import RequestSubmitted
from tui.dashboard.widgets.key_line import KeyLine
from tui.dashboard.widgets.letter_requests import CorrectRequested, SendAgainRequested
from tui.dashboard.widgets.result_requests import CopyRequested, TraceRequested
from tui.dashboard.widgets.results_log import ResultsLog
from tui.dashboard.widgets.topic_changes import TopicChangeRequested
from tui.dashboard.widgets.worker_requests import OpenRequested, SlowRequested, WorkerRequested
from tui.dashboard.wishes import Wishes
from tui.events import Event, Link, ResultsReceived
from tui.ledger.figures import Figures, WorkerFigures
from tui.ledger.trace import Evidence
from tui.session import SessionError

if TYPE_CHECKING:
    from textual.command import Provider

STOP_DEADLINE_S = 0.8
"""Leaving takes at most a second, and the terminal wants its part of it."""
_TOAST_CELLS = 60
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Without a handler they would leave the terminal in raw mode."""


def _commands() -> "type[Provider]":
    from tui.dashboard.commands import KcalcCommands

    return KcalcCommands


class KcalcApp(App[None], inherit_bindings=False):
    """Shows one session. It paints first; then it makes the form and starts the session, which imports the clients.

    `clock` gives Unix seconds. `painted` is called once after the first paint, `left` once when the person or a signal
    ends it. `glyphs` are those of the terminal unless given; `memory` is what an earlier start left. Without `ticking`
    nothing is redrawn until `tick` is called. Raises `UnknownTheme` and `KeymapError` for settings that cannot be.
    """

    CSS_PATH: ClassVar[CSSPathType | None] = ["app.tcss", "form.tcss"]
    TITLE = "kcalc"
    COMMANDS: ClassVar["set[type[Provider] | Callable[[], type[Provider]]]"] = {_commands}
    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.bindings(
            "form",
            "live",
            "workers",
            "events",
            "dead_letters",
            "cluster",
            "explain",
            "add_worker",
            "repeat",
            "help",
            "help_now",
            "commands",
            "quit",
            "quit_now",
        ),
        Binding("ctrl+c", "explain_quit", show=False, system=True),
    ]

    def __init__(
        self,
        session: RunningSession,
        *,
        clock: Callable[[], float] = time.time,
        painted: Callable[[], None] | None = None,
        left: Callable[[], None] | None = None,
        glyphs: Glyphs | None = None,
        ticking: bool = True,
        memory: Memory | None = None,
    ) -> None:
        # The variable is to hold no colours, not shades of grey, which Textual makes of the colours of its themes.
        super().__init__(ansi_color=True if no_colour(os.environ) else None)
        self._memory = memory or Memory()
        dashboard = session.settings.dashboard
        self.key_names = keys.offered(keys.effective(dashboard.keys), session.settings.kafka.read_only)
        self.failure = ""
        for theme in OWN:
            self.register_theme(theme)
        self._theme_wanted = recalled_theme(checked_theme(dashboard.theme), self._memory.theme)
        if self.get_theme(self._theme_wanted) in OWN:
            # Not by assignment: before the first paint nothing is there that would have to be styled again.
            self.set_reactive(App.theme, self._theme_wanted)
            self.stylesheet.set_variables(self.get_css_variables())
        self._session = session
        self._clock = clock
        self._painted = painted
        self._left = left
        self._ticking = ticking
        self._glyphs = glyphs or terminal_glyphs()
        self._views = Views(self, session, self._glyphs, self.key_names)
        self._life = SessionLife(session, self._warn)
        self.wishes = Wishes(session, self._life, self._say, self._warn, self._views.confirm)
        self._pace = Pace(1 / dashboard.refresh_hz)
        self._problem = ""
        self._typed_early: list[events.Key | events.Paste] | None = []
        self._leaving = False
        self._leave_task: asyncio.Task[None] | None = None
        self._figures: Figures = session.ledger.figures(clock())

    @property
    def known_workers(self) -> tuple[WorkerFigures, ...]:
        """The workers as the last tick saw them."""
        return self._figures.workers

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """kcalc's own variables for themes that do not know them."""
        return variable_defaults(self.current_theme)

    def get_default_screen(self) -> Screen[None]:
        """The first view, there from the first paint on."""
        return LiveScreen(self._session, self._glyphs, self.key_names)

    def on_mount(self) -> None:
        """Set the keys, draw once, and start the session when that is on the screen."""
        self.theme = self._theme_wanted
        self.set_keymap(self._session.settings.dashboard.keys)
        loop = asyncio.get_running_loop()
        for number in _ENDING:
            loop.add_signal_handler(number, self._leave)
        self.call_after_refresh(self._begin)

    def on_unmount(self) -> None:
        """Give the signals back."""
        loop = asyncio.get_running_loop()
        for number in _ENDING:
            loop.remove_signal_handler(number)

    async def on_event(self, event: events.Event) -> None:
        """What is typed before the form is there waits for it."""
        if self._typed_early is not None and isinstance(event, events.Key | events.Paste):
            self._typed_early.append(event)
        else:
            await super().on_event(event)

    async def _begin(self) -> None:
        if (live := self._views.live) is not None:
            await live.complete()
            await live.recall(self._memory)
        if self._memory.notice:
            self._warn(self._memory.notice)
        self.call_later(self._take_what_was_typed)
        self.tick()
        if self._painted is not None:
            self._painted()
        # From Python 3.12 on Textual makes all tasks eager; aiokafka's group coordinator then runs before it is made.
        asyncio.get_running_loop().set_task_factory(None)
        self._life.begin(self._start_failed)
        if self._ticking:
            self._session.on_event = self._noticed
            self.set_interval(self._pace.period_s, self._beat)

    async def _take_what_was_typed(self) -> None:
        typed, self._typed_early = self._typed_early or [], None
        for event in typed:
            await self.on_event(event)

    def _beat(self) -> None:
        if self._pace.due():
            started = time.monotonic()
            self.tick()
            self.call_after_refresh(lambda: self._pace.took(time.monotonic() - started))

    def _noticed(self, event: Event) -> None:
        """A single answer is drawn at once; when they pour in, the beat is enough. Touches no widget."""
        if isinstance(event, ResultsReceived) and self._pace.early(time.monotonic()):
            self.call_later(self.tick)

    def tick(self) -> None:
        """Read the ledger once and hand the figures to the first view."""
        before, self._figures = self._figures.link, self._session.ledger.figures(self._clock())
        self._tell_link(before, self._figures.link)
        view = self._views.current
        if view is not None and view.is_mounted:
            view.show(self._figures, self._problem, self._leaving)

    def _tell_link(self, before: Link, now: Link) -> None:
        if before is Link.CONNECTED and now.down:
            self._warn("the broker is gone; requests wait until it is back")
        elif before.down and now is Link.CONNECTED:
            self._say("the broker is there")

    def _start_failed(self, error: Exception) -> None:
        """What no retry can mend ends the app with words; anything else leaves it usable and says so."""
        if isinstance(error, SessionError):
            self.failure = str(error)
            self._leave()
            return
        self._problem = f"could not start: {type(error).__name__}: {error}"
        self._warn(self._problem)

    # Leaving

    async def action_quit(self) -> None:
        """Stop the workers and leave; a second time leaves at once."""
        if self._leaving:
            self.exit()
        self._leave()

    def _leave(self) -> None:
        if not self._leaving:
            self._leaving = True
            if self._left is not None:
                self._left()
            text = "" if (live := self._views.live) is None else live.filter_text
            self._memory.keep(self.theme, self._theme_wanted, text, self.wishes.last)
            self.tick()
            self._leave_task = asyncio.create_task(self._stop_and_exit(), name="leave")

    async def stop_session(self) -> None:
        """Stop the session if that was not done yet, in bounded time."""
        await self._life.end(STOP_DEADLINE_S)

    async def _stop_and_exit(self) -> None:
        await self.stop_session()
        self.exit(return_code=1 if self.failure else 0)

    def action_explain_quit(self) -> None:
        """Ctrl+C copies elsewhere, so it must not end the app; say what does."""
        self._say(f"{keys.shown(self.key_names['quit_now'])} quits")

    # Wishes

    @on(RequestSubmitted)
    def _send(self, event: RequestSubmitted) -> None:
        self.wishes.send(event.submission)

    @on(WorkerRequested)
    def _fulfil(self, event: WorkerRequested) -> None:
        if isinstance(event, OpenRequested):
            self.open_worker(event.client_id)
        elif isinstance(event, SlowRequested):
            self.slow_down(event.client_id)
        else:
            self.wishes.fulfil(event)

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
        self._views.explain(self._figures)

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
