"""What a person sees in a row of the results and types as words finds that row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.dashboard.seeded import received
from tests.ledger.results import results
from tui.calc.operations import Operations
from tui.dashboard.formatting import place
from tui.dashboard.glyphs import ASCII, UNICODE, Glyphs
from tui.dashboard.widgets.answers import request_text
from tui.events import ReceivedResult
from tui.ledger.filtered import FilteredResults
from tui.ledger.result_filter import FilterError, parsed
from tui.ledger.ring import ResultRing

OPERATIONS = Operations.standard()
ADDED = OPERATIONS.with_added({"sub": "diff", "hypot": "math:hypot"})
OTHER = received("11", "sum", "13", "24", client_id="client-3")
WIDE = 10_000


def found(text: str, *rows: ReceivedResult, operations: Operations = OPERATIONS) -> list[int]:
    """The numbers of the rows that these words find."""
    ring = ResultRing(100, operations=operations)
    ring.extend(rows)
    matches = FilteredResults(ring, parsed(text))
    matches.update()
    return [rows.index(matches[number]) for number in range(matches.first, matches.total)]


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
@pytest.mark.parametrize("y", ["2", "-2", None])
@pytest.mark.parametrize("x", ["7", "-7", "0.5"])
@pytest.mark.parametrize("name", OPERATIONS.names)
def test_a_request_is_found_as_it_is_written(name: str, x: str, y: str | None, glyphs: Glyphs) -> None:
    row = received(x, name, y, "9")
    words = request_text(row.result, OPERATIONS, WIDE, glyphs).split()
    for text in (" ".join(words), "".join(words), f"{' '.join(words)} = 9", f"client-0 {' '.join(words)}"):
        assert found(text, row, OTHER) == [0], text
    for text in (*words, " ".join(words[:2])):
        assert 0 in found(text, row, OTHER), text


@pytest.mark.parametrize("name", ["sub", "hypot"])
def test_an_operation_of_ones_own_is_found_as_it_is_written(name: str) -> None:
    row = received("-7", name, "2", "9")
    assert found(request_text(row.result, ADDED, WIDE, UNICODE), row, OTHER, operations=ADDED) == [0]


@pytest.mark.parametrize(
    ("sign", "wanted"),
    [
        ("+", ["sum"]),
        ("-", ["sub", "diff"]),
        ("−", ["sub", "diff"]),
        ("*", ["mul"]),
        ("×", ["mul"]),
        ("/", ["div"]),
        ("÷", ["div"]),
        ("^", ["pow"]),
        ("mod", ["mod"]),
        ("√", ["sqrt"]),
        ("!", ["fact"]),
    ],
)
def test_a_sign_alone_finds_its_operations_whatever_signs_are_in_ids_and_numbers(sign: str, wanted: list[str]) -> None:
    row = received("-7", "sum", "-2", "-9e+9", client_id="a-b/c")
    rows = [replace(row, result=replace(row.result, operation=name, id="d+e*f^g/1")) for name in OPERATIONS.names]
    assert [rows[number].result.operation for number in found(sign, *rows)] == wanted


def test_words_are_no_formula_unless_a_sign_stands_between_numbers() -> None:
    row = received("7", "sum", "2", "9", client_id="client-1")
    assert found("client-1 + 7", row) == found("7 + client-1", row) == found("p:0 + 7", row) == [0]
    assert found("2 + 7", row) == found("7 - 2", row) == []


def test_a_formula_is_not_found_in_an_id() -> None:
    row = received("1", "sum", "1", "2")
    assert found("7 - 2", replace(row, result=replace(row.result, id="5eed97-243"))) == []


def test_a_place_finds_the_one_request_that_stood_there() -> None:
    rows = [received("1", "sum", "1", "2", partition=at // 2, offset=37 + at % 2) for at in range(4)]
    assert found(place(1, 37), *rows) == found("p1@37", *rows) == [2]
    assert found("1@3", *rows) == []


@given(results(), st.sampled_from([UNICODE, ASCII]))
def test_whatever_a_stranger_sends_is_kept_and_its_numbers_are_found(row: ReceivedResult, glyphs: Glyphs) -> None:
    for text in (request_text(row.result, OPERATIONS, WIDE, glyphs), row.result.id, row.result.operator_1):
        try:
            assert isinstance(found(text, row), list)
        except FilterError:
            assert ":" in text or ">" in text
    if row.result.operation in OPERATIONS.names and row.result.operator_1.removeprefix("-").isdigit():
        assert found(row.result.operator_1, row) == [0]
