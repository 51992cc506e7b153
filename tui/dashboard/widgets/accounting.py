"""The books in one line: sent = done + failed + dead + in flight, quiet while they balance and loud when not."""

from collections.abc import Iterator

from tui.dashboard.formatting import clean, compact, count
from tui.dashboard.glyphs import Glyphs
from tui.dashboard.widgets.drawing import Line, Span, first_fitting
from tui.ledger.figures import Accounting


def accounting_line(books: Accounting, cells: int, glyphs: Glyphs) -> Line:
    """The longest wording that fits into `cells`; whether the books balance is said in each."""
    wordings = _balanced(books, glyphs) if books.balanced else _unbalanced(books, cells, glyphs)
    return first_fitting(wordings, cells, glyphs.ellipsis)


def _balanced(books: Accounting, glyphs: Glyphs) -> Iterator[Line]:
    tick: Span = (f" {glyphs.ok}", "success")
    unsent: Line = ((f" {glyphs.dot} {count(books.unsent)} unsent", "warning"),) if books.unsent else ()
    others = books.others_done + books.others_failed + books.others_dead
    foreign: Line = ((f" + {count(others)} of others", "muted"),) if others else ()
    roughly: Line = ((f" + {compact(others)} others", "muted"),) if others else ()
    again: Line = ((f" {glyphs.dot} {glyphs.again} {count(books.again)}", "warning"),) if books.again else ()
    if not books.sent:
        yield (("nothing sent yet", "muted"), *unsent, *foreign, *again)
    for text in _sums(books, "="):
        yield ((text, "muted"), tick, *unsent, *foreign, *again)
        yield ((text, "muted"), tick, *unsent, *foreign)
        yield ((text, "muted"), tick, *unsent, *roughly)
        yield ((text, "muted"), tick, *unsent)
    yield ((compact(books.sent), "muted"), tick)


def _unbalanced(books: Accounting, cells: int, glyphs: Glyphs) -> Iterator[Line]:
    wrong = clean(books.wrong or "the books do not balance", cells, glyphs)
    sign = f"{glyphs.failed} "
    for text in _sums(books, glyphs.unequal if _differs(books) else "="):
        yield ((f"{sign}{text}: {wrong}", "error"),)
    yield ((f"{sign}{wrong}", "error"),)


def _differs(books: Accounting) -> bool:
    return books.sent != books.done + books.failed + books.dead + books.in_flight


def _sums(books: Accounting, sign: str) -> Iterator[str]:
    """The equation, its words going first, then the exact digits."""
    for write in (count, compact):
        sent, done, failed = write(books.sent), write(books.done), write(books.failed)
        dead, flying = write(books.dead), write(books.in_flight)
        yield f"{sent} sent {sign} {done} done + {failed} failed + {dead} dead + {flying} in flight"
        yield f"{sent} {sign} {done} done + {failed} failed + {dead} dead + {flying}"
    yield f"{sent} {sign} {done} + {failed} + {dead} + {flying}"
