"""One row of the log can be selected, opened and copied, by keys and mouse; the page holds still meanwhile."""

import pytest
from textual.pilot import Pilot

from tests.dashboard.fakes import FakeSession
from tests.dashboard.hosting import Host, drawn_lines, frame_texts
from tests.dashboard.logs import log_of, more, shown_rows
from tests.dashboard.seeded import received, seeded_figures, seeded_results
from tests.dashboard.shown import opened, screen_text, until
from tui.calc.messages import ResultError
from tui.calc.operations import Operations
from tui.dashboard.glyphs import ASCII, UNICODE
from tui.dashboard.screens.trace import TraceScreen
from tui.dashboard.widgets.result_rows import row_text
from tui.dashboard.widgets.results_log import ResultsLog
from tui.ledger.result_filter import parsed

OPERATIONS = Operations.standard()
SIZE = (80, 12)
"""Nine rows are seen at once."""


pytestmark = pytest.mark.usefixtures("utc")


async def ready(log: ResultsLog, pilot: Pilot[None]) -> None:
    await until(lambda: log.size.height > 2, "the log's first layout")
    log.show(seeded_figures())
    log.focus()
    await pilot.pause()


async def test_arrows_select_from_the_top_down_and_letting_go_at_the_top_follows() -> None:
    log, ring = log_of(50)
    async with Host(log).run_test(size=SIZE) as pilot:
        await ready(log, pilot)
        await pilot.press("up")
        assert log.following
        await pilot.press("down")
        assert log.selected == 49
        await pilot.press("down", "down", "up")
        assert log.selected == 48
        more(ring, 7)
        log.show(seeded_figures())
        assert shown_rows(log) == list(range(49, 40, -1)), "new rows do not move the page"
        assert "+7 new home to follow" in frame_texts(log)[0]
        await pilot.press("up", "up")
        assert log.following
        assert log.selected is None
        assert shown_rows(log)[0] == 56


async def test_the_page_moves_only_as_far_as_the_selected_row_needs() -> None:
    log, _ = log_of(50)
    async with Host(log).run_test(size=SIZE) as pilot:
        await ready(log, pilot)
        await pilot.press(*["down"] * 9)
        assert (log.selected, shown_rows(log)[0]) == (41, 49)
        await pilot.press("down")
        assert (log.selected, shown_rows(log)) == (40, list(range(48, 39, -1)))
        await pilot.press(*["up"] * 8)
        assert (log.selected, shown_rows(log)[0]) == (48, 48)
        await pilot.press("up")
        assert (log.selected, shown_rows(log)[0]) == (49, 49)


async def test_pages_and_the_end_move_it_and_home_follows_again() -> None:
    log, _ = log_of(50)
    async with Host(log).run_test(size=SIZE) as pilot:
        await ready(log, pilot)
        await pilot.press("pagedown")
        assert log.selected == 40
        await pilot.press("pagedown", "pagedown", "pageup")
        assert log.selected == 31
        await pilot.press("end")
        assert (log.selected, shown_rows(log)[-1]) == (0, 0)
        await pilot.press("down", "pagedown")
        assert log.selected == 0
        await pilot.press("home")
        assert log.following
        assert log.selected is None


async def test_a_selected_row_stays_when_the_ring_turns_over() -> None:
    log, ring = log_of(50, capacity=100)
    async with Host(log).run_test(size=SIZE) as pilot:
        await ready(log, pilot)
        await pilot.press("down", "down")
        before = drawn_lines(log)
        more(ring, 5_000)
        log.show(seeded_figures())
        await pilot.press("down")
        assert (log.selected, drawn_lines(log)) == (47, before)


async def test_scrolling_back_to_the_top_keeps_a_selected_row_and_its_page() -> None:
    log, _ = log_of(50)
    async with Host(log).run_test(size=SIZE) as pilot:
        await ready(log, pilot)
        await pilot.press("pagedown", "pagedown")
        log.scroll_to(y=0, animate=False)
        await pilot.pause()
        assert not log.following
        assert log.selected == 31


async def test_in_an_empty_log_nothing_can_be_selected_and_nothing_is_held() -> None:
    log, ring = log_of(0)
    async with Host(log).run_test(size=SIZE) as pilot:
        await ready(log, pilot)
        await pilot.press("down", "pagedown", "up", "end", "enter", "c")
        assert log.selected is None
        more(ring, 1)
        log.show(seeded_figures())
        assert shown_rows(log) == [0]


async def test_a_click_selects_the_row_under_it_and_no_other_place_does() -> None:
    log, _ = log_of(5)
    async with Host(log).run_test(size=SIZE) as pilot:
        await ready(log, pilot)
        await pilot.click(log, offset=(20, 1))
        await pilot.click(log, offset=(20, 9))
        assert log.selected is None
        await pilot.click(log, offset=(20, 4))
        assert log.selected == 2


async def test_the_rows_of_a_filter_can_be_selected_and_another_filter_selects_none() -> None:
    log, _ = log_of(50)
    async with Host(log).run_test(size=SIZE) as pilot:
        await ready(log, pilot)
        log.want(parsed("7"))
        log.show(seeded_figures())
        await pilot.press("down", "down")
        assert shown_rows(log) == [47, 37, 27, 17, 7]
        assert log.selected == 3, "the matches have numbers of their own"
        log.want(None)
        assert log.following
        assert log.selected is None


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
async def test_the_selected_row_has_a_sign_before_it(session: FakeSession, glyphs: object) -> None:
    session.results.extend(seeded_results())
    async with opened(session) as (app, pilot):
        log = app.screen.query_one(ResultsLog)
        log.glyphs = glyphs  # type: ignore[assignment]
        app.tick()
        await pilot.press("escape", "down", "down", "down")
        sign = log.glyphs.cursor
        await until(lambda: f"│{sign}12:01:06  8 " in screen_text(app))
        assert screen_text(app).count(f"│{sign}") == 1
        await pilot.press("home")
        await until(lambda: f"│{sign}" not in screen_text(app))


async def test_a_double_click_opens_the_row(session: FakeSession) -> None:
    session.results.extend(seeded_results())
    async with opened(session) as (app, pilot):
        app.tick()
        await pilot.pause()
        await pilot.click(ResultsLog, offset=(20, 4), times=2)
        await until(lambda: isinstance(app.screen, TraceScreen))
        assert "8 × 8" in screen_text(app)


async def test_open_and_copy_are_offered_while_a_row_is_selected(session: FakeSession) -> None:
    session.results.extend(seeded_results())
    async with opened(session, (220, 40)) as (app, pilot):
        app.tick()
        await pilot.press("escape", "enter", "c")
        assert (app.clipboard, "⏎ open" in screen_text(app)) == ("", False)
        await pilot.press("down")
        await until(lambda: "⏎ open  c copy" in screen_text(app))
        await pilot.press("home")
        await until(lambda: "⏎ open" not in screen_text(app))


async def test_a_row_is_copied_as_text_and_a_toast_says_so(session: FakeSession) -> None:
    session.results.extend(seeded_results())
    async with opened(session) as (app, pilot):
        app.tick()
        await pilot.press("escape", "down", "down", "down", "c")
        await until(lambda: app.clipboard)
        assert app.clipboard == (
            "12:01:06  8 × 8 = 64  client-1  p1@376  attempt 1  wait 880 ms  run 81 ms  id 5eed5eed-376"
        )
        await until(lambda: "copied: 12:01:06  8 × 8 = 64" in screen_text(app))


async def test_without_a_selected_row_the_commands_say_what_to_do(session: FakeSession) -> None:
    session.results.extend(seeded_results())
    async with opened(session) as (app, pilot):
        app.copy_result()
        await until(lambda: "select a result first" in screen_text(app))
        await pilot.press("escape", "down")
        app.trace_result()
        await until(lambda: isinstance(app.screen, TraceScreen))


def test_what_is_copied_is_whole_and_does_nothing_where_it_is_pasted() -> None:
    long = "9" * 3_000
    text = row_text(received(long, "sum", "1", long, client_id="a\nrm -rf"), OPERATIONS, UNICODE)
    assert text.count(long) == 2
    assert text.isprintable()
    wrong = received("12", "div", "0", None, error=ResultError("any", "bad\x1b[2J\n"))
    assert "12 ÷ 0  ✖ bad\\x1b[2J\\n" in row_text(wrong, OPERATIONS, UNICODE).replace("0 ✖", "0  ✖")
