"""What commands of the palette do where a key needs the focus: they find the widget, or show the view it is in."""

from collections.abc import Callable
from typing import Any

from textual.app import App
from textual.dom import DOMNode

from tui.dashboard import keys
from tui.dashboard.views import LIVE, Views


class Reaching:
    """Does actions of widgets in `app`; `say` tells the person what is missing for one."""

    def __init__(
        self, app: App[Any], views: Views, view: Callable[[str], None], say: Callable[[str], None], leave: str
    ) -> None:
        self._app = app
        self._views = views
        self._view = view
        self._say = say
        self._leave = leave

    @property
    def one_panel(self) -> bool:
        """True if the first view shows one panel at a time."""
        return self._views.live is not None and self._views.live.has_class("-one-view")

    @property
    def filtering(self) -> bool:
        """True if not all results are shown."""
        return self._views.live is not None and bool(self._views.live.filter_text)

    def send(self) -> None:
        """Send what stands in the form."""
        from tui.dashboard.widgets.request_form import RequestForm

        self._view(LIVE)
        if self._views.live is not None:
            for form in self._views.live.query(RequestForm):
                form.submit()

    def follow(self) -> None:
        """Go to the newest result."""
        self._view(LIVE)
        if self._views.live is not None:
            self._views.live.results().action_follow()

    def unfilter(self) -> None:
        """Show all results again."""
        from tui.dashboard.widgets.filter_bar import FilterBar

        self._view(LIVE)
        if self._views.live is not None:
            for bar in self._views.live.query(FilterBar):
                bar.action_leave()

    def next_panel(self) -> None:
        """Show the next panel in a window for one."""
        self._view(LIVE)
        if self._views.live is not None:
            self._views.live.action_next_panel()

    def leave(self) -> None:
        """Close what is on the screen, as the key does."""
        self._app.simulate_key(self._leave.split(",")[0].strip())

    async def letter(self, key_id: str) -> None:
        """Do this key's action with the letter that is looked at, or else with the selected one."""
        from tui.dashboard.screens.letter import LetterScreen
        from tui.dashboard.widgets.letter_lists import LetterList

        screen = self._app.screen
        if isinstance(screen, LetterScreen):
            await self._do(key_id, screen)
        elif lists := [*screen.query(LetterList)]:
            await self._do(key_id, lists[0])
        else:
            self._view("dead_letters")
            self._say("select a dead letter first, with the arrows or a click")

    def cluster(self, key_id: str) -> None:
        """Do this key's action in the cluster view, as soon as the cluster is known."""
        from tui.dashboard.screens.cluster import ClusterView

        if not self._views.is_shown("cluster"):
            self._view("cluster")
        view = self._views.current
        if isinstance(view, ClusterView):
            view.when_known(keys.BY_ID[key_id].action)

    async def raw(self) -> None:
        """Show a value on the screen as JSON or as bytes, rather the one with the focus."""
        from tui.dashboard.widgets.raw_view import RawView

        values = sorted(self._app.screen.query(RawView), key=lambda value: not value.has_focus)
        for value in values:
            if await self._do("raw", value):
                return
        why = "no value on the screen is JSON" if values else "look at a dead letter or a trace first"
        self._say(why)

    async def _do(self, key_id: str, node: DOMNode) -> bool:
        """True if it can be done now."""
        return await self._app.run_action(keys.BY_ID[key_id].action, node)
