"""What every key does and what every sign means; the keys of what has the focus come first."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll

from tui.dashboard import keys
from tui.dashboard.glyphs import UNKNOWN, Glyphs
from tui.dashboard.help_places import Place
from tui.dashboard.keys import Where
from tui.dashboard.screens.box import Box, clickable
from tui.dashboard.widgets.help_rows import HelpBlock, HelpRow


class HelpScreen(Box[None]):
    """Closes by the key that opened it, by escape and by a click beside it."""

    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("help")

    def __init__(self, key_names: dict[str, str], first: Where, glyphs: Glyphs, place: Place | None) -> None:
        super().__init__(id="help", classes="-ascii" if glyphs.ascii else None)
        self._key_names = key_names
        self._first = first
        self._place = place
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        """One block per place where keys act, then the signs."""
        with VerticalScroll(id="help-box", classes="box") as box:
            box.border_title = "Keys"
            box.border_subtitle = clickable(f"{keys.shown(self._key_names['leave'])} close", "leave")
            if self._place is not None:
                yield HelpBlock(self._place.title, tuple(self._row(*each) for each in self._place.keys))
            for where in sorted(Where, key=lambda where: where is not self._first):
                offered = [key for key in keys.KEYS if key.where is where and key.id in self._key_names]
                if offered:
                    yield HelpBlock(where.value, tuple(self._row(key.id, key.label, key.tooltip) for key in offered))
            yield HelpBlock("signs", self._legend())

    def on_mount(self) -> None:
        """Arrows and page keys scroll."""
        self.query_one("#help-box").focus()

    async def action_help(self) -> None:
        """The key that opened the help closes it."""
        self.dismiss()

    def _row(self, key_id: str, label: str, words: str) -> HelpRow:
        text = self._key_names.get(key_id, keys.BY_ID[key_id].keys)
        return HelpRow(" ".join(keys.shown(name, self._glyphs.ascii) for name in text.split(",")), label, words)

    def _legend(self) -> tuple[HelpRow, ...]:
        g = self._glyphs
        signs = (
            (g.busy, "busy"), (g.idle, "idle"), (g.waiting, "waits its turn: its worker is on another partition"),
            (g.paused, "paused"), (g.failed, "failed"), (g.again, "seen again (redelivered)"),
            (g.nothing, "nothing there"), (UNKNOWN, "not known"),
        )  # fmt: skip
        return tuple(HelpRow(sign, "", meaning) for sign, meaning in signs)
