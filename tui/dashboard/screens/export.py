"""The box that writes results to a file: asks for the name, shows the progress, says where they are."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.widgets import Input
from textual.worker import Worker

from tui.dashboard import help_places
from tui.dashboard.formatting import clean, count
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.help_places import Place
from tui.dashboard.saving import in_words, save
from tui.dashboard.screens.asking import AskScreen
from tui.dashboard.widgets.charts import bar
from tui.ledger.export import Kind, kind_of
from tui.ledger.filtered import FilteredResults
from tui.ledger.ring import ResultRing, Rows

_MOST_CHARS = 1_000
_BAR_CELLS = 30
KINDS = "The name ends in .csv for a spreadsheet or in .jsonl for JSON Lines."


def default_name(now: float) -> str:
    """A name that no earlier export has; `now` in Unix seconds."""
    return time.strftime("kcalc-results-%Y%m%d-%H%M%S.csv", time.localtime(now))


def which(shown: ResultRing | FilteredResults) -> str:
    """Which results are saved, in words."""
    if not isinstance(shown, FilteredResults):
        return "kept"
    unseen = f", while {count(shown.unseen)} are still to be looked at" if shown.unseen else ""
    return f'matching "{shown.wanted.text}"{unseen}'


def _results(rows: Rows) -> str:
    return "1 result" if len(rows) == 1 else f"{count(len(rows))} results"


class ExportScreen(AskScreen[None]):
    """Saves `rows`, which are those of `what` (`matching "error"`), as they were when the box was opened.

    Escape while they are written cancels it, and nothing is left behind.
    """

    PLACE: ClassVar[Place] = help_places.SAVING

    def __init__(self, rows: Rows, what: str, name: str, key_names: Mapping[str, str], glyphs: Glyphs) -> None:
        asked = f"{_results(rows)} {clean(what, _MOST_CHARS, glyphs)}, into the file:"
        super().__init__("Save results", asked, value=name, most=_MOST_CHARS, key_names=key_names, glyphs=glyphs)
        self._rows = rows
        self._overwrites: Path | None = None
        self._saving: Worker[None] | None = None
        self._saved = False

    def on_mount(self) -> None:
        """Say what may stand there."""
        self.hint("save")
        self.say(KINDS)

    def answered(self, text: str) -> None:
        """Begin to write, or say why not; a file that is there already needs a second enter key."""
        if self._saved:
            self.dismiss()
            return
        kind = kind_of(text.strip())
        if kind is None:
            self.say(KINDS, "error")
            return
        try:
            path = Path(text.strip()).expanduser().absolute()
            there, folder = path.exists(), path.is_dir()
        except (ValueError, RuntimeError, OSError) as error:  # a NUL, a home of nobody, a name too long
            self.say(f"this can be no file name: {error}", "error")
            return
        if folder:
            self.say(in_words(IsADirectoryError(), path), "error")
            return
        if there and path != self._overwrites:
            self._overwrites = path
            self.say(f"{path} exists: once more to overwrite it", "warning")
            self.hint("overwrite")
            return
        self.field.disabled = True
        self.hint("")
        self._show(0)
        self._saving = self.run_worker(self._save(kind, path), name="export")

    @on(Input.Changed)
    def _other_name(self) -> None:
        """Words about the name before mean nothing now."""
        self._saved, self._overwrites = False, None
        self.hint("save")
        self.say(KINDS)

    async def _save(self, kind: Kind, path: Path) -> None:
        try:
            await save(self._rows, kind, path, self._show)
        except OSError as error:
            self.say(in_words(error, path), "error")
            self.hint("save")
        else:
            self._saved = True
            self.say(f"{self.glyphs.ok} saved {_results(self._rows)} in {path}")
            self.hint("close")
        self._saving = None
        self.field.disabled = False
        self.field.focus()

    def _show(self, done: int) -> None:
        filled, rest = bar(done, max(1, len(self._rows)), _BAR_CELLS, self.glyphs)
        self.say(f"{filled}{rest} {count(done)} of {count(len(self._rows))}")

    def left_beside(self) -> None:
        """What is being written is not given up for a click that went astray."""
        if self._saving is None:
            super().left_beside()

    def action_leave(self) -> None:
        """Close; what is being written is given up."""
        if self._saving is not None:
            self._saving.cancel()
            self.app.notify("nothing was saved: cancelled", markup=False)
        super().action_leave()
