"""The first view at every size, and what its panels and its key line say there."""

import pytest
from textual.geometry import Size
from textual.widget import Widget

from tests.dashboard.fakes import FakeSession
from tests.dashboard.seeded import accounting, first_figures, partition, seeded_figures, seeded_results, worker
from tests.dashboard.shown import opened, screen_text, until
from tui.dashboard.app import KcalcApp
from tui.dashboard.screens.layout import layout_classes
from tui.dashboard.widgets.request_form import RequestForm

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
