"""The life of the dashboard: it paints, starts the session, fulfils wishes, survives failures and leaves in time."""

import asyncio
import os
import signal
import time

import pytest
from textual.theme import BUILTIN_THEMES

from tests.dashboard.fakes import FakeLedger, FakeSession, Sent
from tests.dashboard.seeded import NOON, first_figures, seeded_figures, worker
from tests.dashboard.shown import form, opened, screen_text, until
from tui.dashboard.app import STOP_DEADLINE_S, KcalcApp
from tui.dashboard.commands import every_command
from tui.dashboard.keys import KeymapError
from tui.dashboard.run import run
from tui.dashboard.screens.live import LiveScreen
from tui.dashboard.themes import OWN, UnknownTheme
from tui.dashboard.widgets.form_requests import RequestSubmitted, Submission
from tui.dashboard.widgets.worker_requests import (
    KillRequested,
    PauseRequested,
    RestartRequested,
    ResumeRequested,
    StartRequested,
    StopRequested,
    WorkerRequested,
)
from tui.events import Link, WorkerState
from tui.session import SendRefused, SessionError
from tui.settings import DashboardSettings, Settings


class Hanging(FakeSession):
    """Never stops by itself."""

    async def stop(self) -> None:
        await asyncio.Event().wait()


def with_dashboard(**changes: object) -> FakeSession:
    return FakeSession(settings=Settings(dashboard=DashboardSettings(**changes)))  # type: ignore[arg-type]


# Starting


async def test_it_paints_before_the_session_starts(session: FakeSession) -> None:
    order: list[str] = []
    session.ledger = FakeLedger(first_figures())
    app = KcalcApp(session, clock=lambda: NOON, painted=lambda: order.append(screen_text(app)), ticking=False)
    async with app.run_test(size=(80, 24)):
        await until(lambda: session.calls)
    (painted,) = order
    assert "starting" in painted
    assert session.calls[0] == "start"


async def test_what_no_retry_can_mend_ends_it_with_words(session: FakeSession) -> None:
    session.fails["start"] = SessionError("port 19092 is used by another program")
    app = KcalcApp(session, clock=lambda: NOON, ticking=False)
    async with app.run_test():
        await until(lambda: app.return_code is not None)
    assert app.failure == "port 19092 is used by another program"
    assert app.return_code == 1


async def test_any_other_failure_of_the_start_is_said_and_it_stays_usable(session: FakeSession) -> None:
    session.fails["start"] = RuntimeError("boom [bold]")
    async with opened(session) as (app, pilot):
        app.tick()
        await pilot.pause()
        assert "could not start: RuntimeError: boom [bold]" in screen_text(app)
        await pilot.press("1", "tab", "tab", "2", "enter")
        await until(lambda: session.sent)


async def test_every_theme_can_be_shown(session: FakeSession) -> None:
    async with opened(session, (120, 40)) as (app, pilot):
        for theme in [theme.name for theme in OWN] + sorted(BUILTIN_THEMES):
            app.theme = theme
            app.tick()
            await pilot.pause()
            assert "kcalc ● embedded" in screen_text(app), theme


def test_an_unknown_theme_is_refused_with_those_that_exist() -> None:
    with pytest.raises(UnknownTheme, match=r"found 'neon', allowed are kcalc-dark, kcalc-light, .*nord"):
        KcalcApp(with_dashboard(theme="neon"))


@pytest.mark.parametrize("changes", [{"theme": "neon"}, {"keys": {"add_worker": "q"}}])
def test_wrong_settings_are_refused_before_the_screen_is_touched(
    changes: dict[str, object], capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises((UnknownTheme, KeymapError)):
        run(with_dashboard(**changes))
    assert capfd.readouterr() == ("", "")


def test_an_impossible_keymap_is_refused() -> None:
    with pytest.raises(KeymapError):
        KcalcApp(with_dashboard(keys={"fly": "f"}))


async def test_a_remapped_key_acts_and_is_shown() -> None:
    session = with_dashboard(keys={"add_worker": "b"})
    async with opened(session, (120, 40)) as (app, pilot):
        await pilot.press("escape", "w", "b")
        await until(lambda: "add_worker" in session.calls)
        assert "b add worker" in screen_text(app)
        assert session.calls.count("add_worker") == 1


# Leaving


@pytest.mark.parametrize("keys", [("ctrl+q",), ("escape", "q")])
async def test_quitting_stops_the_session(session: FakeSession, keys: tuple[str, ...]) -> None:
    async with opened(session) as (app, pilot):
        await pilot.press(*keys)
        await until(lambda: app.return_code is not None)
    assert session.calls == ["start", "stop"]
    assert app.return_code == 0


async def test_a_session_that_does_not_stop_is_left_after_the_deadline() -> None:
    session = Hanging()
    async with opened(session) as (app, pilot):
        started = time.monotonic()
        await pilot.press("ctrl+q")
        await until(lambda: app.return_code is not None)
        assert time.monotonic() - started < STOP_DEADLINE_S + 1


async def test_it_says_that_it_is_stopping() -> None:
    async with opened(Hanging()) as (app, pilot):
        await pilot.press("ctrl+q")
        assert "stopping the workers" in screen_text(app)


async def test_a_letter_in_a_field_quits_nothing(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        await pilot.press("q", "w", "r", "question_mark", "tab", "q", "w")
        await pilot.pause()
        assert session.calls == ["start"]
        assert len(app.screen_stack) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_ends_it_cleanly(session: FakeSession, number: signal.Signals) -> None:
    async with opened(session) as (app, _):
        os.kill(os.getpid(), number)
        await until(lambda: app.return_code is not None)
    assert session.calls == ["start", "stop"]
    assert app.return_code == 0


async def test_ctrl_c_says_how_to_quit(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        await pilot.press("escape", "ctrl+c")
        await until(lambda: "^q quits" in screen_text(app))


# Wishes


async def test_a_refused_request_is_said(session: FakeSession) -> None:
    session.fails["send"] = SendRefused("1,000,000 requests wait already [x]")
    async with opened(session) as (app, pilot):
        await pilot.press("1", "tab", "tab", "2", "enter")
        await until(lambda: "requests wait already [x]" in screen_text(app))


async def test_repeat_sends_the_last_request_again(session: FakeSession) -> None:
    async with opened(session) as (_, pilot):
        await pilot.press("escape", "r")
        assert session.sent == []
        await pilot.press("f2", "1", "tab", "tab", "2", "enter", "escape", "r")
        await until(lambda: session.sent == [Sent("1", "sum", "2", times=1, key=None, partition=None)] * 2)


async def test_w_adds_a_worker(session: FakeSession) -> None:
    async with opened(session) as (_, pilot):
        await pilot.press("escape", "w")
        await until(lambda: "add_worker" in session.calls)


async def test_a_wish_that_fails_is_said_and_the_next_works(session: FakeSession) -> None:
    session.fails["add_worker"] = RuntimeError("no client id left")
    async with opened(session) as (app, pilot):
        await pilot.press("escape", "w")
        await until(lambda: "could not add a worker" in screen_text(app))
        session.fails.clear()
        await pilot.press("w")
        await until(lambda: "add_worker" in session.calls)


@pytest.mark.parametrize(
    ("wish", "call"),
    [
        (PauseRequested("client-1"), "pause_worker client-1"),
        (ResumeRequested("client-1"), "resume_worker client-1"),
        (StopRequested("client-1"), "stop_worker client-1"),
        (StartRequested("client-1"), "start_worker client-1"),
        (KillRequested("client-1"), "kill_worker client-1"),
        (RestartRequested("client-1"), "restart_worker client-1"),
    ],
)
async def test_a_wish_of_a_worker_pane_reaches_the_session(
    session: FakeSession, wish: WorkerRequested, call: str
) -> None:
    async with opened(session) as (app, _):
        app.screen.query_one("#workers").post_message(wish)
        await until(lambda: call in session.calls)


async def test_p_on_a_focused_pane_pauses_its_worker(session: FakeSession) -> None:
    async with opened(session, (120, 40)) as (app, pilot):
        app.tick()
        await pilot.pause()
        app.screen.query("WorkerPane").last().focus()
        await pilot.press("p")
        await until(lambda: "pause_worker client-2" in session.calls)


async def test_a_broker_that_goes_and_comes_is_told_once_each(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        for link, told in ((Link.NO_BROKER, "the broker is gone"), (Link.CONNECTED, "the broker is there")):
            session.ledger.current = seeded_figures(link=link)
            for _ in range(3):
                app.tick()
            await pilot.pause()
            assert screen_text(app).count(told) == 1


# The palette


def test_the_palette_has_the_commands_of_every_own_worker(session: FakeSession) -> None:
    states = (WorkerState.BUSY, WorkerState.PAUSED, WorkerState.STOPPED)
    own = [worker(f"client-{number}", state=state) for number, state in enumerate(states)]
    session.ledger.current = seeded_figures(workers=(*own, worker("other-1", remote=True)))
    names = [command.name for command in every_command(KcalcApp(session))]
    assert names[0] == "Add a worker"
    assert [name for name in names if "client" in name or "other" in name] == [
        "Pause client-0", "Stop client-0", "Kill client-0", "Restart client-0", "Slow client-0 down",
        "Look at client-0",
        "Resume client-1", "Stop client-1", "Kill client-1", "Restart client-1", "Slow client-1 down",
        "Look at client-1",
        "Start client-2", "Look at client-2", "Look at other-1",
    ]  # fmt: skip


async def test_a_command_is_found_by_name_and_run(session: FakeSession) -> None:
    async with opened(session) as (_, pilot):
        await pilot.press("ctrl+p", *"stop client-1")
        await pilot.pause()
        await pilot.press("enter")
        await until(lambda: "stop_worker client-1" in session.calls)


# Redrawing


async def test_the_session_gets_ordinary_tasks_whatever_textual_has_set(session: FakeSession) -> None:
    loop = asyncio.get_running_loop()
    loop.set_task_factory(lambda loop, work, **options: asyncio.Task(work, loop=loop, **options))
    async with opened(session):
        await until(lambda: "start" in session.calls)
        assert loop.get_task_factory() is None


async def test_the_form_posts_what_it_sends(session: FakeSession) -> None:
    async with opened(session) as (app, _):
        wish = Submission(x="6", operation="mul", y="7", times=2, key=None, partition=None)
        form(app).post_message(RequestSubmitted(wish))
        await until(lambda: session.sent == [Sent("6", "mul", "7", times=2, key=None, partition=None)])


async def test_the_first_view_is_there_from_the_first_paint(session: FakeSession) -> None:
    async with opened(session) as (app, _):
        assert isinstance(app.screen, LiveScreen)
