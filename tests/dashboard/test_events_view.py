"""The view "events": every rebalance with its cause and its cost, reached and left by keys, clicks and commands."""

import pytest
from msgspec.structs import replace

from tests.dashboard.fakes import FakeSession
from tests.dashboard.seeded import NOON, first_figures, seeded_figures, seeded_rebalances
from tests.dashboard.shown import opened, screen_text, until
from tui.dashboard.app import KcalcApp
from tui.dashboard.glyphs import ASCII, UNICODE
from tui.dashboard.widgets.drawing import line_cells, line_text
from tui.dashboard.widgets.rebalance_lines import rebalance_lines
from tui.dashboard.widgets.rebalance_log import RebalanceLog
from tui.ledger.figures import Handover, Rebalance


def text_of(entry: Rebalance, cells: int = 76) -> list[str]:
    return [line_text(line).rstrip() for line in rebalance_lines(entry, cells, UNICODE)]


def test_an_entry_says_when_why_what_moved_and_how_long_each_partition_stood_still() -> None:
    assert text_of(seeded_rebalances()[0]) == [
        "g8  12:01:05  client-2 joined                              stood still 1.8 s",
        "    moved p2 p3   client-0 p0 p2 → p0 p3   client-2 – → p2",
        "    stood still   p0 300 ms   p2 1.8 s   p3 1.1 s",
    ]


def test_a_member_without_a_partition_is_told_from_one_that_is_none() -> None:
    handovers = (Handover("client-1", (1,), ()), Handover("client-4", None, ()), Handover("client-5", (), None))
    (_, moved) = text_of(replace(seeded_rebalances()[2], moved=(), handovers=handovers))
    assert moved == "    client-1 p1 → none   client-4 – → none   client-5 none → –"


def test_what_is_not_known_or_did_not_happen_is_not_a_number() -> None:
    unknown = replace(seeded_rebalances()[2], generation=None)
    assert text_of(unknown) == [
        "g?  12:00:30  client-1 lost                              nothing waited  ↻ 2",
        "    moved p1   client-1 p1 → –",
    ]


def test_a_long_cause_is_said_to_its_end_and_its_cost_gives_way() -> None:
    lost = replace(
        seeded_rebalances()[2], cause="client-1 lost: no heartbeat for 10.2 s (killed by you)", stood_still=((1, 10.0),)
    )
    assert text_of(lost) == [
        "g6  12:00:30  client-1 lost: no heartbeat for 10.2 s (killed by you)",
        "    stood still 10 s  ↻ 2   moved p1   client-1 p1 → –",
    ]
    assert text_of(lost, 38) == [
        "g6  12:00:30  client-1 lost: no",
        "    heartbeat for 10.2 s (killed by",
        "    you)",
        "    stood still 10 s  ↻ 2   moved p1",
        "    client-1 p1 → –",
    ]


@pytest.mark.parametrize("cells", [20, 34, 40, 76, 116, 196])
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_no_line_is_longer_than_the_window(cells: int, glyphs: object) -> None:
    handovers = tuple(
        Handover(f"client-{number}-with-a-long-name\x1b[2J", tuple(range(number)), tuple(range(40)))
        for number in range(9)
    )
    entry = Rebalance(NOON, 12_345, "x" * 300, handovers, tuple(range(300)), tuple((n, 1.5) for n in range(99)), 7)
    assert isinstance(glyphs, type(UNICODE))
    lines = rebalance_lines(entry, cells, glyphs)
    assert max(line_cells(line) for line in lines) <= cells
    assert "\x1b" not in "".join(line_text(line) for line in lines)


async def shown_log(app: KcalcApp) -> RebalanceLog:
    """The log once it is on the screen."""
    await until(lambda: app.screen.query(RebalanceLog))
    return app.screen.query_one(RebalanceLog)


async def test_a_key_opens_it_and_another_one_leads_back(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        await pilot.press("escape", "3")
        await until(lambda: "client-1 restarted" in screen_text(app))
        assert "stood still 1.8 s" in screen_text(app)
        await pilot.press("1")
        await until(lambda: "Partition ▸ worker" in screen_text(app))
        await pilot.press("3")
        await until(lambda: "client-1 restarted" in screen_text(app))
        await pilot.press("escape")
        await until(lambda: "Partition ▸ worker" in screen_text(app))


async def test_the_form_is_one_key_away_and_digits_in_it_are_digits(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        await pilot.press("escape", "3")
        await until(lambda: "client-1 restarted" in screen_text(app))
        await pilot.press("f2", "3", "tab", "tab", "1", "enter")
        await until(lambda: [(sent.x, sent.y) for sent in session.sent] == [("3", "1")])


async def test_before_any_rebalance_it_says_how_to_see_one(session: FakeSession) -> None:
    session.ledger.current = first_figures()
    async with opened(session) as (app, pilot):
        await pilot.press("escape", "3")
        await until(lambda: "no rebalance yet" in screen_text(app))


async def test_flapping_is_said_in_the_frame(session: FakeSession) -> None:
    session.ledger.current = seeded_figures(flapping=5)
    async with opened(session) as (app, pilot):
        await pilot.press("escape", "3")
        await until(lambda: "flapping: 5 within a minute" in screen_text(app))


def rows(app: KcalcApp) -> list[str]:
    """Some lines in the middle, without the scroll bar."""
    return [line[:77] for line in screen_text(app).splitlines()[6:20]]


async def test_a_page_that_was_scrolled_does_not_move_when_another_one_comes(session: FakeSession) -> None:
    many = seeded_rebalances() * 10
    session.ledger.current = seeded_figures(rebalances=many)
    async with opened(session) as (app, pilot):
        await pilot.press("escape", "3")
        log = await shown_log(app)
        await pilot.press("pagedown")
        await until(lambda: log.scroll_offset.y)
        before, place = rows(app), log.scroll_offset.y
        session.ledger.current = seeded_figures(rebalances=(replace(many[0], generation=9), *many))
        app.tick()
        await until(lambda: log.scroll_offset.y > place)
        await pilot.pause()
        assert rows(app) == before
