"""The keys of a worker, the same on its pane, on its row of a table and where it is looked at from near."""

from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from tui.dashboard import keys
from tui.dashboard.widgets.worker_requests import WISHES
from tui.ledger.figures import WorkerFigures


class WorkerKeys(Widget):
    """Posts the wishes of worker_requests for the worker it is about."""

    BINDINGS: ClassVar[list[BindingType]] = keys.bindings(
        "open", "worker_pause", "worker_stop", "worker_kill", "worker_restart", "worker_slow"
    )

    @property
    def chosen(self) -> WorkerFigures | None:
        """The worker the keys act on."""
        raise NotImplementedError

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key that can do nothing for this worker is not shown."""
        if action not in WISHES:
            return super().check_action(action, parameters)
        return self.chosen is not None and WISHES[action](self.chosen) is not None

    def action_pause(self) -> None:
        """Wish that the worker pauses, or goes on if it is paused."""
        self._wish("pause")

    def action_stop(self) -> None:
        """Wish that the worker stops, or starts if it does not run."""
        self._wish("stop")

    def action_kill(self) -> None:
        """Wish that the worker ends as by kill -9."""
        self._wish("kill")

    def action_restart(self) -> None:
        """Wish that the worker leaves and joins anew."""
        self._wish("restart")

    def action_slow(self) -> None:
        """Wish to say how slow the worker is to be."""
        self._wish("slow")

    def action_open(self) -> None:
        """Wish to look at the worker from near."""
        self._wish("open")

    def _wish(self, action: str) -> None:
        wish = WISHES[action](self.chosen) if self.chosen else None
        if wish is not None:
            self.post_message(wish)
