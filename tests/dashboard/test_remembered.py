"""What the dashboard remembers from one start to the next, and the hint at the very first."""

from pathlib import Path

import pytest
from textual.widgets import Input

from tests.dashboard.fakes import FakeLedger, FakeSession, Sent
from tests.dashboard.seeded import NOON, accounting, first_figures, seeded_figures, seeded_results
from tests.dashboard.shown import form, screen_text, until
from tui.dashboard.app import KcalcApp
from tui.dashboard.glyphs import UNICODE
from tui.dashboard.keys import effective
from tui.dashboard.remembered import MAX_BYTES, Memory, Remembered, Request, state_file
from tui.dashboard.widgets.first_run import FirstRun, first_run_lines
from tui.dashboard.widgets.form_requests import Submission
from tui.dashboard.widgets.results_log import ResultsLog
from tui.settings import KafkaSettings, Settings

SUM = Submission("0.1", "sum", "0.2", 500, "k", None)


def begun(session: FakeSession, memory: Memory) -> KcalcApp:
    return KcalcApp(session, clock=lambda: NOON, glyphs=UNICODE, ticking=False, memory=memory)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the state stands; nothing is there yet, not even its folder."""
    return tmp_path / "state" / "kcalc" / "dashboard.json"


# The file


def test_what_was_kept_is_recalled(path: Path) -> None:
    Memory(path).keep("nord", "kcalc-dark", "error", SUM)
    memory = Memory(path)
    assert memory.recalled == Remembered("nord", "error", Request("0.1", "sum", "0.2", "k"))
    assert (memory.first_run, memory.notice, memory.theme) == (False, "", "nord")


def test_how_often_it_was_sent_is_not_remembered(path: Path) -> None:
    Memory(path).keep("nord", "kcalc-dark", "", SUM)
    assert "500" not in path.read_text()


def test_the_file_is_the_user_s_own_and_nothing_else_is_left_beside_it(path: Path) -> None:
    Memory(path).keep("nord", "kcalc-dark", "", SUM)
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_without_a_new_choice_the_old_one_is_kept(path: Path) -> None:
    Memory(path).keep("nord", "kcalc-dark", "", SUM)
    Memory(path).keep("nord", "nord", "", None)
    assert Memory(path).recalled == Remembered("nord", "", Request("0.1", "sum", "0.2", "k"))


def test_a_theme_that_nobody_chose_is_not_remembered(path: Path) -> None:
    Memory(path).keep("kcalc-dark", "kcalc-dark", "", None)
    assert Memory(path).recalled == Remembered()


def test_a_theme_of_the_configuration_wins(path: Path) -> None:
    Memory(path).keep("nord", "kcalc-dark", "", None)
    assert Memory(path, own_theme=True).theme == ""


def test_only_the_first_start_has_no_file(path: Path) -> None:
    assert Memory(path).first_run
    Memory(path).keep("a", "a", "", None)
    assert not Memory(path).first_run
    assert not Memory().first_run


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"theme": 1}', '{"theme": "\ud800"}', "x" * (MAX_BYTES + 1), '{"request": {}}']
)
def test_a_broken_file_is_not_used_and_that_is_said(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(text, errors="surrogatepass")
    memory = Memory(path)
    assert memory.recalled == Remembered()
    assert "dashboard.json is not used: " in memory.notice
    memory.keep("nord", "kcalc-dark", "", None)
    assert Memory(path).recalled.theme == "nord"


def test_a_place_that_cannot_be_written_disturbs_nobody(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file, where a folder should be")
    memory = Memory(tmp_path / "state" / "dashboard.json")
    assert "is not used" in memory.notice
    memory.keep("nord", "kcalc-dark", "", None)


def test_a_request_too_long_to_keep_is_left_out(path: Path) -> None:
    Memory(path).keep("nord", "kcalc-dark", "", Submission("9" * MAX_BYTES, "neg", None, 1, None, None))
    assert Memory(path).recalled == Remembered("nord")


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"XDG_STATE_HOME": "/s", "HOME": "/h"}, Path("/s/kcalc/dashboard.json")),
        ({"XDG_STATE_HOME": "", "HOME": "/h"}, Path("/h/.local/state/kcalc/dashboard.json")),
        ({"XDG_STATE_HOME": "relative", "HOME": "/h"}, Path("/h/.local/state/kcalc/dashboard.json")),
        ({}, None),
    ],
)
def test_the_file_stands_where_the_state_of_programs_belongs(environ: dict[str, str], expected: Path | None) -> None:
    assert state_file(environ) == expected


# The dashboard


async def test_theme_filter_and_last_request_are_there_again_at_the_next_start(path: Path) -> None:
    session = FakeSession()
    app = begun(session, Memory(path))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(lambda: "start" in session.calls)
        await pilot.press("6", "tab", "asterisk", "tab", "7", "enter")
        await until(lambda: session.sent)
        await pilot.press("escape", "slash", *"client-1", "enter")
        app.theme = "nord"
        await pilot.press("q")
        await until(lambda: app.return_code is not None)
    session = FakeSession()
    session.results.extend(seeded_results())
    app = begun(session, Memory(path))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(lambda: "start" in session.calls)
        app.tick()
        await until(lambda: "client-1" in screen_text(app) and "2 of 6" in screen_text(app))
        assert app.theme == "nord"
        assert not app.screen.query(FirstRun)
        await pilot.press("enter")
        await until(lambda: session.sent == [Sent("6", "mul", "7", 1, None, None)])
        await pilot.press("8", "enter")
        await until(lambda: session.sent[1:] == [Sent("8", "mul", "7", 1, None, None)])


async def test_what_is_remembered_and_no_longer_exists_does_not_disturb(path: Path) -> None:
    Memory(path).keep("no-such-theme", "", "wait>", Submission("1", "no-such-operation", None, 1, None, None))
    session = FakeSession()
    app = begun(session, Memory(path))
    async with app.run_test(size=(120, 40)):
        await until(lambda: "start" in session.calls)
        assert app.theme == "kcalc-dark"
        assert form(app).query_one("#x", Input).value == "1"


async def test_a_broken_file_is_said_in_a_toast(tmp_path: Path) -> None:
    app = begun(FakeSession(), Memory(tmp_path))
    async with app.run_test(size=(120, 40), notifications=True):
        await until(lambda: "is not used" in screen_text(app))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_first_start_says_what_to_do_until_a_request_is_sent(path: Path, size: tuple[int, int]) -> None:
    session = FakeSession()
    session.ledger.current = seeded_figures(accounting=accounting(sent=0, done=0, failed=0, dead=0, in_flight=0))
    app = begun(session, Memory(path))
    async with app.run_test(size=size):
        await until(lambda: "start" in session.calls)
        app.tick()
        await until(lambda: all(line in screen_text(app) for line in first_run_lines(app.key_names)))
        session.ledger.current = seeded_figures()
        app.tick()
        await until(lambda: not app.screen.query(FirstRun))


async def test_a_click_takes_the_hint_away(path: Path) -> None:
    session = FakeSession()
    session.ledger.current = seeded_figures(accounting=accounting(sent=0, done=0, failed=0, dead=0, in_flight=0))
    app = begun(session, Memory(path))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: "Type two numbers" in screen_text(app))
        await pilot.click(FirstRun)
        await until(lambda: not app.screen.query(FirstRun))


async def test_the_hint_goes_after_a_while(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.dashboard.widgets.first_run.SHOWN_S", 0.05)
    session = FakeSession()
    session.ledger.current = seeded_figures(accounting=accounting(sent=0, done=0, failed=0, dead=0, in_flight=0))
    app = begun(session, Memory(path))
    async with app.run_test(size=(80, 24)):
        await until(lambda: app.screen.query(FirstRun))
        await until(lambda: not app.screen.query(FirstRun))


async def test_where_nothing_is_sent_there_is_no_hint_how_to_send(path: Path) -> None:
    session = FakeSession(settings=Settings(kafka=KafkaSettings(read_only=True)))
    app = begun(session, Memory(path))
    async with app.run_test(size=(80, 24)):
        await until(lambda: "start" in session.calls)
        assert not app.screen.query(FirstRun)


def test_the_hint_names_the_keys_as_they_are_and_fits_into_80_columns() -> None:
    assert max(len(line) for line in first_run_lines(effective({}))) <= 76
    assert "b add worker" in first_run_lines(effective({"add_worker": "b"}))[1]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_hint_stands_above_the_results_and_hides_none_of_them(path: Path, size: tuple[int, int]) -> None:
    session = FakeSession(ledger=FakeLedger(first_figures()))
    app = begun(session, Memory(path))
    async with app.run_test(size=size):
        await until(lambda: app.screen.query(FirstRun))
        hint, results = app.screen.query_one(FirstRun), app.screen.query_one(ResultsLog)
        await until(lambda: results.region.height >= 3 and hint.region.bottom == results.region.y)
