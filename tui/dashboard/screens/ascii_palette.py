"""Textual's command palette for terminals without UTF-8: the same list without its signs."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.command import CommandPalette, Provider, SearchIcon


class AsciiPalette(CommandPalette):
    """Searches `providers`, by default those of the app. Its frames are in app.tcss."""

    DEFAULT_CSS = """
    AsciiPalette LoadingIndicator { display: none; }
    """

    def __init__(self, what: str, providers: Sequence[type[Provider]] | None = None) -> None:
        super().__init__(providers, placeholder=f"Search for {what}", id="--command-palette", classes="-ascii")

    def compose(self) -> ComposeResult:
        """Textual's widgets, with another sign before the field."""
        for widget in super().compose():
            if isinstance(widget, SearchIcon):
                widget.icon = ">"
            yield widget
