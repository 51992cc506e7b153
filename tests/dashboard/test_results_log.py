"""The log shows the newest results on top, holds still for a reader and counts what it does not show."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from textual.geometry import Region
from textual.pilot import Pilot

from tests.dashboard.fakes import FakeSession, accounting, first_figures, received, seeded_figures, seeded_results
from tests.dashboard.hosting import WIDTHS, Host, drawn_lines, frame_texts
from tests.dashboard.logs import log_of, more, shown_rows
from tests.dashboard.shown import opened, until
from tui.calc.messages import ResultError
from tui.calc.operations import Operations
from tui.dashboard.glyphs import ASCII, UNICODE, Glyphs
from tui.dashboard.widgets.accounting import accounting_line
from tui.dashboard.widgets.answers import answer_line, request_text
from tui.dashboard.widgets.drawing import line_cells, line_text
from tui.dashboard.widgets.key_hints import nothing_yet
from tui.dashboard.widgets.result_rows import result_row, row_layout, title_row
from tui.dashboard.widgets.results_log import ResultsLog
from tui.events import Link, ReceivedResult
from tui.ledger.ring import ResultRing

OPERATIONS = Operations.standard()
ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=80)


pytestmark = pytest.mark.usefixtures("utc")


def rows(width: int, results: list[ReceivedResult] | None = None, glyphs: Glyphs = UNICODE) -> list[str]:
    layout = row_layout(width)
    shown = seeded_results()[::-1] if results is None else results
    lines = [title_row(layout, glyphs), *(result_row(row, layout, OPERATIONS, glyphs) for row in shown)]
    return [line_text(line).rstrip() for line in lines]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ResultError("division_by_zero", "division by zero"), "✖ ÷ by zero"),
        (ResultError("too_many_digits", "the result has more than 1000 digits"), "✖ too long"),
        (ResultError("mine", "a message of my own"), "✖ a message …"),
    ],
)
def test_an_error_without_room_is_said_in_short_words(error: ResultError, words: str) -> None:
    result = received("12", "div", "0", None, error=error).result
    assert line_text(answer_line(result, 13, UNICODE)) == words
    assert line_text(answer_line(result, 60, UNICODE)) == f"✖ {error.message}"
    assert line_text(answer_line(result, 13, ASCII)).isascii()


async def test_the_columns_stay_when_the_scroll_bar_comes() -> None:
    ring = ResultRing(1_000)
    log = ResultsLog(ring, OPERATIONS, UNICODE)
    async with Host(log).run_test(size=(80, 12)) as pilot:
        ring.extend(seeded_results()[:1])
        log.show(seeded_figures(rebalances=()))
        await pilot.pause()
        before = drawn_lines(log)
        assert not log.show_vertical_scrollbar
        ring.extend(seeded_results()[1:] * 9 + seeded_results()[:1])
        log.show(seeded_figures(rebalances=()))
        await until(lambda: log.show_vertical_scrollbar, "the scroll bar")
        assert drawn_lines(log)[:2] == before[:2]


def test_the_rows_of_a_window_of_80_columns_read_as_in_the_frame() -> None:
    assert rows(76) == [
        "time      request              result  worker    p@off          wait     run",
        "12:01:07  15 ÷ 5                    3  client-0  0@411          3 ms    2 ms",
        "12:01:07  12 ÷ 0   ✖ division by zero  client-2  2@398          3 ms    1 ms",
        "12:01:06  8 × 8                    64  client-1  1@376        880 ms   81 ms",
        "12:01:05  7 − 9                    −2  client-1  1@375   ↻2     9 ms   81 ms",
        "12:01:03  6 × 7                    42  client-0  0@407          4 ms    1 ms",
        "12:01:02  0.1 + 0.2               0.3  client-0  0@406          4 ms    1 ms",
    ]


def test_from_160_columns_key_attempt_and_the_place_of_the_result_are_shown() -> None:
    titles, row = rows(156, [received("1", "sum", "2", "3", key=b"k\x1b1", attempt=2)])
    assert titles.split()[-4:] == ["key", "attempt", "result", "at"]
    assert row.split()[-3:] == ["k\\x1b1", "2", "0@411"]
    assert "attempt" not in rows(109, [])[0]


@pytest.mark.parametrize("height", [24, 40])
async def test_in_a_window_of_160_columns_they_are_shown_beside_the_rebalances_too(
    session: FakeSession, height: int
) -> None:
    session.results.extend([received("123456789", "mul", "1000", "123456789000", key=b"blue", attempt=2)])
    async with opened(session, (160, height)) as (app, _):
        app.tick()
        log = app.screen.query_one(ResultsLog)
        await until(lambda: log.size.height > 2, "the log's first layout")
        titles, row = drawn_lines(log)[:2]
        assert titles.split()[-4:] == ["key", "attempt", "result", "at"]
        assert row.split()[-3:] == ["blue", "2", "0@411"]
        assert "123456789 × 1000" in row
        assert "123456789000" in row


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_no_row_is_wider_than_the_window(width: int, glyphs: Glyphs) -> None:
    layout = row_layout(width - 4)
    for row in [*seeded_results(), received("9" * 10_000, "mul", "-" + "9" * 10_000, "8" * 10_000)]:
        line = result_row(row, layout, OPERATIONS, glyphs)
        assert line_cells(line) == line_cells(title_row(layout, glyphs)) <= width - 4
        assert "\n" not in line_text(line)


@pytest.mark.parametrize("width", range(1, 60))
def test_columns_go_by_their_rank_and_the_result_stays(width: int) -> None:
    layout = row_layout(width)
    assert any(column.name == "result" for column, _ in layout.columns)
    line = result_row(received("1", "sum", "2", "3"), layout, OPERATIONS, UNICODE)
    assert line_cells(line) <= width
    assert "3" in line_text(line)


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT, ANY_TEXT, st.binary(max_size=40), st.integers(20, 170))
def test_nothing_from_kafka_widens_a_row_or_reaches_the_terminal(
    x: str, operation: str, result: str, client_id: str, key: bytes, width: int
) -> None:
    layout = row_layout(width)
    for row in (
        received(x, operation, result, result, client_id=client_id, key=key),
        received(x, "div", None, None, error=ResultError("any", x), client_id=client_id),
    ):
        text = line_text(result_row(row, layout, OPERATIONS, UNICODE))
        assert line_cells(result_row(row, layout, OPERATIONS, UNICODE)) <= width
        assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in text)


@pytest.mark.parametrize(
    ("x", "operation", "y", "shown"),
    [
        ("5", "mul", "3", "5 × 3"),
        ("16", "sqrt", None, "√16"),
        ("16", "sqrt", "7", "√16"),
        ("-2", "pow", "3", "(−2) ^ 3"),
        ("0", "sub", "-5", "0 − −5"),
        ("4", "gcd", "6", "gcd(4, 6)"),
        ("1", "nosuch", "2", "nosuch 1 2"),
        ("1", "\x1b[2J", "2", "\\x1b[2J 1 2"),
        ("9" * 40, "mul", "2", "9.99999999…e39 × 2"),
        ("2", "pow", "9" * 40, "2 ^ 9.99999999…e39"),
        ("9" * 40, "mul", "8" * 40, "9.9…e39 × 8.88…e39"),
    ],
)
def test_a_request_reads_as_people_write_it(x: str, operation: str, y: str | None, shown: str) -> None:
    text = request_text(received(x, operation, y, "1").result, OPERATIONS, 18, UNICODE)
    assert text == shown


def test_a_request_without_a_send_time_has_an_unknown_wait() -> None:
    row = received("1", "sum", "2", "3")
    unstamped = replace(row, result=msgspec.structs.replace(row.result, sent_at=None))
    assert rows(76, [unstamped])[1].split()[-3:] == ["?", "2", "ms"]


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


def test_the_wider_the_window_the_more_is_said_of_a_result() -> None:
    def names(cells: int) -> list[str]:
        return [column.name for column, _ in row_layout(cells).columns]

    assert not {"key", "attempt", "result_place", "id"} & set(names(96))
    assert names(114)[-3:] == ["key", "attempt", "result_place"]
    assert names(156)[-3:] == ["key", "attempt", "result_place"]
    assert names(196)[-1] == "id"


@pytest.mark.parametrize("cells", [76, 96, 116, 156, 196])
def test_the_columns_of_a_result_leave_nothing_blank_behind_them(cells: int) -> None:
    assert line_cells(title_row(row_layout(cells), UNICODE)) >= cells - 2


@given(st.integers(0, 10**12), st.integers(1, 120), st.sampled_from([UNICODE, ASCII]))
def test_the_books_never_overflow(number: int, width: int, glyphs: Glyphs) -> None:
    books = accounting(sent=number, done=number, failed=0, dead=0, in_flight=0, unsent=number, others_done=number)
    assert line_cells(accounting_line(books, width, glyphs)) <= width
    wrong = accounting(sent=number, wrong="a\x1b[2J\nb" * 9)
    text = line_text(accounting_line(wrong, width, glyphs))
    assert len(text) <= width
    assert text.isprintable()


async def drawn(log: ResultsLog, pilot: Pilot[None]) -> None:
    log.show(seeded_figures())
    await until(lambda: log.size.height > 2, "the log's first layout")
    await pilot.pause()
    log.show(seeded_figures())
    await pilot.pause()


async def test_an_empty_log_says_what_to_do() -> None:
    log, ring = log_of(0)
    async with Host(log).run_test(size=(80, 12)) as pilot:
        log.show(first_figures())
        await pilot.pause()
        assert drawn_lines(log)[1] == "starting"
        log.show(first_figures(link=Link.NO_BROKER, link_detail="start one\x1b[2J"))
        assert drawn_lines(log)[1] == "no broker: start one\\x1b[2J"
        log.show(first_figures(link=Link.CONNECTED))
        assert drawn_lines(log)[1] == nothing_yet(log.cells)
        more(ring, 1)
        log.show(seeded_figures())
        assert shown_rows(log) == [0]


async def test_the_newest_result_is_on_top_and_follows() -> None:
    log, ring = log_of(50)
    async with Host(log).run_test(size=(80, 12)) as pilot:
        await drawn(log, pilot)
        assert shown_rows(log) == [49, 48, 47, 46, 45, 44, 43, 42, 41]
        assert "space hold" in frame_texts(log)[0]
        assert "1289 sent" in frame_texts(log)[1]
        more(ring, 2)
        log.show(seeded_figures())
        assert shown_rows(log)[:3] == [51, 50, 49]


async def test_a_paused_page_stays_until_it_is_let_go_and_counts_what_came() -> None:
    log, ring = log_of(50)
    async with Host(log).run_test(size=(80, 12)) as pilot:
        await drawn(log, pilot)
        log.action_pause()
        before = drawn_lines(log)
        more(ring, 1_500)
        log.show(seeded_figures())
        await pilot.pause()
        assert drawn_lines(log) == before, "though the ring has dropped every one of these rows"
        assert log.new_rows == 1_500
        assert "held +1500 new home to follow" in frame_texts(log)[0]
        log.action_pause()
        assert log.following
        assert shown_rows(log)[0] == 1_549


async def test_scrolling_down_holds_the_page_and_home_follows_again() -> None:
    log, ring = log_of(50)
    async with Host(log).run_test(size=(80, 12)) as pilot:
        await drawn(log, pilot)
        log.focus()
        log.scroll_to(y=2, animate=False)
        await until(lambda: shown_rows(log)[0] == 47, "two rows scrolled")
        more(ring, 5)
        log.show(seeded_figures())
        await pilot.pause()
        assert shown_rows(log)[0] == 47
        assert log.new_rows == 5
        await pilot.press("home")
        await until(lambda: shown_rows(log)[0] == 54, "the newest row")
        assert log.following
        assert log.new_rows == 0


async def test_scrolling_back_to_the_top_follows_too_unless_paused() -> None:
    log, _ = log_of(50)
    async with Host(log).run_test(size=(80, 12)) as pilot:
        await drawn(log, pilot)
        log.focus()
        await pilot.press("down", "up")
        await until(lambda: log.following, "following")
        log.action_pause()
        await pilot.press("down", "up")
        await until(lambda: log.scroll_offset.y == 0, "the top")
        assert not log.following


async def test_end_shows_the_oldest_row_that_is_kept() -> None:
    log, _ = log_of(1_200)
    async with Host(log).run_test(size=(80, 12)) as pilot:
        await drawn(log, pilot)
        log.focus()
        await pilot.press("end")
        await until(lambda: shown_rows(log)[-1] == 200, "the oldest row")


async def test_dropped_rows_are_counted() -> None:
    log, _ = log_of(1_200)
    async with Host(log).run_test(size=(100, 12)) as pilot:
        await drawn(log, pilot)
        assert "200 older dropped" in frame_texts(log)[0]


async def test_a_full_ring_asks_for_no_new_layout() -> None:
    log, ring = log_of(1_000)
    async with Host(log).run_test(size=(80, 12)) as pilot:
        await drawn(log, pilot)
        size = log.virtual_size
        for _ in range(20):
            more(ring, 1_000)
            log.show(seeded_figures())
            assert log.virtual_size == size


async def test_a_growing_log_asks_for_few_new_layouts() -> None:
    log, ring = log_of(0, capacity=100_000)
    async with Host(log).run_test(size=(80, 12)) as pilot:
        await drawn(log, pilot)
        sizes = set()
        for _ in range(200):
            more(ring, 100)
            log.show(seeded_figures())
            sizes.add(log.virtual_size)
        assert len(sizes) <= 20


async def test_only_rows_that_are_seen_are_formatted(monkeypatch: pytest.MonkeyPatch) -> None:
    from tui.dashboard.widgets import results_log

    formatted: list[int] = []

    def counting(row: ReceivedResult, *arguments: object) -> object:
        formatted.append(row.result.offset)
        return result_row(row, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(results_log, "result_row", counting)
    log, ring = log_of(900)
    async with Host(log).run_test(size=(80, 12)) as pilot:
        await drawn(log, pilot)
        formatted.clear()
        more(ring, 10_000)
        log.show(seeded_figures())
        await until(lambda: formatted, "a repaint")
        await pilot.pause()
        drawn_lines(log)
        assert len(formatted) == 9, "each seen row once, the repaint after it takes them from the cache"


async def test_a_resized_log_has_the_columns_of_its_new_width() -> None:
    log, _ = log_of(5)
    async with Host(log).run_test(size=(80, 12)) as pilot:
        await drawn(log, pilot)
        assert "time" in drawn_lines(log)[0]
        await pilot.resize_terminal(40, 12)
        await until(lambda: "time" not in drawn_lines(log)[0], "fewer columns")
        assert all(len(text) <= 36 for text in drawn_lines(log))


async def test_another_theme_recolours_rows_already_drawn() -> None:
    log, _ = log_of(5)
    app = Host(log)
    async with app.run_test(size=(80, 12)) as pilot:
        await drawn(log, pilot)
        before = log.render_line(1)
        app.theme = "kcalc-light"
        await until(lambda: log.render_line(1) != before, "new colours")
        assert log.render_line(1).text == before.text


async def test_a_click_on_the_words_in_the_frame_holds_and_follows() -> None:
    log, _ = log_of(50)
    async with Host(log).run_test(size=(80, 12)) as pilot:
        await drawn(log, pilot)
        await pilot.click(log, offset=(80 - 6, 0))
        await until(lambda: not log.following, "a held page")
        await pilot.pause()
        await pilot.click(log, offset=(80 - 6, 0))
        await until(lambda: log.following, "following")


async def test_a_frame_and_its_texts_have_one_colour_whether_focused_or_not() -> None:
    log, _ = log_of(5)
    async with Host(log).run_test(size=(80, 12)) as pilot:
        await drawn(log, pilot)
        pilot.app.set_focus(None)
        await until(lambda: not log.has_focus, "no focus")
        await until(lambda: len(edge_colours(log)) == 1, "one colour")
        unfocused = edge_colours(log)
        pilot.app.set_focus(log)
        await until(lambda: edge_colours(log) != unfocused, "another colour")
        await until(lambda: len(edge_colours(log)) == 1, "one colour again")


def edge_colours(log: ResultsLog) -> set[object]:
    """The colours of all pieces of border in the upper frame."""
    (top,) = log.render_lines(Region(0, 0, log.outer_size.width, 1))
    return {piece.style.color for piece in top if piece.style and set(piece.text) <= set("╭─╮")}
