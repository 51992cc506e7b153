"""The log shows the newest results on top, holds still for a reader and counts what it does not show."""

import pytest
from textual.geometry import Region
from textual.pilot import Pilot

from tests.dashboard.fakes import FakeSession
from tests.dashboard.hosting import Host, drawn_lines, frame_texts
from tests.dashboard.logs import log_of, more, shown_rows
from tests.dashboard.seeded import first_figures, received, seeded_figures, seeded_results
from tests.dashboard.shown import opened, until
from tui.calc.operations import Operations
from tui.dashboard.glyphs import UNICODE
from tui.dashboard.widgets.key_hints import nothing_yet
from tui.dashboard.widgets.result_rows import result_row
from tui.dashboard.widgets.results_log import ResultsLog
from tui.events import Link, ReceivedResult
from tui.ledger.ring import ResultRing

pytestmark = pytest.mark.usefixtures("utc")


OPERATIONS = Operations.standard()


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
