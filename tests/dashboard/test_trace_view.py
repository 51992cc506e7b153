"""The trace of one request on the screen: its steps, and its records as Kafka keeps them."""

import asyncio

import pytest
from msgspec.structs import replace

from tests.dashboard.fakes import FakeSession
from tests.dashboard.seeded import NOON, seeded_figures, seeded_rebalances, seeded_results
from tests.dashboard.shown import opened, screen_text, until
from tests.dashboard.traces import OPEN, again, remembered
from tui.clients.look_up import Looked
from tui.clients.refusals import LookUpFailed
from tui.dashboard.screens.trace import TraceScreen

pytestmark = pytest.mark.usefixtures("utc")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_enter_shows_the_steps_and_both_records(session: FakeSession, size: tuple[int, int]) -> None:
    async with opened(remembered(session), size) as (app, pilot):
        app.tick()
        await pilot.press(*OPEN)
        await until(lambda: "Trace of 8 × 8 = 64" in screen_text(app))
        await until(lambda: "traceparent" in screen_text(app) and "00 ff" in screen_text(app))
        shown = screen_text(app)
        for words in ("+4 ms", "by client-1, attempt 1", "request p1@376", "result p1@376", "key a"):
            assert words in shown
        await pilot.press("escape")
        await until(lambda: "Trace of" not in screen_text(app))
        await pilot.press("enter")
        await until(lambda: "Trace of" in screen_text(app))
        await pilot.press("enter")
        await until(lambda: "Trace of" not in screen_text(app))


async def test_a_record_that_is_gone_or_cannot_be_read_says_so(session: FakeSession) -> None:
    session.results.extend(seeded_results())
    async with opened(session) as (app, pilot):
        app.tick()
        await pilot.press(*OPEN)
        await until(lambda: "kcalc.requests keeps it no longer" in screen_text(app))
        assert "no value" not in screen_text(app)
        await pilot.press("escape")
        session.fails["look_up"] = LookUpFailed("no permission: READ on topic kcalc.results\x1b[2J")
        await pilot.press("enter")
        await until(lambda: "could not be read: no permission: READ" in screen_text(app))


@pytest.mark.parametrize("topic", ["kcalc.requests", "kcalc.results"])
async def test_a_record_of_a_topic_that_was_made_anew_is_not_shown_as_this_one(
    session: FakeSession, topic: str
) -> None:
    remembered(session).records[topic, 1, 376] = Looked(b"a", b'{"id":"other","operator_1":"1"}', (), NOON)
    async with opened(session) as (app, pilot):
        app.tick()
        await pilot.press(*OPEN)
        await until(lambda: f"p1@376: {topic} was made anew since" in screen_text(app))
        assert "other" not in screen_text(app).replace("another", "")


async def test_an_answer_that_comes_while_it_is_open_is_added_with_its_rebalance(session: FakeSession) -> None:
    async with opened(remembered(session), (120, 40)) as (app, pilot):
        app.tick()
        await pilot.press(*OPEN)
        await until(lambda: "Trace of 8 × 8" in screen_text(app))
        assert "↻ again" not in screen_text(app)
        session.results.extend([replace(again(), result_offset=377)])
        await until(lambda: "another worker began where the one before had committed" in screen_text(app))
        seen = replace(seeded_rebalances()[2], at=NOON + 9.5, generation=9, moved=(1,))
        session.ledger.current = seeded_figures(rebalances=(seen, *seeded_rebalances()))
        app.tick()
        await until(lambda: "because of g9 at 12:01:16: client-1 lost" in screen_text(app))


async def test_a_slow_broker_delays_no_key(session: FakeSession, monkeypatch: pytest.MonkeyPatch) -> None:
    never = asyncio.Event()

    async def stuck(topic: str, partition: int, offset: int) -> None:
        await never.wait()

    monkeypatch.setattr(session, "look_up", stuck)
    session.results.extend(seeded_results())
    async with opened(session) as (app, pilot):
        app.tick()
        await pilot.press(*OPEN)
        await until(lambda: "being read from kcalc.requests" in screen_text(app))
        await pilot.press("escape")
        await until(lambda: not isinstance(app.screen, TraceScreen))


async def test_in_a_small_window_all_of_it_can_be_scrolled_to(session: FakeSession) -> None:
    async with opened(remembered(session), (40, 12)) as (app, pilot):
        app.tick()
        await pilot.press(*OPEN)
        await until(lambda: "sent" in screen_text(app) and isinstance(app.screen, TraceScreen))
        await until(lambda: app.screen.query_one("#trace-box").max_scroll_y > 5)
        await pilot.press("end")
        await until(lambda: "result p1@376" in screen_text(app))
