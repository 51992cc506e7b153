"""Keys that come at one go, also before the form is there, mean what they mean one by one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual import events
from textual.app import App
from textual.keys import key_to_character

from tests.dashboard.fakes import FakeSession, Sent
from tests.dashboard.seeded import NOON
from tests.dashboard.shown import form, opened, until
from tui.dashboard.app import KcalcApp
from tui.dashboard.glyphs import UNICODE
from tui.dashboard.keys_in_turn import MOST_WAITING, KeysInTurn
from tui.dashboard.screens.cluster import ClusterView
from tui.dashboard.screens.live import LiveScreen


@asynccontextmanager
async def typed_early(session: FakeSession, monkeypatch: pytest.MonkeyPatch, *keys: str) -> AsyncIterator[KcalcApp]:
    """The dashboard, at whose start these keys came at one go while its form was still being made."""
    complete, typed = LiveScreen.complete, asyncio.Event()

    async def complete_after_typing(screen: LiveScreen) -> None:
        await typed.wait()
        await complete(screen)

    monkeypatch.setattr(LiveScreen, "complete", complete_after_typing)
    app = KcalcApp(session, clock=lambda: NOON, glyphs=UNICODE, ticking=False)
    running = asyncio.create_task(app.run_async(headless=True, size=(80, 24)))
    await until(lambda: app.is_running and isinstance(app.screen, LiveScreen))
    type_at_one_go(app, *keys)
    typed.set()
    try:
        yield app
    finally:
        app.exit()
        await running


def type_at_one_go(app: KcalcApp, *keys: str) -> None:
    for key in keys:
        app.post_message(events.Key(key, key_to_character(key)))


def x_of(app: KcalcApp) -> str:
    return form(app).query_one("#x").value  # type: ignore[attr-defined, no-any-return]


async def test_a_request_that_is_typed_before_the_form_is_there_is_sent(
    session: FakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with typed_early(session, monkeypatch, "6", "tab", "asterisk", "tab", "7", "enter"):
        await until(lambda: session.sent)
        assert session.sent == [Sent("6", "mul", "7", 1, None, None)]


async def test_a_digit_behind_escape_shows_a_view(session: FakeSession, monkeypatch: pytest.MonkeyPatch) -> None:
    async with typed_early(session, monkeypatch, "escape", "5") as app:
        await until(lambda: isinstance(app.screen, ClusterView))
        assert x_of(app) == ""


async def test_letters_behind_escape_act_and_those_behind_f2_are_typed(
    session: FakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with typed_early(session, monkeypatch, "1", "escape", "w", "3", "escape", "f2", "4", "2") as app:
        await until(lambda: "add_worker" in session.calls)
        await until(lambda: x_of(app) == "42")
        assert len(app.screen_stack) == 1


async def test_what_is_typed_while_it_is_replayed_waits_its_turn(
    session: FakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with typed_early(session, monkeypatch, "1", "2", "3") as app:
        await until(lambda: bool(app.screen.query("#x")) and x_of(app) != "")
        app.post_message(events.Key("4", "4"))
        await until(lambda: x_of(app) == "1234")


async def test_more_than_anybody_types_is_not_kept() -> None:
    async def handle(event: events.Event) -> None:
        raise AssertionError("nothing is handled before it is asked for")

    in_turn = KeysInTurn(App(), handle)
    assert all(in_turn.take(events.Key("1", "1")) for _ in range(MOST_WAITING + 10))
    assert in_turn.waiting == MOST_WAITING


async def test_a_request_typed_at_one_go_is_the_one_that_is_sent(session: FakeSession) -> None:
    async with opened(session) as (app, _):
        type_at_one_go(app, "3", "tab", "tab", "4", "enter")
        await until(lambda: session.sent)
        assert session.sent == [Sent("3", "sum", "4", 1, None, None)]


async def test_what_is_typed_behind_a_key_that_opens_a_box_goes_into_the_box(session: FakeSession) -> None:
    async with opened(session, (120, 40)) as (app, _):
        type_at_one_go(app, "escape", "2", "z", "ctrl+u", "1", "5", "0", "enter")
        await until(lambda: "slow_worker client-0 0.15" in session.calls)
        type_at_one_go(app, "f2", "8", "tab", "tab", "9", "enter", "escape", "5")
        await until(lambda: isinstance(app.screen, ClusterView))
        assert session.sent == [Sent("8", "sum", "9", 1, None, None)]
