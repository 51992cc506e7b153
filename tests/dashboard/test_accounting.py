"""The books in one line: as much as there is room for, and loud when they do not balance."""

from hypothesis import given
from hypothesis import strategies as st

from tests.dashboard.seeded import accounting
from tui.dashboard.glyphs import ASCII, UNICODE, Glyphs
from tui.dashboard.widgets.accounting import accounting_line
from tui.dashboard.widgets.drawing import line_cells, line_text


def line(width: int, **changes: object) -> str:
    return line_text(accounting_line(accounting(**changes), width, UNICODE))


def test_the_books_are_said_in_one_line_and_shortened_by_width() -> None:
    assert line(100, again=0) == "1289 sent = 1273 done + 3 failed + 1 dead + 12 in flight ✔"
    assert line(100) == "1289 sent = 1273 done + 3 failed + 1 dead + 12 in flight ✔ · ↻ 3"
    assert line(58) == "1289 sent = 1273 done + 3 failed + 1 dead + 12 in flight ✔"
    assert line(50) == "1289 = 1273 done + 3 failed + 1 dead + 12 ✔ · ↻ 3"
    assert line(30) == "1289 = 1273 + 3 + 1 + 12 ✔"
    assert line(8) == "1289 ✔"


def test_requests_of_others_and_unsent_ones_are_named() -> None:
    assert line(120, again=0, others_done=4, others_failed=1).endswith("✔ + 5 of others")
    assert line(120, again=0, unsent=2).endswith("✔ · 2 unsent")
    assert line(74, again=0, others_done=123_456).endswith("12 in flight ✔ + 123k others")
    assert "2 unsent" in line(46, unsent=2, others_done=5)


def test_books_that_do_not_balance_are_loud_and_say_what_is_wrong() -> None:
    for width in (140, 60, 40, 20):
        shown = accounting_line(accounting(done=1274, wrong="answered twice: a-12"), width, UNICODE)
        assert line_text(shown).startswith("✖ ")
        assert "✔" not in line_text(shown)
        assert {role for _, role in shown} == {"error"}
        assert line_cells(shown) <= width
    assert line(140, done=1274, wrong="answered twice: a-12").startswith("✖ 1289 sent ≠ 1274 done")
    assert line(22, done=1274, wrong="answered twice: a-12") == "✖ answered twice: a-12"
    assert "do not balance" in line(140, done=1274)


def test_lost_requests_are_named_by_ids_that_can_be_searched_for() -> None:
    lost = "lost: 5eed5eed-17, 5eed5eed-18, 5eed5eed-19 and 3 more"
    assert line(140, wrong=lost) == f"✖ 1289 sent = 1273 done + 3 failed + 1 dead + 12 in flight: {lost}"
    assert line(74, wrong=lost) == f"✖ {lost}"
    assert line(34, wrong=lost).startswith("✖ lost: 5eed5eed-17, ")


@given(st.integers(0, 10**12), st.integers(1, 120), st.sampled_from([UNICODE, ASCII]))
def test_the_books_never_overflow(number: int, width: int, glyphs: Glyphs) -> None:
    books = accounting(sent=number, done=number, failed=0, dead=0, in_flight=0, unsent=number, others_done=number)
    assert line_cells(accounting_line(books, width, glyphs)) <= width
    wrong = accounting(sent=number, wrong="a\x1b[2J\nb" * 9)
    text = line_text(accounting_line(wrong, width, glyphs))
    assert len(text) <= width
    assert text.isprintable()
