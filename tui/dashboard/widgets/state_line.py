"""Words above the panels while kcalc cannot answer, and what to do about it; the panels say the rest themselves."""

from collections.abc import Mapping

from textual.widgets import Static

from tui.dashboard.formatting import clean, count
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.widgets.drawing import Line
from tui.dashboard.widgets.key_hints import DEFAULT_KEYS, hint
from tui.dashboard.widgets.parts import line_content
from tui.ledger.explain import GONE
from tui.ledger.figures import Figures

WORDS_CELLS = 300


def state_words(figures: Figures, problem: str, glyphs: Glyphs, key_names: Mapping[str, str] = DEFAULT_KEYS) -> Line:
    """What a person should know before anything else; empty when all is well. `problem` is why the start failed."""
    if problem:
        return ((f"{glyphs.failed} {clean(problem, WORDS_CELLS, glyphs)}", "error"),)
    if figures.link.down:
        detail = clean(figures.link_detail, WORDS_CELLS, glyphs) or "trying again"
        return ((f"{glyphs.failed} {figures.link}", "error"), (f"  {detail}", "text"))
    return _trouble(figures, glyphs, key_names)


def _trouble(figures: Figures, glyphs: Glyphs, key_names: Mapping[str, str]) -> Line:
    working = any(worker.remote or worker.state not in GONE for worker in figures.workers)
    if not working and figures.totals.lag:
        waiting = f"{count(figures.totals.lag)} requests wait in Kafka and no worker runs"
        if "add_worker" in key_names:
            press = f"press {hint(key_names, 'leave')}, then {hint(key_names, 'add_worker')}"
            what: Line = ((f"{waiting}: ", "text"), (press, "text@app.add_worker"))
        else:
            what = ((waiting, "text"),)
        return ((f"{glyphs.attention} ", "warning"), *what)
    if figures.trouble:
        return ((f"{glyphs.attention} ", "warning"), (clean(figures.trouble, WORDS_CELLS, glyphs), "text"))
    return ()


class StateLine(Static):
    """Takes a row only while there is something to say."""

    ALLOW_SELECT = False

    def __init__(self, glyphs: Glyphs, key_names: Mapping[str, str] = DEFAULT_KEYS) -> None:
        super().__init__(markup=False, id="state-line")
        self._key_names = key_names
        self._glyphs = glyphs
        self._shown: Line = ()
        self.display = False

    def show(self, figures: Figures, problem: str) -> None:
        """Say what these figures call for."""
        words = state_words(figures, problem, self._glyphs, self._key_names)
        if words != self._shown:
            self._shown = words
            self.update(line_content(words), layout=False)
            self.display = bool(words)
