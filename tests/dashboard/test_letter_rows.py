"""Dead letters as lines: a reason, a letter in the list, all that is known of one."""

import pytest

from tests.dashboard.seeded import dead_letter, seeded_letters
from tui.dashboard.glyphs import ASCII, UNICODE, Glyphs
from tui.dashboard.widgets.drawing import line_cells, line_text
from tui.dashboard.widgets.letter_rows import group_columns, group_row, letter_columns, letter_facts, letter_row
from tui.ledger.dead_letters import DeadLetters

NASTY = "\x1b[2J[bold]x[/] \u202e \r\n" * 20


def test_a_reason_has_its_letters_counted_and_the_time_of_the_last(utc: None) -> None:
    letters = DeadLetters()
    for letter in seeded_letters():
        letters.add(letter)
    rows = [line_text(group_row(group, group_columns(90), UNICODE)) for group in letters.groups()]
    assert rows[0].split() == ["not_json", "3", "12:01:04", "the", "value", "is", "not", "JSON:", "malformed"]
    assert [row.split()[:2] for row in rows[1:]] == [["not_utf8", "1"], ["operand_not_a_number", "1"]]


def test_a_letter_has_place_client_key_and_how_its_value_begins_and_says_that_it_was_sent_again() -> None:
    first, *_, last = seeded_letters()
    columns = letter_columns(74, [first, last], UNICODE)
    assert line_text(letter_row(first, columns, UNICODE)).split()[0] == "1@388"
    assert line_text(letter_row(first, columns, UNICODE)).split()[2:] == [
        "client-0",
        "a",
        '{"operator_1":',
        '"5",',
        '"oper',
    ]
    assert "↻  five plus two" in line_text(letter_row(last, columns, UNICODE))


def test_all_that_is_known_of_a_letter_is_said(utc: None) -> None:
    assert [line_text(line) for line in letter_facts(seeded_letters()[1], "kcalc.requests.dlq", 76, UNICODE)] == [
        'refused  operand_not_a_number: "five" is not a number',
        "by       client-1, 12:00:57",
        "request  kcalc.requests 1@390, sent 12:00:55 → kcalc.requests.dlq 1@10",
        "id       kcalc.requests/1/390",
        "key      blue",
    ]


def test_what_is_known_of_a_letter_breaks_between_words_and_what_is_no_words_where_the_line_ends(utc: None) -> None:
    letter = dead_letter(7, "not_json", "the value is not JSON: JSON is malformed", b"{", request_id="r" * 40)
    lines = [line_text(line) for line in letter_facts(letter, "dlq", 34, UNICODE)]
    assert lines[:2] == ["refused  not_json: the value is", "         not JSON: JSON is"]
    assert [line[9:] for line in lines if "rrr" in line] == ["r" * 25, "r" * 15]


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
@pytest.mark.parametrize("cells", [10, 20, 34, 74, 194])
def test_whatever_is_in_a_letter_no_line_is_too_long_or_does_anything(cells: int, glyphs: Glyphs) -> None:
    letter = dead_letter(
        10**18, NASTY, NASTY, NASTY.encode() + b"\xff", client_id=NASTY, topic=NASTY, request_id=NASTY,
        key=NASTY.encode(), headers=[(NASTY, b"x")], sent_at=float("nan"), refused_at=1e300,
    )  # fmt: skip
    letters = DeadLetters()
    letters.add(letter)
    lines = [
        group_row(letters.groups()[0], group_columns(cells), glyphs),
        letter_row(letter, letter_columns(cells, [letter], glyphs), glyphs),
        *letter_facts(letter, NASTY, cells, glyphs),
    ]
    assert max(line_cells(line) for line in lines) <= cells
    text = "".join(line_text(line) for line in lines)
    assert text.isprintable()
    assert not glyphs.ascii or text.isascii()
