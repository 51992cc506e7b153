"""The dashboard's app: owns the tick and the life of the session. What a person can do in it is in acting.py."""

import asyncio
import os
import signal
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.screen import Screen
from textual.types import CSSPathType

from tui.dashboard import keys
from tui.dashboard.acting import ActingApp
from tui.dashboard.ascii_scroll_bar import ascii_scroll_bars
from tui.dashboard.glyphs import Glyphs, terminal_glyphs
from tui.dashboard.keys_in_turn import KeysInTurn, Passed
from tui.dashboard.needs import RunningSession
from tui.dashboard.pace import Pace
from tui.dashboard.remembered import Memory
from tui.dashboard.screens.live import LiveScreen
from tui.dashboard.terminal.intake import Intake
from tui.dashboard.themes import OWN, checked_theme, no_colour, recalled_theme, variable_defaults
from tui.events import Event, Link, ResultsReceived
from tui.session import SessionError

if TYPE_CHECKING:
    from textual.command import Provider

STOP_DEADLINE_S = 0.8
"""Leaving takes at most a second, and the terminal wants its part of it."""
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Without a handler they would leave the terminal in raw mode."""


def _commands() -> "type[Provider]":
    from tui.dashboard.commands import KcalcCommands

    return KcalcCommands


class KcalcApp(ActingApp, inherit_bindings=False):
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
        dashboard = session.settings.dashboard
        key_names = keys.offered(keys.effective(dashboard.keys), session.settings.kafka.read_only)
        # The variable is to hold no colours, not shades of grey, which Textual makes of the colours of its themes.
        ansi_color = True if no_colour(os.environ) else None
        super().__init__(session, clock, glyphs or terminal_glyphs(), key_names, ansi_color)
        self._memory = memory or Memory()
        self.failure = ""
        for theme in OWN:
            self.register_theme(theme)
        self._theme_wanted = recalled_theme(checked_theme(dashboard.theme), self._memory.theme)
        if self.get_theme(self._theme_wanted) in OWN:
            # Not by assignment: before the first paint nothing is there that would have to be styled again.
            self.set_reactive(App.theme, self._theme_wanted)
            self.stylesheet.set_variables(self.get_css_variables())
        self._painted = painted
        self._left = left
        self._ticking = ticking
        self.intake = Intake()
        self._pace = Pace(1 / dashboard.refresh_hz, self.intake.ready)
        self._figures_painted = True
        self._problem = ""
        self._keys_in_turn = KeysInTurn(self, super().on_event)
        self._undone_at_the_end = ExitStack()
        self._leaving = False
        self._leave_task: asyncio.Task[None] | None = None

    def get_driver_class(self) -> type[Driver]:
        """Textual's choice, but for terminals our own, which does not exist on Windows."""
        chosen = super().get_driver_class()
        if chosen.__name__ != "LinuxDriver":
            return chosen
        from tui.dashboard.terminal.driver import TerminalDriver

        return TerminalDriver

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """kcalc's own variables for themes that do not know them."""
        return variable_defaults(self.current_theme)

    def get_default_screen(self) -> Screen[None]:
        """The first view, there from the first paint on."""
        return LiveScreen(self._session, self._glyphs, self.key_names)

    def on_mount(self) -> None:
        """Set the keys, draw once, and start the session when that is on the screen."""
        if self._glyphs.ascii:
            self._undone_at_the_end.enter_context(ascii_scroll_bars())
        self.theme = self._theme_wanted
        self.set_keymap(self._session.settings.dashboard.keys)
        loop = asyncio.get_running_loop()
        for number in _ENDING:
            loop.add_signal_handler(number, self._leave)
        # The shell has drawn over everything meanwhile, and Textual draws only what changes.
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))
        self.call_after_refresh(self._begin)

    def on_unmount(self) -> None:
        """Give the signals back, and Textual's scroll bars."""
        self._undone_at_the_end.close()
        loop = asyncio.get_running_loop()
        for number in _ENDING:
            loop.remove_signal_handler(number)

    async def on_event(self, event: events.Event) -> None:
        """What is typed waits its turn."""
        if not self._keys_in_turn.take(event):
            await super().on_event(event)

    def on_passed(self, event: Passed) -> None:
        """What was typed before it is done."""
        event.arrived.set()

    async def _begin(self) -> None:
        if (live := self._views.live) is not None:
            await live.complete()
            await live.recall(self._memory)
        if self._memory.notice:
            self._warn(self._memory.notice)
        self._keys_in_turn.begin()
        self.tick()
        if self._painted is not None:
            self._painted()
        # From Python 3.12 on Textual makes all tasks eager; aiokafka's group coordinator then runs before it is made.
        asyncio.get_running_loop().set_task_factory(None)
        self._life.begin(self._start_failed)
        if self._ticking:
            self._session.on_event = self._noticed
            self.set_interval(self._pace.period_s, self._beat)

    def _beat(self) -> None:
        if self._pace.due(time.monotonic()):
            self.call_after_refresh(self.tick)

    def _noticed(self, event: Event) -> None:
        """A single answer is drawn at once; when they pour in, the beat is enough. Touches no widget."""
        if isinstance(event, ResultsReceived) and self._pace.early(time.monotonic()):
            # What was typed may wait to be painted, too, but shows no figures, and the answer need not wait for it.
            draw_soon = self.call_later if self._figures_painted else self.call_after_refresh
            draw_soon(self.tick)

    def tick(self) -> None:
        """Read the ledger once and hand the figures to the view that is shown.

        Not while figures wait to be painted: Textual would paint those panels with the new ones, others 16 ms later.
        """
        started = time.monotonic()
        before, self._figures = self._figures.link, self._session.ledger.figures(self._clock())
        self._tell_link(before, self._figures.link)
        view = self._views.current
        if view is not None and view.is_mounted:
            view.show(self._figures, self._problem, self._leaving)
        self._figures_painted = False
        self.call_after_refresh(self._ticked, started)

    def _ticked(self, started: float) -> None:
        self._figures_painted = True
        self._pace.took(time.monotonic() - started)

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
