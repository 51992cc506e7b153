"""The log has a line for each rebalance at its place in time; it is no row: no key selects, opens or saves it."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from tests.dashboard.fakes import FakeSession
from tests.dashboard.hosting import Host, drawn_lines, frame_texts
from tests.dashboard.logs import log_of, more
from tests.dashboard.seeded import NOON, seeded_figures, seeded_rebalances, seeded_results
from tests.dashboard.shown import opened, screen_text, until
from tui.dashboard.seeking import go_to_time
from tui.dashboard.widgets.results_log import ResultsLog
from tui.ledger.figures import Figures, Rebalance
from tui.ledger.result_filter import parsed

pytestmark = pytest.mark.usefixtures("utc")

SIZE = (80, 12)
"""Nine lines are seen at once."""


def rebalance(at: float, **changes: object) -> Rebalance:
    """client-2 joined, `at` seconds after noon."""
    return replace(seeded_rebalances()[0], at=NOON + at, **changes)


def with_rebalances(*times: float) -> Figures:
    """Rebalances at these times, newest first."""
    return seeded_figures(rebalances=tuple(rebalance(at) for at in times))


def seen(log: ResultsLog) -> Iterator[int | str]:
    """The lines that are seen: rows by their requests, separators as `──`."""
    for text in drawn_lines(log)[1:]:
        if text:
            found = text[10:].split(" ", 1)[0]
            yield found if found == "──" else int(found)


async def ready(log: ResultsLog, pilot: Pilot[None], figures: Figures) -> None:
    await until(lambda: log.size.height > 2, "the log's first layout")
    log.show(figures)
    log.focus()
    await pilot.pause()


async def test_a_rebalance_stands_between_the_results_around_it() -> None:
    log, ring = log_of(6)
    async with Host(log).run_test(size=SIZE) as pilot:
        await ready(log, pilot, with_rebalances(3.5))
        assert list(seen(log)) == [5, 4, "──", 3, 2, 1, 0]
        assert "── g8: client-2 joined · p2 p3 moved" in drawn_lines(log)[3]
        more(ring, 2)
        log.show(with_rebalances(7.5, 3.5))
        assert list(seen(log)) == ["──", 7, 6, 5, 4, "──", 3, 2, 1]


async def test_one_that_grows_is_drawn_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    log, _ = log_of(3)
    async with Host(log).run_test(size=SIZE) as pilot:
        await ready(log, pilot, seeded_figures(rebalances=(rebalance(1.5, stood_still=(), moved=()),)))
        assert "stood still" not in drawn_lines(log)[2]
        painted: list[bool] = []
        monkeypatch.setattr(log, "refresh", lambda **_: painted.append(True))
        log.show(seeded_figures(rebalances=(rebalance(1.5, stood_still=(), moved=()),)))
        assert not painted
        log.show(seeded_figures(rebalances=(rebalance(1.5, stood_still=((0, 4.0),), moved=(), again=2),)))
        assert painted == [True], "though no result came"
        assert "g8: client-2 joined · stood still 4.0 s · ↻ 2" in drawn_lines(log)[2]


async def test_a_log_without_a_result_says_what_to_do() -> None:
    log, _ = log_of(0)
    async with Host(log).run_test(size=SIZE) as pilot:
        await ready(log, pilot, with_rebalances(1))
        assert [text for text in drawn_lines(log)[2:] if text] == []


async def test_arrows_step_over_a_separator() -> None:
    log, _ = log_of(6)
    async with Host(log).run_test(size=SIZE) as pilot:
        await ready(log, pilot, with_rebalances(4.5, 4.2))
        await pilot.press("down", "down")
        assert log.selected == 4
        assert log.render_line(4).text.startswith("12:01:11  4 + 0")
        assert log.render_line(4) != log.render_line(5)
        await pilot.press("up")
        assert log.selected == 5


async def test_pages_leave_no_line_unseen() -> None:
    log, _ = log_of(60)
    async with Host(log).run_test(size=SIZE) as pilot:
        await ready(log, pilot, with_rebalances(58.5, 50.5, 40.5, 40.4, 20.5))
        met: list[tuple[int, int | str]] = []
        await pilot.press("down")
        for _ in range(12):
            top = log.scroll_offset.y
            met += [(top + y, what) for y, what in enumerate(seen(log)) if (top + y, what) not in met]
            await pilot.press("pagedown")
        assert [line for line, _ in met] == list(range(65))
        assert log.selected == 0
        for _ in range(12):
            await pilot.press("pageup")
        assert log.following


async def test_the_end_shows_what_is_below_the_oldest_row() -> None:
    log, _ = log_of(60)
    async with Host(log).run_test(size=SIZE) as pilot:
        await ready(log, pilot, with_rebalances(-1, -2))
        await pilot.press("end")
        assert log.selected == 0
        await until(lambda: list(seen(log))[-3:] == [0, "──", "──"], "the separators below all rows")


async def test_a_click_selects_the_row_below_a_separator_and_on_the_separator_nothing() -> None:
    log, _ = log_of(6)
    async with Host(log).run_test(size=SIZE) as pilot:
        await ready(log, pilot, with_rebalances(4.5))
        await pilot.click(log, offset=(20, 3), times=2)
        assert (log.selected, log.following) == (None, True)
        await pilot.click(log, offset=(20, 4))
        assert log.selected == 4


async def test_a_held_page_stays_when_rebalances_and_results_come() -> None:
    log, ring = log_of(30, capacity=100)
    async with Host(log).run_test(size=SIZE) as pilot:
        await ready(log, pilot, with_rebalances(27.5))
        await pilot.press("down")
        before = drawn_lines(log)
        log.show(with_rebalances(29.5, 27.5))
        more(ring, 300)
        log.show(with_rebalances(329.5, 29.5, 27.5))
        await pilot.pause()
        assert drawn_lines(log) == before
        assert "+300 new home to follow" in frame_texts(log)[0]
        await pilot.press("home")
        await until(lambda: list(seen(log))[:2] == ["──", 329], "the newest")


async def test_going_to_a_time_and_scrolling_count_separators_in() -> None:
    log, _ = log_of(60)
    async with Host(log).run_test(size=SIZE) as pilot:
        await ready(log, pilot, with_rebalances(50.5, 40.5, 38.5))
        assert go_to_time(log, NOON + 40) == ""
        await until(lambda: list(seen(log))[:4] == [40, 39, "──", 38], "the time")
        assert log.selected == 40
        log.scroll_to(y=18, animate=False)
        await until(lambda: list(seen(log))[:4] == [42, 41, "──", 40], "three lines above")


async def test_between_matching_rows_separators_stand_by_position() -> None:
    log, ring = log_of(40)
    async with Host(log).run_test(size=SIZE) as pilot:
        await ready(log, pilot, with_rebalances(30.5))
        log.want(parsed("7"))
        log.show(with_rebalances(30.5))
        assert list(seen(log)) == [37, "──", 27, 17, 7]
        await pilot.press("down", "down")
        assert log.selected == 2
        more(ring, 8)
        log.want(None)
        assert next(seen(log)) == 47


async def test_a_log_that_drops_rows_asks_for_no_new_layout_when_separators_go_too() -> None:
    log, ring = log_of(1_000)
    async with Host(log).run_test(size=SIZE) as pilot:
        await ready(log, pilot, with_rebalances(999.5, 600.5, 200.5))
        size = log.virtual_size
        for _ in range(20):
            more(ring, 100)
            log.show(with_rebalances(999.5, 600.5, 200.5))
            assert log.virtual_size == size


async def test_the_row_below_a_separator_is_the_one_that_is_copied(session: FakeSession) -> None:
    session.results.extend(seeded_results())
    async with opened(session) as (app, pilot):
        app.tick()
        await until(lambda: "── g7 → g8: client-2 joined" in screen_text(app))
        await pilot.press("escape", "down", "down", "down", "down", "c")
        await until(lambda: app.clipboard.startswith("12:01:05  7 − 9 = −2"))
