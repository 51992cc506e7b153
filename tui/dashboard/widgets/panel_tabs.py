"""In a small window the panels stand behind each other: the line that names them and switches between them."""

from dataclasses import dataclass

from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widgets import Static

PANELS = ("partitions", "results", "workers")


class PanelTabs(Static):
    """One line of clickable names; the one on view is marked. `key` switches to the next."""

    ALLOW_SELECT = False

    @dataclass
    class PanelRequested(Message):
        """A name was clicked."""

        panel: str

    def __init__(self, key: str) -> None:
        super().__init__(markup=False, id="panel-tabs")
        self._key = key

    def show(self, current: str) -> None:
        """Mark `current`."""
        tabs = [Content(self._key).stylize("$secondary-text").stylize(Style.from_meta({"@click": "screen.next_panel"}))]
        for panel in PANELS:
            style = "bold $background on $accent" if panel == current else "$foreground on $surface"
            tabs.append(Content(f" {panel} ").stylize(style).stylize(Style.from_meta({"@click": f"choose('{panel}')"})))
        self.update(Content(" ").join(tabs), layout=False)

    def action_choose(self, panel: str) -> None:
        """A click on a name."""
        self.post_message(self.PanelRequested(panel))
