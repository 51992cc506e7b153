"""Workers as lines: in a pane, in the summary, as a row of the table, and the keys that are named there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.dashboard.crowd import crowd
from tests.dashboard.hosting import WIDTHS
from tests.dashboard.seeded import NOON, received, seeded_workers, worker
from tui.calc.operations import Operations
from tui.dashboard.glyphs import ASCII, UNICODE, Glyphs
from tui.dashboard.widgets.drawing import line_cells, line_text
from tui.dashboard.widgets.key_hints import DEFAULT_KEYS
from tui.dashboard.widgets.worker_lines import name_line, pane_lines, partitions_line, rate_line
from tui.dashboard.widgets.worker_requests import key_words
from tui.dashboard.widgets.worker_rows import summary_lines, table_columns, table_line
from tui.events import WorkerState
from tui.ledger.figures import WorkerFigures, WorkerNote

OPERATIONS = Operations.standard()


pytestmark = pytest.mark.usefixtures("utc")


def pane(one: WorkerFigures, cells: int = 36, lines: int = 6, glyphs: Glyphs = UNICODE) -> list[str]:
    return [line_text(line).rstrip() for line in pane_lines(one, OPERATIONS, cells, lines, glyphs)]


def test_the_panes_of_120_columns_read_as_in_the_frame() -> None:
    busy, slow, idle = seeded_workers()
    assert line_text(name_line(busy, 30, UNICODE)) == "client-0 ● busy"
    assert line_text(partitions_line(busy)) == "p0 p3"
    assert pane(busy)[0] == "5 × 3                          20 ms"
    assert pane(busy)[2:] == [
        "done 702  failed 0  again 2",
        "12:01:07  15 ÷ 5 = 3",
        "12:01:03  6 × 7 = 42",
        "12:01:02  0.1 + 0.2 = 0.3",
    ]
    assert pane(busy)[1].startswith("19/s ")
    assert pane(busy)[1].endswith("▂▃▅▇██▅▃▅█  p95   5 ms")
    assert pane(slow)[3:] == ["12:01:06  8 × 8 = 64", "12:01:05  7 − 9 = −2  ↻2", "12:00:41  restarted"]
    assert pane(idle)[0] == "nothing waiting"
    assert pane(idle)[3:] == [
        "12:01:07  12 ÷ 0  ✖ division by zero",
        "12:01:05  took p2 at offset 391",
        "12:01:04  joining",
    ]


@pytest.mark.parametrize("cells", [4, 12, 20, 24, 36, 60, 96])
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_no_line_of_a_pane_is_wider_than_it(cells: int, glyphs: Glyphs) -> None:
    endless = worker(
        "w" * 300, range(400), state=WorkerState.BUSY, working_on="9" * 900, took_s=1e9, per_s=1e9, rates=(1.0,) * 99,
        run_p50_s=99.0, run_p95_s=99.0, done=10**12, failed=10**12, again=10**12,
        history=(received("9" * 900, "mul", "8" * 900, "7" * 900, attempt=99), WorkerNote(NOON, "n" * 900)),
    )  # fmt: skip
    for one in (*seeded_workers(), endless):
        for lines in (1, 2, 3, 6, 12):
            drawn = pane_lines(one, OPERATIONS, cells, lines, glyphs)
            assert len(drawn) <= lines
            assert all(line_cells(line) <= cells for line in drawn)
        assert line_cells(name_line(one, cells, glyphs)) <= max(cells, 16)


@given(st.text(alphabet=st.characters(exclude_categories=())), st.integers(4, 60))
def test_what_a_worker_says_of_itself_is_only_text(text: str, cells: int) -> None:
    one = worker(
        text, (0,), state=WorkerState.BUSY, working_on=text, detail=text,
        history=(received(text, text, text, text, client_id=text), WorkerNote(NOON, text)),
    )  # fmt: skip
    lines = pane_lines(one, OPERATIONS, cells, 6, UNICODE)
    lines += [name_line(one, cells, UNICODE), *summary_lines((one,), max(40, cells), 1, None, UNICODE)]
    lines += [table_line(one, table_columns((one,), cells), False, UNICODE)]
    for line in lines:
        assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in line_text(line))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"state": WorkerState.IDLE}, "no partition to read"),
        ({"state": WorkerState.JOINING}, "waits for its partitions"),
        ({"state": WorkerState.JOINING, "detail": "since 3 s"}, "since 3 s"),
        ({"state": WorkerState.PAUSED}, "takes no requests until resumed"),
        ({"state": WorkerState.STOPPED}, "has left the group"),
        ({"state": WorkerState.KILLED}, "was killed, the group has noticed"),
        ({"state": WorkerState.KILLED, "detail": "the group notices after 10 s"}, "the group notices after 10 s"),
        ({"state": WorkerState.FAILED, "detail": "broken pipe"}, "broken pipe"),
        ({"state": WorkerState.CONNECTING}, "connecting"),
        ({"state": None}, "nothing known yet"),
        ({"state": None, "remote": True}, "runs in another process"),
    ],
)
def test_every_state_has_its_words(changes: dict[str, object], words: str) -> None:
    assert pane(replace(worker("client-7"), **changes))[0] == words


def keys_of(**changes: object) -> str:
    return line_text(key_words(replace(worker("client-0"), **changes)))


def test_the_keys_say_what_they_would_do_now() -> None:
    assert keys_of(state=WorkerState.BUSY) == "p pause  x stop  k kill  n restart  z slow"
    assert keys_of(state=WorkerState.PAUSED) == "p resume  x stop  k kill  n restart  z slow"
    assert keys_of(state=WorkerState.STOPPED) == "x start"
    assert keys_of(state=WorkerState.KILLED) == "x start"
    assert keys_of(state=WorkerState.FAILED) == "x start"
    assert keys_of(state=WorkerState.STOPPING) == ""
    assert keys_of(state=WorkerState.BUSY, remote=True) == ""


def test_keys_of_a_keymap_are_named() -> None:
    names = {**DEFAULT_KEYS, "worker_pause": "ctrl+t"}
    assert line_text(key_words(worker("client-0"), names)).startswith("^t pause  x stop  ")


@pytest.mark.parametrize(
    ("cells", "words"),
    [(40, "p pause  x stop  k kill  n restart"), (32, "p pause  x stop  k kill"), (22, "p pause  x stop"), (6, "")],
)
def test_the_most_important_keys_are_named_where_there_is_no_room_for_all(cells: int, words: str) -> None:
    assert line_text(key_words(worker("client-0"), cells=cells)) == words


def test_a_remote_worker_is_marked() -> None:
    assert (
        line_text(name_line(worker("other-3", remote=True, state=None, per_s=2.0), 30, UNICODE)) == "other-3 ● remote"
    )


def test_the_summary_of_three_workers_is_one_line_of_80_columns() -> None:
    (line,) = summary_lines(seeded_workers(), 80, 1, None, UNICODE)
    text = line_text(line)
    assert line_cells(line) <= 80
    assert [text.index(f"client-{number}") for number in range(3)] == sorted(
        text.index(f"client-{number}") for number in range(3)
    )
    for words in ("client-0 ● ", " 19/s", "client-1 ● ", " 10/s", "client-2 ○ ", " 8/s"):
        assert words in text


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("count", [1, 2, 3, 7, 12, 40, 200])
def test_a_summary_says_how_many_more_there_are(width: int, count: int) -> None:
    lines = summary_lines(crowd(count), width, 3, "client-0", UNICODE)
    assert len(lines) <= 3
    assert all(line_cells(line) <= width for line in lines)
    text = "".join(line_text(line) for line in lines)
    shown = text.count("client-")
    assert shown == count or f"+{count - shown} more" in text
    assert "▸client-0" in text


@pytest.mark.parametrize("width", WIDTHS)
def test_a_row_of_the_table_fits(width: int) -> None:
    for workers in (crowd(40), seeded_workers(), (worker("w" * 300, range(50), working_on="9" * 900),)):
        columns = table_columns(workers, width - 4)
        assert all(line_cells(table_line(one, columns, True, UNICODE)) <= width - 4 for one in workers)


@pytest.mark.parametrize("cells", [24, 36, 50, 80])
def test_the_course_of_a_worker_keeps_its_place_whatever_the_figures(cells: int) -> None:
    rates = tuple(range(1, 61))
    quiet = worker("a", rates=rates, per_s=0.4)
    loud = worker("a", rates=rates, per_s=12_345.0, run_p50_s=0.00008, run_p95_s=0.999)
    lines = [line_text(rate_line(one, cells, UNICODE)) for one in (quiet, loud)]
    places = [[(at, sign) for at, sign in enumerate(line) if sign in UNICODE.sparks] for line in lines]
    assert places[0] == places[1] != []
    assert len(lines[0]) == len(lines[1]) <= cells
