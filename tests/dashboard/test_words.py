"""The same thing has the same words everywhere, and an empty place says what is true there."""

from collections.abc import Callable

import pytest
from textual.content import Content
from textual.widget import Widget

from tests.dashboard.fake_cluster import seeded_cluster
from tests.dashboard.fakes import FakeLedger, FakeSession
from tests.dashboard.seeded import first_figures, seeded_figures, seeded_letters, seeded_results, worker
from tests.dashboard.shown import opened, screen_text, until
from tui.dashboard import keys
from tui.dashboard.app import KcalcApp
from tui.dashboard.glyphs import ASCII, UNICODE, Glyphs
from tui.dashboard.screens.box import answer_hints
from tui.dashboard.screens.cluster import ClusterView
from tui.dashboard.widgets.cluster_list import ClusterList
from tui.events import Link
from tui.settings import KafkaSettings, Settings

NAMES = keys.effective({})


@pytest.mark.parametrize(
    ("glyphs", "does", "words"),
    [
        (UNICODE, "", "esc close"),
        (UNICODE, "do it", "⏎ do it   esc close"),
        (ASCII, "do it", "enter do it   esc close"),
    ],
)
def test_a_box_says_below_what_enter_does_and_what_closes_it(glyphs: Glyphs, does: str, words: str) -> None:
    assert answer_hints(NAMES, does, glyphs.ascii).plain == words


BOXES: list[tuple[Callable[[KcalcApp], object], str]] = [
    (lambda app: app._views.confirm("it ends", "prod", lambda: None), "⏎ do it   esc close"),
    (lambda app: app.slow_down("client-0"), "⏎ do it   esc close"),
    (lambda app: app.action_save_results(), "⏎ save   esc close"),
    (lambda app: app.action_jump_results(), "⏎ go   esc close"),
    (lambda app: app.action_explain(), "esc close"),
    (lambda app: app.action_help(), "esc close"),
]


@pytest.mark.parametrize(("open_box", "words"), BOXES)
async def test_every_box_says_it_alike(
    session: FakeSession, open_box: Callable[[KcalcApp], object], words: str
) -> None:
    session.results.extend(seeded_results())
    async with opened(session) as (app, pilot):
        open_box(app)
        await pilot.pause()
        (box,) = app.screen.query(".box").results(Widget)
        await until(lambda: Content.from_markup(box.border_subtitle or "").plain == words, words)


async def test_read_only_results_can_be_saved() -> None:
    session = FakeSession(settings=Settings(kafka=KafkaSettings(read_only=True)))
    session.results.extend(seeded_results())
    async with opened(session) as (app, pilot):
        await pilot.press("s")
        await until(lambda: "⏎ save   esc close" in screen_text(app))


async def test_the_state_of_a_group_is_written_alike_in_the_header_and_in_the_cluster_view(
    session: FakeSession,
) -> None:
    async with opened(session) as (app, pilot):
        await pilot.press("escape", "5")
        assert isinstance(app.screen, ClusterView)
        app.screen.query_one(ClusterList).show(seeded_cluster(), 0.0, "")
        app.tick()
        await pilot.pause()
        text = screen_text(app)
        assert text.count("STABLE") >= 2
        assert "Stable" not in text


async def test_without_dead_letters_it_says_what_brings_one_and_offers_nothing_to_open(session: FakeSession) -> None:
    async with opened(session, (120, 40)) as (app, pilot):
        await pilot.press("escape", "4")
        app.tick()
        await until(lambda: "none: what cannot be read comes here" in screen_text(app))
        assert "⏎ open" not in screen_text(app)
        session.dead_letters.add(seeded_letters()[0])
        app.tick()
        await until(lambda: "⏎ open" in screen_text(app))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("read_only", [False, True])
async def test_before_the_broker_answers_it_says_which_workers_will_come(
    size: tuple[int, int], read_only: bool
) -> None:
    session = FakeSession(settings=Settings(kafka=KafkaSettings(read_only=read_only)))
    session.ledger.current = first_figures(link=Link.NO_BROKER)
    async with opened(session, size) as (app, pilot):
        app.tick()
        await pilot.pause()
        will_start = "they start when the broker answers" in screen_text(app)
        none_starts = "read-only: none start here; others show when the broker answers" in screen_text(app)
        assert (will_start, none_starts) == (not read_only, read_only)


# Toasts


@pytest.mark.parametrize(("size", "words"), [((40, 12), "✔"), ((80, 24), "in flight ✔"), ((120, 40), "in flight ✔")])
async def test_a_toast_hides_neither_the_books_nor_the_keys_nor_the_form(
    session: FakeSession, size: tuple[int, int], words: str
) -> None:
    session.results.extend(seeded_results())
    async with opened(session, size) as (app, pilot):
        app.tick()
        await pilot.press("escape")
        before = screen_text(app).splitlines()
        app.notify("the broker is gone; requests wait until it is back", severity="error", markup=False)
        await until(lambda: "the broker" in screen_text(app))
        await pilot.pause()
        after = screen_text(app).splitlines()
        (books,) = {index for index, line in enumerate(before) if words in line and "│ check" not in line} or {-1}
        assert words in before[books]
        for row in (0, 1, books, len(before) - 1):
            assert after[row] == before[row]


@pytest.mark.parametrize("workers", [3, 4, 7, 10])
async def test_a_toast_leaves_the_books_to_be_read_however_many_lines_the_workers_have(workers: int) -> None:
    many = tuple(worker(f"client-{number}", (number,)) for number in range(workers))
    session = FakeSession(ledger=FakeLedger(seeded_figures(workers=many)))
    session.results.extend(seeded_results())
    async with opened(session) as (app, pilot):
        app.tick()
        await pilot.pause()
        app.tick()
        await pilot.pause()
        before = screen_text(app).splitlines()
        (books,) = [number for number, line in enumerate(before) if "in flight ✔" in line]
        app.notify("the broker is gone; requests wait until it is back", severity="error", markup=False)
        await until(lambda: "the broker is gone" in screen_text(app))
        await pilot.pause()
        after = screen_text(app).splitlines()
        assert after[books:] == before[books:]
        assert "requests wait" in after[books - 2] + after[books - 1]


# Workers in a small window


async def test_in_a_small_window_the_keys_act_on_the_worker_panel_as_soon_as_it_is_shown(
    session: FakeSession,
) -> None:
    async with opened(session, (40, 12)) as (app, pilot):
        app.tick()
        await pilot.press("escape", "v")
        await until(lambda: app.focused is not None and "workers" in {node.id for node in app.focused.ancestors})
        app.tick()
        await pilot.press("down")
        await pilot.press("x")
        await until(lambda: "stop_worker client-1" in session.calls)
        await pilot.press("f2", "shift+tab")
        assert app.focused is not None
        assert "workers" in {node.id for node in app.focused.ancestors}
