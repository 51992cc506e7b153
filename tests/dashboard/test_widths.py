"""Every view in every size of window: nothing overflows, wraps, overlaps or scrolls sideways."""

from collections.abc import Iterator

import pytest
from rich.cells import cell_len
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from tests.dashboard.fakes import FakeLedger, FakeSession
from tests.dashboard.hosting import WIDTHS, frame_texts
from tests.dashboard.seeded import (
    NOON,
    accounting,
    because,
    first_figures,
    partition,
    received,
    seeded_figures,
    seeded_results,
    worker,
)
from tests.dashboard.shown import opened, until
from tui.dashboard.app import KcalcApp
from tui.dashboard.views import LIVE, VIEWS
from tui.dashboard.widgets.canvas import Canvas
from tui.dashboard.widgets.drawing import Line, line_cells, line_text
from tui.dashboard.widgets.panel_tabs import PANELS
from tui.events import ReceivedResult, WorkerState
from tui.ledger.figures import Figures, Handover, Rebalance, WorkerNote

HEIGHTS = (12, 24, 40)
LONG = "wörker-数-" + "n" * 60


def calm() -> Figures:
    """The figures of the frames."""
    return seeded_figures()


def crowded() -> Figures:
    """Many workers with long names, numbers of many digits, long words everywhere."""
    names = [f"{LONG}{number}" for number in range(20)]
    workers = [
        worker(
            name,
            (number,),
            state=WorkerState.BUSY if number % 3 else WorkerState.FAILED,
            detail="e" * 200,
            working_on="9" * 300,
            took_s=1e6,
            per_s=123_456.7,
            rates=(1e6,) * 30,
            run_p50_s=1e-7,
            run_p95_s=1e7,
            done=10**12,
            failed=10**9,
            again=10**9,
            history=(WorkerNote(NOON, "h" * 300), *seeded_results()),
        )
        for number, name in enumerate(names)
    ]
    rows = [
        partition(
            number, name, committed=10**14, end=10**15, lag=9 * 10**14, oldest_waiting_s=1e9, in_per_s=1e12,
            out_per_s=1e12, lag_per_s=-1e12, working_on="数" * 200, took_s=1e9, owner_state=WorkerState.BUSY,
        )
        for number, name in enumerate(names)
    ]  # fmt: skip
    entry = Rebalance(
        at=NOON, generation=10**9, cause="c" * 300, moved=tuple(range(200)), again=10**9,
        handovers=tuple(Handover(name, tuple(range(50)), None) for name in names),
        stood_still=tuple((number, 1e7) for number in range(60)),
    )  # fmt: skip
    books = accounting(sent=10**13, done=10**12, others_done=10**12, wrong="lost: " + "id-" * 90)
    return seeded_figures(
        partitions=tuple(rows), workers=tuple(workers), rebalances=(entry,) * 60, flapping=60, accounting=books,
        reasons=because("r" * 300), trouble="no permission: " + "t" * 400, generation=10**9, brokers=10**6,
        new_protocol=True,
    )  # fmt: skip


def long_results() -> Iterator[ReceivedResult]:
    """Answers that do not fit anywhere."""
    for number in range(60):
        yield received(
            "9" * 500, "mul", "-" + "8" * 500, "7" * 900, client_id=LONG, offset=10**12 + number, attempt=10**6,
            wait_s=1e8, run_s=1e8, key="数".encode() * 90, partition=99_999,
        )  # fmt: skip


def leaves(widget: Widget) -> Iterator[Widget]:
    """What is seen of it and has nothing inside that is seen."""
    inside = [child for child in widget.children if child.display and child.visible and child.region.area]
    if not inside or isinstance(widget, Canvas | Static):
        yield widget
        return
    for child in inside:
        yield from leaves(child)


def complaints(screen: Screen[object]) -> Iterator[str]:
    """What is wrong with how the screen is laid out and drawn."""
    seen = [widget for widget in leaves(screen) if widget.region.area]
    window = screen.region
    for number, one in enumerate(seen):
        clipped = one.region.intersection(window)
        scrolls = any(isinstance(above, Widget) and above.max_scroll_y for above in one.ancestors)
        if clipped != one.region and not scrolls:
            yield f"{one} at {one.region} is not inside {window}"
        for other in seen[number + 1 :]:
            if one.region.overlaps(other.region) and not scrolls:
                yield f"{one} at {one.region} lies over {other} at {other.region}"
    for one in screen.walk_children(Widget):
        if one.display and one.region.area:
            yield from _drawn_wrong(one)


def _drawn_wrong(widget: Widget) -> Iterator[str]:
    if widget.show_horizontal_scrollbar:
        yield f"{widget} scrolls sideways, by {widget.max_scroll_x}"
    if isinstance(widget, Canvas):
        for y in range(widget.size.height):
            strip = widget.render_line(y)
            if strip.cell_length != widget.scrollable_content_region.width:
                yield f"line {y} of {widget} takes {strip.cell_length} of {widget.cells} cells: {strip.text!r}"
            if any(char in strip.text for char in "\n\r\t"):
                yield f"line {y} of {widget} breaks: {strip.text!r}"
        for edge in frame_texts(widget):
            if cell_len(edge) > max(0, widget.outer_size.width - 4):
                yield f"the frame of {widget} is too narrow for {edge!r}"
    elif isinstance(widget, Static) and widget.id in ("header", "key-line", "panel-tabs"):
        text = str(widget.content)
        if cell_len(text) > widget.content_size.width:
            yield f"{widget} has {widget.content_size.width} cells for {text!r}"


@pytest.fixture(autouse=True)
def cut_off(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The lines that were wider than their box when they were drawn: such a line loses its end without a sign."""
    found: list[str] = []
    draw = Canvas.strip

    def strip(canvas: Canvas, line: Line, cells: int) -> Strip:
        if cells and line_cells(line) > cells:
            found.append(f"{canvas} has {cells} cells for {line_text(line)!r}")
        return draw(canvas, line, cells)

    monkeypatch.setattr(Canvas, "strip", strip)
    return found


def nothing() -> list[ReceivedResult]:
    """No results yet."""
    return []


STATES = {"empty": (first_figures, nothing), "calm": (calm, seeded_results), "crowded": (crowded, long_results)}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("view", [LIVE, *VIEWS])
async def test_every_view_fits_into_every_window(view: str, width: int, state: str, cut_off: list[str]) -> None:
    figures, results = STATES[state]
    session = FakeSession(ledger=FakeLedger(figures()))
    session.results.extend(list(results()))
    async with opened(session, (width, HEIGHTS[0])) as (app, pilot):
        if view != LIVE:
            app.action_view(view)
            await until(lambda: shows(app, view), f"the view {view}")
        for height in HEIGHTS:
            await pilot.resize_terminal(width, height)
            app.tick()
            await pilot.pause()
            assert "\n".join([*complaints(app.screen), *cut_off]) == "", f"{width}x{height}"


@pytest.mark.parametrize("width", WIDTHS)
async def test_every_panel_of_the_first_view_fits_grouped_by_worker_and_filtered(
    width: int, cut_off: list[str]
) -> None:
    session = FakeSession(ledger=FakeLedger(crowded()))
    session.results.extend(list(long_results()))
    async with opened(session, (width, HEIGHTS[0])) as (app, pilot):
        app.regroup_partitions()
        await app.filter_results()
        for height in HEIGHTS:
            await pilot.resize_terminal(width, height)
            app.tick()
            await pilot.pause()
            for _ in PANELS:
                assert "\n".join([*complaints(app.screen), *cut_off]) == "", f"{width}x{height}"
                await pilot.press("escape", "v")


def shows(app: KcalcApp, view: str) -> bool:
    return getattr(app.screen, "NAME", LIVE) == view and app.screen.is_mounted
