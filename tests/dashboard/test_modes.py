"""Read-only and production: what is said, what is not offered, what is refused, and what asks for a name."""

from collections.abc import Callable

import pytest
from textual.widgets import Input

from tests.dashboard.contrast import contrast
from tests.dashboard.fakes import FakeLedger, FakeSession
from tests.dashboard.seeded import first_figures, seeded_figures, worker
from tests.dashboard.shown import opened, screen_text, until
from tui.dashboard import keys
from tui.dashboard.app import KcalcApp
from tui.dashboard.commands import every_command
from tui.dashboard.screens.confirm_by_name import ConfirmByName
from tui.dashboard.widgets.form_requests import Submission
from tui.dashboard.widgets.profile_bar import COLOURS
from tui.dashboard.widgets.request_form import RequestForm
from tui.dashboard.widgets.worker_requests import StopRequested
from tui.events import Link
from tui.settings import DashboardSettings, KafkaSettings, Profile, Settings

SIZES = [(40, 12), (80, 24), (120, 40), (160, 45)]


def only_looking() -> FakeSession:
    return FakeSession(settings=Settings(kafka=KafkaSettings(read_only=True)))


def with_profile(profile: Profile, **dashboard: str) -> FakeSession:
    return FakeSession(settings=Settings(profile=profile, dashboard=DashboardSettings(**dashboard)))  # type: ignore[arg-type]


PRODUCTION = Profile("prod", production=True)


# Read-only


@pytest.mark.parametrize("size", SIZES)
async def test_the_header_says_read_only_at_every_size(size: tuple[int, int]) -> None:
    async with opened(only_looking(), size) as (app, pilot):
        app.tick()
        await pilot.pause()
        assert "read-only" in screen_text(app).splitlines()[0]


async def test_read_only_there_is_no_form_and_the_results_have_the_focus() -> None:
    async with opened(only_looking(), (120, 40)) as (app, _):
        assert not app.screen.query(RequestForm)
        assert app.focused is not None
        assert app.focused.id == "results"


async def test_read_only_no_key_command_or_hint_is_offered_that_writes() -> None:
    session = only_looking()
    session.ledger.current = first_figures(link=Link.CONNECTED, group_state="Empty")
    async with opened(session, (160, 45)) as (app, pilot):
        app.tick()
        await pilot.pause()
        text = screen_text(app)
        for words in ("add worker", "w to add", "repeat", "f2", "press Enter", "Send"):
            assert words not in text
        assert "no workers in the group" in text
        names = [command.name for command in every_command(app)]
        assert "Filter the results" in names
        assert not {"Add a worker", "Repeat the last request"} & set(names)
        await pilot.press("question_mark")
        await until(lambda: "Keys" in screen_text(app))
        assert "Start one more worker" not in screen_text(app)
        assert "Why it is so, and what helps" in screen_text(app)


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (lambda app: app.wishes.add_worker(), "read-only: no worker is started"),
        (lambda app: app.wishes.repeat(), "read-only: no request is sent"),
        (lambda app: app.wishes.send(Submission("1", "sum", "2", 1, None, None)), "read-only: no request is sent"),
        (lambda app: app.wishes.stop_worker("client-0"), "read-only: cannot stop client-0"),
        (lambda app: app.action_focus_form(), "read-only: no request is sent"),
    ],
)
async def test_read_only_every_wish_is_refused_in_words(wish: Callable[[KcalcApp], None], said: str) -> None:
    session = only_looking()
    async with opened(session) as (app, _):
        wish(app)
        await until(lambda: said in screen_text(app))
        assert session.calls == ["start"]


def test_what_writes_is_not_among_the_keys_offered() -> None:
    every = keys.effective({})
    offered = keys.offered(every, read_only=True)
    assert keys.offered(every, read_only=False) == every
    assert {key.id for key in keys.KEYS if key.writes} == every.keys() - offered.keys()
    assert {"form", "send", "add_worker", "repeat"} <= every.keys() - offered.keys()


# Production


@pytest.mark.parametrize("size", SIZES)
async def test_production_is_said_in_words_on_a_bar_above_everything(size: tuple[int, int]) -> None:
    async with opened(with_profile(PRODUCTION), size) as (app, pilot):
        app.tick()
        await pilot.press("escape", "3")
        for _ in range(2):
            first, second, *_ = screen_text(app).splitlines()
            assert "PRODUCTION  prod" in first
            assert "kcalc" in second
            await pilot.press("1")


async def test_another_profile_has_its_name_in_the_header_and_no_bar() -> None:
    async with opened(with_profile(Profile("staging")), (120, 40)) as (app, pilot):
        app.tick()
        await pilot.pause()
        assert "profile staging" in screen_text(app).splitlines()[0]
        assert "PRODUCTION" not in screen_text(app)


@pytest.mark.parametrize("theme", ["kcalc-dark", "kcalc-light", "ansi-dark", "ansi-light"])
@pytest.mark.parametrize("colour", COLOURS)
async def test_the_bar_has_the_profile_s_colour_in_every_kind_of_theme(theme: str, colour: str) -> None:
    profile = Profile("prod", True, colour)  # type: ignore[arg-type]
    async with opened(with_profile(profile, theme=theme)) as (app, _):
        bar = app.screen.query_one(".profile-bar")
        sixteen = theme.startswith("ansi")
        assert (bar.styles.background.ansi is not None) == sixteen
        if not sixteen:
            assert bar.styles.background.hex.lower() == COLOURS[colour][0]
            assert contrast(COLOURS[colour][0], "#ffffff") >= 4.5


async def test_in_production_stopping_a_worker_asks_for_the_profile_s_name() -> None:
    session = with_profile(PRODUCTION)
    async with opened(session) as (app, pilot):
        app.screen.post_message(StopRequested("client-0"))
        await until(lambda: "Stop client-0." in screen_text(app))
        assert "Type prod to do it" in screen_text(app)
        await pilot.press(*"Prod", "enter")
        await until(lambda: "that is not prod: nothing was done" in screen_text(app))
        assert session.calls == ["start"]
        app.screen.query_one(Input).value = ""
        await pilot.press(*"prod", "enter")
        await until(lambda: session.calls == ["start", "stop_worker client-0"])
        assert not isinstance(app.screen, ConfirmByName)


async def test_leaving_the_box_does_nothing() -> None:
    session = with_profile(PRODUCTION)
    async with opened(session) as (app, pilot):
        app.wishes.stop_worker("client-0")
        await until(lambda: app.focused is not None and app.focused.id == "confirm-name")
        await pilot.press(*"prod", "escape")
        await until(lambda: not isinstance(app.screen, ConfirmByName))
        await pilot.pause()
        assert session.calls == ["start"]


async def test_in_production_what_harms_nobody_is_done_at_once() -> None:
    session = with_profile(PRODUCTION)
    session.ledger = FakeLedger(seeded_figures(workers=(worker("client-0"),)))
    async with opened(session) as (app, _):
        app.wishes.pause_worker("client-0")
        app.wishes.add_worker()
        await until(lambda: session.calls == ["start", "pause_worker client-0", "add_worker"])


@pytest.mark.parametrize("profile", [Profile(), Profile("dev")])
async def test_outside_production_what_destroys_is_done_at_once(profile: Profile) -> None:
    session = with_profile(profile)
    async with opened(session) as (app, _):
        app.wishes.stop_worker("client-0")
        await until(lambda: session.calls == ["start", "stop_worker client-0"])
        assert not isinstance(app.screen, ConfirmByName)


async def test_the_words_and_the_name_of_the_box_are_text() -> None:
    async with opened(with_profile(Profile("[red]" + "y" * 200, production=True))) as (app, _):
        app.wishes.destroy("delete [bold]\x1b[2J" + "x" * 300, lambda: None)
        await until(lambda: "[red]" in screen_text(app))
        assert "[bold]" in screen_text(app)
        assert "\x1b" not in screen_text(app)


async def test_the_field_of_the_box_is_seen_in_the_smallest_window() -> None:
    async with opened(with_profile(PRODUCTION), (40, 12)) as (app, pilot):
        app.wishes.destroy("delete " + "x" * 300, lambda: None)
        await until(lambda: app.focused is not None and app.focused.id == "confirm-name")
        await pilot.press(*"wrong", "enter")
        await until(lambda: "that is not prod" in screen_text(app))


@pytest.mark.parametrize("key", ["m", "a"])
async def test_read_only_no_box_asks_how_to_change_a_topic(key: str) -> None:
    async with opened(only_looking(), (80, 24)) as (app, pilot):
        await pilot.press("escape", "5")
        await until(lambda: "kcalc.requests" in screen_text(app))
        await pilot.press(key)
        await until(lambda: "read-only: no topic is changed" in screen_text(app))
        assert not app.screen.query(Input)


@pytest.mark.parametrize(
    ("wish", "called"),
    [
        (lambda app: app.wishes.kill_worker("client-1"), "kill_worker"),
        (lambda app: app.wishes.restart_worker("client-1"), "restart_worker"),
        (lambda app: app.wishes.slow_worker("client-1", 0.2), "slow_worker"),
    ],
)
async def test_in_production_a_worker_is_harmed_only_after_the_name_was_typed(
    wish: Callable[[KcalcApp], None], called: str
) -> None:
    session = with_profile(PRODUCTION)
    async with opened(session, (80, 24)) as (app, pilot):
        wish(app)
        await until(lambda: app.focused is not None and app.focused.id == "confirm-name")
        assert session.calls == ["start"]
        await pilot.press(*"prod", "enter")
        await until(lambda: session.calls[1:] and session.calls[1].startswith(called))
