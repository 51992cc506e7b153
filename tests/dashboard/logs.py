"""The log of results with rows whose requests are their numbers, and what is seen of it."""

from tests.dashboard.hosting import drawn_lines
from tests.dashboard.seeded import NOON, received
from tui.calc.operations import Operations
from tui.dashboard.glyphs import UNICODE
from tui.dashboard.widgets.results_log import ResultsLog
from tui.ledger.ring import ResultRing


def log_of(count: int, capacity: int = 1_000) -> tuple[ResultsLog, ResultRing]:
    """A log of so many results."""
    ring = ResultRing(capacity)
    more(ring, count)
    return ResultsLog(ring, Operations.standard(), glyphs=UNICODE), ring


def more(ring: ResultRing, count: int) -> None:
    """So many results, the n-th one n seconds after noon."""
    ring.extend(
        received(str(number), "sum", "0", str(number), offset=number, at=NOON + number)
        for number in range(ring.total, ring.total + count)
    )


def shown_rows(log: ResultsLog) -> list[int]:
    """The rows that are seen, without the separators between them."""
    return [int(text[10:].split(" ", 1)[0]) for text in drawn_lines(log)[1:] if text and UNICODE.edge not in text]
