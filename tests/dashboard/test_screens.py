"""The first view at every size, its words for every state, and the help."""

import pytest
from textual.geometry import Size
from textual.widget import Widget

from tests.dashboard.fakes import (
    FakeSession,
    accounting,
    first_figures,
    partition,
    seeded_figures,
    seeded_results,
    worker,
)
from tests.dashboard.shown import opened, screen_text, until
from tui.dashboard.app import KcalcApp
from tui.dashboard.glyphs import ASCII, UNICODE
from tui.dashboard.screens.help import HelpScreen
from tui.dashboard.screens.layout import layout_classes
from tui.dashboard.widgets.drawing import line_text
from tui.dashboard.widgets.header import header_parts, short_names
from tui.dashboard.widgets.parts import Part, fitting
from tui.dashboard.widgets.request_form import RequestForm
from tui.dashboard.widgets.state_line import state_words
from tui.events import Link, WorkerState
from tui.ledger.figures import Figures
from tui.settings import KafkaSettings, Settings, WorkerSettings

SIZES = [
    (40, 12),
    (60, 20),
    (79, 24),
    (80, 20),
    (80, 24),
    (100, 30),
    (120, 24),
    (120, 30),
    (120, 36),
    (120, 40),
    (160, 45),
]


def wanted(width: int, height: int) -> set[str]:
    return {name for name, on in layout_classes(Size(width, height)).items() if on}


@pytest.mark.parametrize(
    ("size", "classes"),
    [
        ((39, 12), {"-tiny", "-two-rows"}),
        ((80, 11), {"-tiny"}),
        ((40, 12), {"-one-view", "-two-rows"}),
        ((79, 50), {"-one-view", "-two-rows"}),
        ((80, 19), {"-one-view"}),
        ((80, 24), set()),
        ((119, 60), set()),
        ((120, 30), {"-panes"}),
        ((120, 38), {"-panes", "-full"}),
    ],
)
def test_the_size_of_the_window_decides_the_layout(size: tuple[int, int], classes: set[str]) -> None:
    assert wanted(*size) == classes


def visible(app: KcalcApp) -> list[Widget]:
    return [widget for widget in app.screen.query("#live > *, #panels > *, #top > *, #past > *") if widget.region.area]


@pytest.mark.parametrize("size", SIZES)
async def test_everything_is_inside_the_window_and_nothing_covers_another(
    session: FakeSession, size: tuple[int, int]
) -> None:
    session.results.extend(seeded_results())
    async with opened(session, size) as (app, pilot):
        app.tick()
        await pilot.pause()
        window = app.screen.region
        leaves = [widget for widget in visible(app) if widget.id not in ("top", "panels", "past")]
        assert {"header", "form", "results", "key-line"} <= {widget.id for widget in leaves}
        for number, one in enumerate(leaves):
            assert one.region.intersection(window) == one.region, one
            for other in leaves[number + 1 :]:
                assert not one.region.overlaps(other.region), (one, other)
        form = app.screen.query_one(RequestForm)
        for name, cells in (("x", 4), ("operation", 12), ("y", 4), ("times", 5), ("send", 8)):
            region = form.query_one(f"#{name}").region
            assert region.width >= cells, name
            assert form.region.intersection(region) == region, name


@pytest.mark.parametrize("size", [(120, 30), (120, 36), (120, 40), (160, 45)])
@pytest.mark.parametrize("workers", [12, 128])
async def test_a_crowd_of_workers_leaves_room_for_results(
    session: FakeSession, size: tuple[int, int], workers: int
) -> None:
    crew = tuple(worker(f"client-{number}", (number,)) for number in range(workers))
    rows = tuple(partition(number, f"client-{number}") for number in range(workers))
    session.ledger.current = seeded_figures(workers=crew, partitions=rows)
    session.results.extend(seeded_results())
    async with opened(session, size) as (app, pilot):
        for _ in range(2):  # what the other panels take is known once they are laid out
            app.tick()
            await pilot.pause()
        regions = {widget.id: widget.region for widget in visible(app)}
        assert regions["results"].height >= 6
        assert regions["workers"].height >= 5
        assert regions["results"].bottom <= regions["key-line"].y


async def test_24_rows_hold_the_frame(session: FakeSession) -> None:
    session.results.extend(seeded_results())
    async with opened(session) as (app, pilot):
        app.tick()
        await pilot.pause()
        rows = screen_text(app).splitlines()
        assert len(rows) == 24
        assert "kcalc ● embedded   requests 4p ▸ results   group kcalc STABLE g8" in rows[0]
        assert "Partition ▸ worker" in rows[2]
        assert "client-1 is 2.5 times slower than its peers" in rows[8]
        assert "15 ÷ 5" in rows[12]
        assert "── g7 → g8: client-2 joined" in rows[15]
        assert "6 × 7" in rows[17]
        assert "1289 sent = 1273 done + 3 failed + 1 dead + 12 in flight ✔" in rows[21]
        assert all(name in rows[22] for name in ("client-0", "client-1", "client-2"))
        assert "^q quit" in rows[23]


async def test_a_window_below_40x12_shows_only_a_notice(session: FakeSession) -> None:
    async with opened(session, (20, 5)) as (app, pilot):
        assert "kcalc needs 40x12," in screen_text(app)
        assert "this is 20x5" in screen_text(app)
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert "kcalc needs" not in screen_text(app)
        await pilot.press("f2", "1", "tab", "tab", "2", "enter")
        await until(lambda: session.sent)


async def test_in_a_small_window_one_key_and_clicks_switch_the_panels(session: FakeSession) -> None:
    async with opened(session, (60, 20)) as (app, pilot):
        app.tick()

        def on_view() -> list[str | None]:
            return [widget.id for widget in visible(app) if widget.id in ("partitions", "results", "workers")]

        await pilot.press("escape")
        assert on_view() == ["results"]
        await pilot.press("v")
        await until(lambda: on_view() == ["workers"])
        await pilot.press("v")
        await until(lambda: on_view() == ["partitions"])
        await pilot.click("#panel-tabs", offset=(18, 0))
        await until(lambda: on_view() == ["results"])


async def test_no_key_is_shown_for_what_is_not_there(session: FakeSession) -> None:
    async with opened(session, (160, 45)) as (app, pilot):
        await pilot.press("escape")
        await pilot.pause()
        keys = screen_text(app).splitlines()[-1]
        assert not any(word in keys for word in ("partitions",))
        assert "w add worker" in keys


async def test_the_key_line_shows_the_keys_that_act_where_the_focus_is(session: FakeSession) -> None:
    async with opened(session, (120, 40)) as (app, pilot):
        in_field = screen_text(app).splitlines()[-1]
        await pilot.press("escape")
        await pilot.pause()
        outside = screen_text(app).splitlines()[-1]
        assert "⏎ send" in in_field
        assert "w add worker" not in in_field
        assert "⏎ send" not in outside
        assert "w add worker" in outside
        assert "q quit" in outside


async def test_a_key_on_the_key_line_can_be_clicked(session: FakeSession) -> None:
    async with opened(session, (120, 40)) as (app, pilot):
        await pilot.press("escape")
        await pilot.pause()
        row = screen_text(app).splitlines()[-1]
        await pilot.click("#key-line", offset=(row.index("add worker") + 1, 0))
        await until(lambda: "add_worker" in session.calls)


# Words


def words(figures: Figures, problem: str = "") -> str:
    return line_text(state_words(figures, problem, UNICODE))


def test_all_is_well_needs_no_words() -> None:
    assert words(seeded_figures()) == ""


def test_no_broker_says_what_to_do() -> None:
    figures = seeded_figures(link=Link.NO_BROKER, link_detail="h:9092 does not answer: start it")
    assert words(figures) == "✖ no broker  h:9092 does not answer: start it"


@pytest.mark.parametrize("state", [WorkerState.STOPPED, WorkerState.KILLED, WorkerState.FAILED])
def test_requests_without_workers_say_what_to_do(state: WorkerState) -> None:
    stopped = worker("client-0", state=state)
    assert "12 requests wait in Kafka and no worker runs: press esc, then w" in words(
        seeded_figures(workers=(stopped,))
    )


def test_a_remote_worker_is_a_worker() -> None:
    assert words(seeded_figures(workers=(worker("other-0", remote=True, state=None),))) == ""


def test_missing_permission_is_said() -> None:
    assert "no permission: DESCRIBE" in words(seeded_figures(trouble="no permission: DESCRIBE on group kcalc"))


def test_a_failed_start_is_said_before_all_else() -> None:
    figures = seeded_figures(link=Link.NO_BROKER, link_detail="x")
    assert words(figures, "could not start: boom\x1b[31m") == "✖ could not start: boom\\x1b[31m"


async def test_before_anything_happened_the_panels_say_what_they_wait_for(session: FakeSession) -> None:
    session.ledger.current = first_figures()
    async with opened(session) as (app, pilot):
        app.tick()
        await pilot.pause()
        assert "○ starting" in screen_text(app)
        session.ledger.current = seeded_figures(accounting=first_figures().accounting)
        app.tick()
        await pilot.pause()
        assert "nothing yet: type two numbers and press Enter" in screen_text(app)
        books = accounting(sent=101, done=0, failed=0, dead=0, in_flight=101)
        session.ledger.current = seeded_figures(accounting=books)
        app.tick()
        await pilot.pause()
        assert "no result yet: 101 in flight" in screen_text(app)


# The header


def header(session: FakeSession, figures: Figures) -> str:
    parts = header_parts(figures, session, UNICODE, leaving=False)
    return "   ".join(line_text(part.line) for part in parts)


def test_the_header_says_where_the_broker_runs() -> None:
    own = FakeSession()
    neighbours = FakeSession(broker_owned=False)
    cluster = FakeSession(
        settings=Settings(kafka=KafkaSettings(bootstrap_servers="b:9092")),
        broker_embedded=False, broker_owned=False, broker_address="b:9092",
    )  # fmt: skip
    assert header(own, seeded_figures()).startswith("kcalc ● embedded   ")
    assert header(neighbours, seeded_figures()).startswith("kcalc ● embedded 127.0.0.1:19092   ")
    assert header(cluster, seeded_figures()).startswith("kcalc ● b:9092   brokers 1   ")
    assert header(cluster, seeded_figures(link=Link.NO_BROKER)).startswith("kcalc ✖ no broker b:9092")
    assert header(cluster, seeded_figures(link=Link.REFUSED)).startswith("kcalc ✖ refused b:9092")


def test_the_header_says_how_the_workers_here_deliver() -> None:
    exactly = FakeSession(settings=Settings(workers=WorkerSettings(delivery="exactly_once")))
    assert header(FakeSession(), seeded_figures()).endswith("   at least once")
    assert header(exactly, seeded_figures()).endswith("   exactly once")


def test_the_header_says_how_the_group_is(session: FakeSession) -> None:
    assert "group kcalc STABLE g8" in header(session, seeded_figures())
    moving = header(session, seeded_figures(group_state="PreparingRebalance", generation=None))
    assert "group kcalc PREPARING REBALANCE   " in moving
    assert "group kcalc ?" in header(session, first_figures())


def test_the_header_names_a_group_of_the_new_protocol(session: FakeSession) -> None:
    assert "group kcalc STABLE g8 new protocol" in header(session, seeded_figures(new_protocol=True))


@pytest.mark.parametrize("state", [None, "Dead", "Empty"])
def test_a_group_whose_workers_have_not_joined_yet_is_forming(session: FakeSession, state: str | None) -> None:
    assert "group kcalc forming   " in header(session, seeded_figures(group_state=state))
    stopped = (worker("client-0", state=WorkerState.STOPPED),)
    left = header(session, seeded_figures(group_state=state, workers=stopped))
    assert f"group kcalc {'no members' if state else '?'}   " in left
    away = header(session, seeded_figures(group_state=state, link=Link.NO_BROKER))
    assert "forming" not in away


def test_a_group_state_of_a_foreign_broker_is_only_text(session: FakeSession) -> None:
    assert "\x1b" not in header(session, seeded_figures(group_state="\x1b[31m\u202e"))


def test_topics_are_named_without_the_prefix_they_share() -> None:
    assert short_names("kcalc.requests", "kcalc.results") == ("requests", "results")
    assert short_names("a.requests", "b.results") == ("a.requests", "b.results")
    assert short_names("requests", "results") == ("requests", "results")


def test_what_does_not_fit_goes_by_rank() -> None:
    parts = [Part((("aaaa", "text"),), 0), Part((("bbbb", "text"),), 2), Part((("cccc", "text"),), 1)]
    assert [part.rank for part in fitting(parts, 14, 1)] == [0, 2, 1]
    assert [part.rank for part in fitting(parts, 13, 1)] == [0, 1]
    assert [part.rank for part in fitting(parts, 2, 1)] == [0]


def test_the_header_can_be_written_in_ascii(session: FakeSession) -> None:
    parts = header_parts(seeded_figures(), session, ASCII, leaving=False)
    assert all(line_text(part.line).isascii() for part in parts)


# Help


async def test_help_shows_the_keys_of_what_has_the_focus_first(session: FakeSession) -> None:
    async with opened(session, (100, 40)) as (app, pilot):
        await pilot.press("f1")
        await until(lambda: isinstance(app.screen, HelpScreen))
        await pilot.pause()
        text = screen_text(app)
        assert text.index("in the form") < text.index("outside the fields")
        await pilot.press("escape")
        await until(lambda: not isinstance(app.screen, HelpScreen))
        await pilot.press("escape", "question_mark")
        await until(lambda: isinstance(app.screen, HelpScreen))
        await pilot.pause()
        text = screen_text(app)
        assert text.index("in the results") < text.index("in the form")


async def test_help_names_every_sign(session: FakeSession) -> None:
    async with opened(session, (100, 60)) as (app, pilot):
        await pilot.press("f1")
        await until(lambda: isinstance(app.screen, HelpScreen))
        await pilot.press("end")
        await pilot.pause()
        for sign, meaning in (
            ("●", "busy"),
            ("○", "idle"),
            ("‖", "paused"),
            ("↻", "seen again (redelivered)"),
        ):
            assert any(sign in row and meaning in row for row in screen_text(app).splitlines()), meaning
