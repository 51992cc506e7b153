"""The line of keys: the least important go first, the views stay together, and it says what keys do where one is."""

import pytest

from tests.dashboard.fakes import FakeSession
from tests.dashboard.seeded import seeded_letters
from tests.dashboard.shown import opened, screen_text, until
from tui.dashboard import keys
from tui.dashboard.app import KcalcApp
from tui.dashboard.widgets.drawing import line_text
from tui.dashboard.widgets.key_line import Acting, key_line_parts
from tui.settings import KafkaSettings, Settings

NAMES = keys.effective({})
AT_RESULTS = (
    "form", "workers", "events", "dead_letters", "cluster", "add_worker", "hold", "filter", "open", "explain", "repeat",
    "help", "help_now", "commands", "quit", "quit_now",
)  # fmt: skip


def acting(*ids: str) -> list[Acting]:
    return [Acting(key_id, NAMES[key_id].split(",")[0], keys.BY_ID[key_id].label) for key_id in ids]


def words(cells: int, *ids: str) -> str:
    return "  ".join(line_text(part.line) for part in key_line_parts(acting(*ids), NAMES, cells, ascii=False))


def last_line(app: KcalcApp) -> str:
    return screen_text(app).splitlines()[-1].strip()


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        (36, "f2 form  1-5 views  ? help  q quit"),
        (56, "f2 form  1-5 views  w add worker  ? help  q quit"),
        (76, "f2 form  2 workers  3 events  4 dead letters  5 cluster  ? help  q quit"),
        (96, "f2 form  2 workers  3 events  4 dead letters  5 cluster  w add worker  ? help  q quit"),
        (
            116,
            "f2 form  2 workers  3 events  4 dead letters  5 cluster  w add worker  / filter  ⏎ open  ? help"
            "  ^p commands  q quit",
        ),
    ],
)
def test_the_keys_of_the_views_are_all_there_or_one_word_at_every_width(cells: int, shown: str) -> None:
    assert words(cells, *AT_RESULTS) == shown


def test_no_width_shows_some_of_the_views_only() -> None:
    for cells in range(36, 200):
        shown = words(cells, *AT_RESULTS)
        assert len(shown) <= cells
        spelled = [label in shown for label in ("2 workers", "3 events", "4 dead letters", "5 cluster")]
        assert all(spelled) or (not any(spelled) and "1-5 views" in shown), shown


def test_what_acts_on_a_dead_letter_is_more_important_than_the_names_of_the_views() -> None:
    ids = ("form", "live", "workers", "events", "cluster", "add_worker", "send_again", "correct", "help", "quit")
    assert words(76, *ids) == "f2 form  1-5 views  w add worker  g send again  f correct  ? help  q quit"


def test_in_the_smallest_window_the_views_are_more_important_than_what_the_frame_of_a_worker_says() -> None:
    ids = (
        "form",
        "live",
        "workers",
        "events",
        "dead_letters",
        "cluster",
        "worker_pause",
        "worker_stop",
        "help",
        "quit",
    )
    assert words(36, *ids) == "f2 form  1-5 views  ? help  q quit"
    assert words(76, *ids) == "f2 form  1-5 views  p pause/resume  x stop/start  ? help  q quit"


def test_a_click_on_the_views_goes_to_the_next_one() -> None:
    (_, part, *_) = key_line_parts(
        acting("form", "live", "events", "dead_letters", "cluster", "help"), NAMES, 36, False
    )
    assert part.line == (("1-5", "strong@press('3')"), (" views", "muted@press('3')"))
    (part,) = key_line_parts(acting("live", "workers", "events", "dead_letters"), NAMES, 12, False)
    assert part.line[0][1] == "strong@press('1')"


def test_keys_of_views_that_do_not_follow_each_other_are_named_one_by_one() -> None:
    names = keys.effective({"live": "l"})
    (part,) = key_line_parts(acting("workers", "events", "dead_letters", "cluster"), names, 20, False)
    assert line_text(part.line) == "l 2 3 4 5 views"


@pytest.mark.parametrize("read_only", [False, True])
async def test_in_the_filter_it_says_what_the_keys_do_there(read_only: bool) -> None:
    session = FakeSession(settings=Settings(kafka=KafkaSettings(read_only=read_only)))
    async with opened(session) as (app, pilot):
        await pilot.press("escape", "slash")
        await until(lambda: "⏎ keep" in last_line(app))
        assert "esc all" in last_line(app)
        assert "send" not in last_line(app)
        assert "panels" not in last_line(app)


@pytest.mark.parametrize(
    ("opening", "shown"),
    [
        (("question_mark",), "esc close  ? help"),
        (("e",), "esc close  e explain"),
        (("t",), "⏎ do it  esc close"),
        (("2", "tab", "z"), "esc close"),
        (("5", "m"), "esc close"),
        (("4", "tab", "g"), "esc close"),
    ],
)
async def test_under_a_box_it_shows_the_keys_of_the_box(
    session: FakeSession, opening: tuple[str, ...], shown: str
) -> None:
    for letter in seeded_letters():
        session.dead_letters.add(letter)
    async with opened(session) as (app, pilot):
        app.tick()
        await pilot.press("escape")
        for key in opening:
            await pilot.press(key)
            await pilot.pause()
        await until(lambda: last_line(app) == shown, f"{shown!r}, not {last_line(app)!r},")
        await pilot.press("escape")
        await until(lambda: "? help  q quit" in last_line(app))
