"""Three lines for somebody who sees kcalc for the first time; they go away by themselves."""

from collections.abc import Mapping

from textual.content import Content
from textual.widgets import Static

from tui.dashboard.widgets.key_hints import hint
from tui.ledger.figures import Figures

SHOWN_S = 45.0
"""Long enough to read them three times."""


def first_run_lines(key_names: Mapping[str, str]) -> tuple[str, str, str]:
    """What to do first, at most 76 cells a line with the keys as they are by default."""

    def key(key_id: str) -> str:
        return hint(key_names, key_id)

    return (
        "Type two numbers and press Enter: the request goes through Kafka and back.",
        f"{key('leave')} leaves the form. Letters then act: {key('add_worker')} add worker, "
        f"{key('explain')} explain, {key('filter')} filter.",
        f"{key('help_now')} shows every key, {key('commands')} finds every command, {key('quit_now')} quits.",
    )


class FirstRun(Static):
    """The lines, until the first request is sent or `SHOWN_S` seconds are over; a click takes them away, too."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    FirstRun { height: 3; padding: 0 2; color: $secondary-text; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self, key_names: Mapping[str, str]) -> None:
        lines = first_run_lines(key_names)
        super().__init__(Content("\n".join(lines)), markup=False, id="first-run")
        self.tooltip = "Shown once, at the first start; click to hide"

    def on_mount(self) -> None:
        """Not for ever."""
        self.set_timer(SHOWN_S, self.remove)

    def show(self, figures: Figures) -> None:
        """Whoever has sent a request knows how."""
        if figures.accounting.sent:
            self.remove()

    def on_click(self) -> None:
        """Read."""
        self.remove()
