"""The panel "Now": what was sent and answered, what waits, how long it takes, and whether the books balance."""

from typing import ClassVar

from rich.cells import cell_len
from textual.events import Resize
from textual.strip import Strip

from tui.dashboard.formatting import age, count, duration, per_second
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.widgets.accounting import accounting_line
from tui.dashboard.widgets.canvas import Drawn
from tui.dashboard.widgets.charts import sparkline
from tui.dashboard.widgets.drawing import Line, cut
from tui.dashboard.widgets.partition_rows import OLD_S, age_line
from tui.ledger.figures import Accounting, Figures, Totals

_LABEL_CELLS = 9
_COUNT_CELLS = 7
_WORDS_CELLS = 11
_LEAST_SPARK = 5


def now_lines(figures: Figures, cells: int, glyphs: Glyphs) -> list[Line]:
    """The panel's lines, each at most `cells` wide, the most telling first."""
    totals, books = figures.totals, figures.accounting
    sent_rate, done_rate = per_second(totals.sent_per_s), per_second(totals.answered_per_s)
    lines = [
        _series("sent", books.sent, totals.sent_rates, sent_rate, "muted", cells, glyphs),
        _series("done", books.done, totals.answered_rates, done_rate, "success", cells, glyphs),
        _series("lag", totals.lag, totals.lags, _trend(totals, figures.age_s), "warning", cells, glyphs),
        _latencies(totals, cells, glyphs),
        _mishaps(books),
        (_label("check"), *accounting_line(books, cells - _LABEL_CELLS, glyphs)),
        *_others(books),
    ]
    return [cut(line, cells, glyphs.ellipsis) for line in lines]


def _label(word: str) -> tuple[str, str]:
    return word.ljust(_LABEL_CELLS), "muted"


def _series(
    label: str, total: int | None, values: tuple[float, ...], words: str, role: str, cells: int, glyphs: Glyphs
) -> Line:
    number = count(total).rjust(_COUNT_CELLS)
    spark = min(32, cells - _LABEL_CELLS - cell_len(number) - 6 - max(_WORDS_CELLS, len(words)))
    line: Line = (_label(label), (number, "strong" if total else "text"))
    if spark >= _LEAST_SPARK:
        line = (*line, ("   ", "text"), (sparkline(values, spark, glyphs), role))
    return (*line, ("   ", "text"), (words, "text"))


def _trend(totals: Totals, age_s: float | None) -> str:
    """What the lag does; of one that nobody could look at for a while, how old it is."""
    if totals.lag is None:
        return ""
    if age_s is not None and age_s > OLD_S:
        return f"{age(age_s)} old"
    if abs(totals.lag_per_s) < 0.5:
        return "steady"
    return f"{'grows' if totals.lag_per_s > 0 else 'shrinks'} {per_second(abs(totals.lag_per_s))}"


def _latencies(totals: Totals, cells: int, glyphs: Glyphs) -> Line:
    wait = f"{duration(totals.wait_p50_s, glyphs)} / {duration(totals.wait_p95_s, glyphs)}"
    run = f"{duration(totals.run_p50_s, glyphs)} / {duration(totals.run_p95_s, glyphs)}"
    if cells >= 50:
        return (("wait p50/p95  ", "muted"), (wait.ljust(19), "text"), ("run p50/p95  ", "muted"), (run, "text"))
    return (("wait ", "muted"), (wait, "text"), ("  run ", "muted"), (run, "text"))


def _mishaps(books: Accounting) -> Line:
    dead = books.dead + books.others_dead
    failed = books.failed + books.others_failed
    spans: list[tuple[str, str]] = []
    for word, number, role in (
        ("failed", failed, "error"),
        ("dead letters", dead, "error"),
        ("again", books.again, "warning"),
        ("unsent", books.unsent, "warning"),
    ):
        spans += [(f"{word} ", "muted"), (count(number), role if number else "text"), ("   ", "text")]
    return tuple(spans[:-1])


def _others(books: Accounting) -> list[Line]:
    """The requests of other programs: the check is without them, rates and mishaps are not."""
    done, failed, dead = books.others_done, books.others_failed, books.others_dead
    if not (done or failed or dead):
        return []
    words = f"{count(done)} done + {count(failed)} failed + {count(dead)} dead of other programs"
    return [(_label("others"), (words, "text"))]


class NowPanel(Drawn):
    """The figures of this moment beside the form, for windows of 120 columns and more."""

    ABOUT: ClassVar[str] = "Totals since the start and rates of this moment; the check must balance"
    DEFAULT_CSS = """
    NowPanel { height: 9; }
    """

    def __init__(self, glyphs: Glyphs | None = None, id: str | None = None) -> None:
        super().__init__(glyphs=glyphs, id=id)
        self._figures: Figures | None = None
        self._lines: list[Line] = []

    def show(self, figures: Figures) -> None:
        """Show these figures; repaints only if something visible changed."""
        self._figures = figures
        self._draw()

    def on_resize(self, event: Resize) -> None:
        """Write the lines for the new width."""
        self._draw()

    def render_line(self, y: int) -> Strip:
        """One line of figures."""
        return self.strip(self._lines[y] if y < len(self._lines) else (), self.cells)

    def _draw(self) -> None:
        age: Line = ()
        if self._figures is not None:
            lines = now_lines(self._figures, self.cells, self.glyphs)
            before, self._lines = self._lines, lines
            self.refresh_changed(before, lines)
            age = age_line(self._figures, max(1, self.edge_cells - 10), self.glyphs)
        self.head((("Now", "title"),), age)
