"""A line in the profile's colour above everything, for profiles marked production: it says so in words, too."""

from textual.color import Color
from textual.content import Content
from textual.widgets import Static

from tui.dashboard.glyphs import Glyphs
from tui.settings import Profile

COLOURS = {
    "red": ("#b3202a", "ansi_red"),
    "orange": ("#a85400", "ansi_yellow"),
    "yellow": ("#8a6d00", "ansi_yellow"),
    "green": ("#1f7a3a", "ansi_green"),
    "blue": ("#1d5fae", "ansi_blue"),
    "purple": ("#7a3aa8", "ansi_magenta"),
}
"""Each in full colour, with at least 4.5 to 1 below white, and the nearest of 16 colours."""


class ProfileBar(Static):
    """One line, or none outside production."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    ProfileBar { height: 1; padding: 0 2; text-wrap: nowrap; text-overflow: ellipsis; text-style: bold; }
    """

    def __init__(self, profile: Profile, glyphs: Glyphs) -> None:
        super().__init__(bar_words(profile, glyphs), markup=False, classes="profile-bar")
        self._profile = profile
        self.display = profile.production
        self.tooltip = "What destroys something, or changes it for others, asks for this name"

    def notify_style_update(self) -> None:
        """The theme may have changed to one of 16 colours, or from it."""
        super().notify_style_update()
        self._paint()

    def on_mount(self) -> None:
        """Take the colour."""
        self._paint()

    def _paint(self) -> None:
        sixteen = self.app.current_theme.ansi
        self.styles.background = Color.parse(COLOURS[self._profile.colour][sixteen])
        self.styles.color = Color.parse("ansi_bright_white" if sixteen else "white")


def bar_words(profile: Profile, glyphs: Glyphs) -> Content:
    """What stands on the bar."""
    return Content(f"{glyphs.attention} PRODUCTION  {profile.name}")
