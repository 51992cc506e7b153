"""The way from one view to another, and to the boxes above them."""

from collections.abc import Callable, Mapping
from typing import Any

from textual.app import App
from textual.command import Provider

from tui.dashboard.glyphs import Glyphs
from tui.dashboard.help_places import place_in
from tui.dashboard.keys import Where
from tui.dashboard.needs import RunningSession
from tui.dashboard.screens.live import LiveScreen
from tui.dashboard.screens.view import View
from tui.dashboard.seeking import go_to_time
from tui.dashboard.widgets.results_log import ResultsLog
from tui.dashboard.widgets.worker_keys import WorkerKeys
from tui.ledger.figures import Figures
from tui.ledger.trace import Evidence


def _events() -> type[View]:
    from tui.dashboard.screens.events import EventsView

    return EventsView


def _workers() -> type[View]:
    from tui.dashboard.screens.workers import WorkersView

    return WorkersView


def _dead_letters() -> type[View]:
    from tui.dashboard.screens.dead_letters import DeadLettersView

    return DeadLettersView


def _cluster() -> type[View]:
    from tui.dashboard.screens.cluster import ClusterView

    return ClusterView


VIEWS: Mapping[str, Callable[[], type[View]]] = {
    "workers": _workers,
    "events": _events,
    "dead_letters": _dead_letters,
    "cluster": _cluster,
}
"""Views by name; each is imported when it is wanted."""
LIVE = "live"


class Views:
    """Shows one view at a time: the first one always lies below, another one above it, and a box above both."""

    def __init__(self, app: App[Any], session: RunningSession, glyphs: Glyphs, key_names: dict[str, str]) -> None:
        self._app = app
        self._session = session
        self._glyphs = glyphs
        self._key_names = key_names

    @property
    def live(self) -> LiveScreen | None:
        """The first view; None while the app starts or ends."""
        first = next(iter(self._app.screen_stack), None)
        return first if isinstance(first, LiveScreen) else None

    @property
    def current(self) -> LiveScreen | View | None:
        """The view that is on the screen, under a box if one is open."""
        stack = reversed(self._app.screen_stack)
        return next((screen for screen in stack if isinstance(screen, LiveScreen | View)), None)

    def is_shown(self, name: str) -> bool:
        """True if nothing but this view is on the screen."""
        screen = self._app.screen
        return (screen.NAME if isinstance(screen, View) else LIVE) == name

    def show(self, name: str) -> None:
        """Show one of `VIEWS`, or the first view."""
        while len(self._app.screen_stack) > 1:
            self._app.pop_screen()
        if name != LIVE:
            self._app.push_screen(VIEWS[name]()(self._session, self._glyphs, self._key_names))

    def open_worker(self, client_id: str) -> None:
        """Show one worker from near, in the view of all workers."""
        from tui.dashboard.screens.workers import WorkersView

        if not isinstance(self.current, WorkersView):
            self.show("workers")
        if isinstance(view := self.current, WorkersView):
            view.open(client_id)

    def ask_delay(self, client_id: str, figures: Figures, wish: Callable[[str, float], None]) -> None:
        """Ask how long a worker is to wait before each request, and `wish` for it."""
        from tui.dashboard.screens.slow import SlowScreen

        def asked(delay_s: float | None) -> None:
            if delay_s is not None:
                wish(client_id, delay_s)

        now_s = next((worker.delay_s for worker in figures.workers if worker.client_id == client_id), 0.0)
        self._app.push_screen(SlowScreen(client_id, now_s, self._key_names, self._glyphs), asked)

    def explain(self, figures: Callable[[], Figures]) -> None:
        """Say why work is shared as it is, and what helps."""
        from tui.dashboard.screens.explain import ExplainScreen

        if not isinstance(self._app.screen, ExplainScreen):
            self._app.push_screen(ExplainScreen(figures, self._key_names, self._glyphs))

    def trace(self, evidence: Evidence, figures: Callable[[], Figures]) -> None:
        """Show the way of one request."""
        from tui.dashboard.screens.trace import TraceScreen

        if not isinstance(self._app.screen, TraceScreen):
            self._app.push_screen(TraceScreen(self._session, evidence, figures, self._key_names, self._glyphs))

    def save(self, now: float) -> None:
        """Ask for a file and write what the results show into it."""
        from tui.dashboard.screens.export import ExportScreen, default_name, which

        if (live := self.live) is None or isinstance(self._app.screen, ExportScreen):
            return
        log = live.results()
        shown = log.shown
        rows = shown.rows(shown.first, shown.total)
        if not len(rows):
            self._app.notify("there is no result to save", markup=False)
            return
        self._app.push_screen(ExportScreen(rows, which(shown), default_name(now), self._key_names, self._glyphs))

    def jump(self, clock: Callable[[], float]) -> None:
        """Ask for a time and go to its results."""
        from tui.dashboard.screens.jump import JumpScreen

        def go(at: float | None) -> None:
            if at is None or (live := self.live) is None:
                return
            self.show(LIVE)
            log = live.results()
            log.focus()
            if words := go_to_time(log, at):
                self._app.notify(words, markup=False)

        if not isinstance(self._app.screen, JumpScreen):
            self._app.push_screen(JumpScreen(self._key_names, self._glyphs, clock), go)

    def confirm(self, words: str, name: str, act: Callable[[], None]) -> None:
        """Do `act` once `name` was typed; `words` say what will happen then."""
        from tui.dashboard.screens.confirm_by_name import ConfirmByName

        def decided(confirmed: bool | None) -> None:
            if confirmed:
                act()

        self._app.push_screen(ConfirmByName(words, name, self._key_names, self._glyphs), decided)

    def ascii_palette(self, what: str, *providers: type[Provider]) -> None:
        """Find one of the things that `providers` offer, by default commands, on a terminal without UTF-8."""
        from tui.dashboard.screens.ascii_palette import AsciiPalette

        self._app.push_screen(AsciiPalette(what, providers or None))

    def help(self) -> None:
        """Show every key, those of what has the focus first."""
        from tui.dashboard.screens.help import HelpScreen

        if not isinstance(self._app.screen, HelpScreen):
            self._app.push_screen(
                HelpScreen(self._key_names, self._focus_where(), self._glyphs, place_in(self._app.screen))
            )

    def _focus_where(self) -> Where:
        from tui.dashboard.screens.letter import LetterScreen
        from tui.dashboard.widgets.letter_lists import LetterList
        from tui.dashboard.widgets.request_form import RequestForm

        focused = self._app.focused
        if focused is None:
            return Where.ANYWHERE
        if self.is_shown("cluster"):
            return Where.CLUSTER
        for place, widget in (
            (Where.FORM, RequestForm),
            (Where.RESULTS, ResultsLog),
            (Where.WORKER, WorkerKeys),
            (Where.LETTER, LetterList),
            (Where.LETTER, LetterScreen),
        ):
            if any(isinstance(node, widget) for node in focused.ancestors_with_self):
                return place
        return Where.PANELS
