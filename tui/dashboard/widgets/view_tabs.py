"""In a small window the panels stand behind each other: the line that names them and switches between them."""

from dataclasses import dataclass

from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widgets import Static

from tui.dashboard import keys

VIEWS = ("partitions", "results", "workers")


class ViewTabs(Static):
    """One line of clickable names; the one on view is marked."""

    ALLOW_SELECT = False

    @dataclass
    class ViewRequested(Message):
        """A name was clicked."""

        view: str

    def __init__(self) -> None:
        super().__init__(markup=False, id="view-tabs")

    def show(self, current: str, names: dict[str, str]) -> None:
        """Mark `current`; `names` are the keys of the views (view -> key)."""
        tabs = []
        for view in VIEWS:
            style = "bold $background on $accent" if view == current else "$foreground on $surface"
            text = f" {keys.shown(names[view])} {view} "
            tabs.append(Content(text).stylize(style).stylize(Style.from_meta({"@click": f"choose('{view}')"})))
        self.update(Content(" ").join(tabs), layout=False)

    def action_choose(self, view: str) -> None:
        """A click on a name."""
        self.post_message(self.ViewRequested(view))
