"""Results as files: what is read back from them is what was written."""

import csv
import io
import json
from base64 import b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from tests.ledger.builders import result
from tests.ledger.results import results
from tui.calc.messages import Result, ResultError
from tui.events import ReceivedResult
from tui.ledger.export import COLUMNS, Kind, Lines, guarded, kind_of


def text_of(kind: Kind, rows: list[ReceivedResult]) -> str:
    lines = Lines(kind)
    pieces = []
    for row in rows:
        lines.add(row)
        pieces.append(lines.take())
    return "".join(pieces) or lines.take()


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def unguarded(cell: str) -> str:
    return cell.removeprefix("'")


@given(st.lists(results(), max_size=6))
def test_csv_read_back_gives_the_rows(rows: list[ReceivedResult]) -> None:
    found = read(text_of(Kind.CSV, rows))
    assert len(found) == len(rows)
    for cells, row in zip(found, rows, strict=True):
        answer = row.result
        assert tuple(cells) == COLUMNS
        texts = [cells[name] for name in ("id", "x", "operation", "y", "result", "worker", "error", "error_message")]
        error = answer.error or ResultError("", "")
        assert [unguarded(text) for text in texts] == [
            answer.id, answer.operator_1, answer.operation, answer.operator_2 or "", answer.result or "",
            answer.client_id, error.code, error.message,
        ]  # fmt: skip
        places = [cells[name] for name in ("partition", "offset", "attempt", "result_partition", "result_offset")]
        assert [int(text) for text in places] == [
            answer.partition, answer.offset, answer.attempt, row.result_partition, row.result_offset
        ]  # fmt: skip


@given(st.lists(results(), max_size=6))
def test_json_lines_read_back_give_the_rows(rows: list[ReceivedResult]) -> None:
    lines = text_of(Kind.JSON_LINES, rows).splitlines()
    assert len(lines) == len(rows)
    for line, row in zip(lines, rows, strict=True):
        assert line.isprintable()
        fields = json.loads(line)
        answer = asdict(row.result)
        answer["error"] = None if row.result.error is None else asdict(row.result.error)
        assert {name: fields[name] for name in answer} == answer
        assert (fields["result_partition"], fields["result_offset"]) == (row.result_partition, row.result_offset)
        assert fields["seen_at"] == row.at
        key = b64decode(fields["key_base64"]) if "key_base64" in fields else (fields["key"] or "").encode()
        assert key == (row.key or b"")
        assert (fields["key"] is None) == (row.key is None)


def test_times_are_utc_and_durations_milliseconds() -> None:
    (cells,) = read(text_of(Kind.CSV, [result("a", at=1_700_000_001.5)]))
    assert cells["seen_at"] == "2023-11-14T22:13:21.500000Z"
    assert cells["received_at"] == "2023-11-14T22:13:20.003000Z"
    assert (cells["wait_ms"], cells["run_ms"]) == ("3.000", "2.000")


def test_what_is_not_known_or_no_time_is_empty() -> None:
    row = result("a", sent_at=None)
    row = replace(row, result=replace(row.result, finished_at=1e300))
    (cells,) = read(text_of(Kind.CSV, [row]))
    assert (cells["sent_at"], cells["wait_ms"], cells["finished_at"], cells["key"]) == ("", "", "", "")


@pytest.mark.parametrize("number", ["-2", "+1.5", "-1E+400", "0.1", "1e5", "-0"])
def test_numbers_are_never_changed(number: str) -> None:
    assert guarded(number) == number


@pytest.mark.parametrize(
    "formula", ["=1+1", "+cmd|' /C calc'!A0", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "-", "-٣", "-1\n"]
)
def test_a_spreadsheet_takes_no_text_for_a_formula(formula: str) -> None:
    assert guarded(formula) == f"'{formula}"
    row = result(formula)
    (cells,) = read(text_of(Kind.CSV, [row]))
    assert cells["id"] == f"'{formula}"


@given(st.text())
def test_the_guard_can_be_taken_off(text: str) -> None:
    assert unguarded(guarded(text)) == text


def test_no_result_is_a_file_with_the_names_of_the_columns() -> None:
    assert text_of(Kind.CSV, []) == ",".join(COLUMNS) + "\r\n"
    assert text_of(Kind.JSON_LINES, []) == ""


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.csv", Kind.CSV),
        ("/tmp/a.b.JSONL", Kind.JSON_LINES),
        ("a.json", None),
        ("csv.txt", None),
        ("", None),
        ("a.csv ", None),
    ],
)
def test_the_ending_of_the_name_decides(name: str, kind: Kind | None) -> None:
    assert kind_of(name) is kind


def test_every_field_of_a_result_message_has_its_column() -> None:
    assert len(Result.__struct_fields__) == 13, "a new field of the message: give it a column"
