"""The command palette reaches everything that a key does, and offers nothing that may not be done."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module

import pytest
from textual.binding import Binding
from textual.dom import DOMNode
from textual.widgets import Input

import tui.dashboard
from tests.dashboard.fakes import FakeSession
from tests.dashboard.letters import to_letters
from tests.dashboard.seeded import seeded_figures, seeded_letters, seeded_results, worker
from tests.dashboard.shown import form, opened, screen_text, until
from tui.dashboard import keys
from tui.dashboard.app import KcalcApp
from tui.dashboard.command import Command
from tui.dashboard.commands import every_command
from tui.dashboard.screens.letter import LetterScreen
from tui.dashboard.screens.trace import TraceScreen
from tui.dashboard.widgets.results_log import ResultsLog
from tui.events import WorkerState
from tui.settings import KafkaSettings, Settings

WITHOUT_A_COMMAND = {
    "next": "moves the focus",
    "previous": "moves the focus",
    "older": "moves through what was typed, inside a field",
    "newer": "moves through what was typed, inside a field",
    "help_now": "does what help does",
    "quit_now": "does what quit does",
    "commands": "opens the palette itself",
}
"""Keys of the table, and why no command does what they do."""
WITHOUT_A_KEY_IN_THE_TABLE = {
    "choose": "moves the cursor",
    "leaf": "moves the cursor",
    "neighbour": "moves the focus",
    "show_overlay": "opens the list of the field that has the focus",
    "explain_quit": "says which key quits",
}
"""Actions that are bound beside the table of keys, and why they need no command."""


def named(app: KcalcApp, name: str) -> Command:
    return next(command for command in every_command(app) if command.name == name)


async def run(app: KcalcApp, name: str) -> None:
    """Run a command as the palette does."""
    app.call_later(named(app, name).run)


def with_letters(session: FakeSession) -> FakeSession:
    for letter in seeded_letters():
        session.dead_letters.add(letter)
    return session


async def test_every_key_of_the_table_has_a_command(session: FakeSession) -> None:
    async with opened(session, (40, 12)) as (app, _):
        reached = {command.key for command in every_command(app)}
    assert reached - {""} == keys.BY_ID.keys() - WITHOUT_A_COMMAND.keys()


def bound_beside_the_table() -> Iterator[str]:
    for module in pkgutil.walk_packages(tui.dashboard.__path__, "tui.dashboard."):
        for one in vars(import_module(module.name)).values():
            if isinstance(one, type) and issubclass(one, DOMNode) and one.__module__ == module.name:
                for binding in Binding.make_bindings(one.__dict__.get("BINDINGS", ())):
                    if binding.id not in keys.BY_ID:
                        yield binding.action.partition("(")[0]


def test_what_is_bound_beside_the_table_needs_no_command() -> None:
    assert set(bound_beside_the_table()) == WITHOUT_A_KEY_IN_THE_TABLE.keys()


async def test_read_only_no_command_writes() -> None:
    session = FakeSession(settings=Settings(kafka=KafkaSettings(read_only=True)))
    session.ledger.current = seeded_figures(workers=(worker("client-0"), worker("far-1", remote=True)))
    async with opened(session, (40, 12)) as (app, _):
        offered = {command.key: command.name for command in every_command(app)}
        names = [command.name for command in every_command(app)]
    writing = {key.id for key in keys.KEYS if key.writes}
    assert not writing & offered.keys()
    assert [name for name in names if "client-0" in name or "far-1" in name] == ["Look at client-0", "Look at far-1"]
    assert "Look at the selected dead letter" in names


@pytest.mark.parametrize(("name", "said"), [("Save the results", "⏎ save"), ("Go to a time", "⏎ go")])
async def test_read_only_boxes_that_ask_for_something_say_how_to_answer(name: str, said: str) -> None:
    session = FakeSession(settings=Settings(kafka=KafkaSettings(read_only=True)))
    session.results.extend(seeded_results())
    async with opened(session) as (app, pilot):
        app.tick()
        await run(app, name)
        await until(lambda: said in screen_text(app))
        await pilot.press("f1")
        await until(lambda: "in this box" in screen_text(app))


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        (WorkerState.KILLED, ["Start client-2", "Look at client-2"]),
        (WorkerState.STOPPING, ["Look at client-2"]),
        (None, ["Look at client-2"]),
    ],
)
def test_a_worker_that_stands_still_has_no_command_that_could_do_nothing(
    session: FakeSession, state: WorkerState | None, offered: list[str]
) -> None:
    session.ledger.current = seeded_figures(workers=(worker("client-2", state=state),))
    names = [command.name for command in every_command(KcalcApp(session))]
    assert [name for name in names if "client-2" in name] == offered


# What they do


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Make a topic", "Make a topic"),
        ("Add partitions to the selected topic", "kcalc.requests"),
        ("Delete the selected topic", "Type kcalc.requests to delete it."),
    ],
)
async def test_a_topic_is_changed_from_any_view(session: FakeSession, name: str, said: str) -> None:
    async with opened(session) as (app, _):
        await run(app, name)
        await until(lambda: app.screen.query("#body"))

        def asked() -> bool:
            app.tick()
            return bool(app.screen.query(Input))

        await until(asked)
        await until(lambda: said in screen_text(app))


async def test_without_a_dead_letter_in_sight_its_commands_lead_to_the_view(session: FakeSession) -> None:
    async with opened(with_letters(session)) as (app, _):
        await run(app, "Send the selected dead letter again")
        await until(lambda: "select a dead letter first" in screen_text(app))
        await until(lambda: "not_json" in screen_text(app))


@pytest.mark.parametrize("looked_at", [False, True])
async def test_the_commands_of_a_dead_letter_act_on_the_selected_one(session: FakeSession, looked_at: bool) -> None:
    async with opened(with_letters(session)) as (app, pilot):
        await to_letters(app, pilot)
        if looked_at:
            await run(app, "Look at the selected dead letter")
            await until(lambda: isinstance(app.screen, LetterScreen))
        await run(app, "Trace the selected dead letter")
        await until(lambda: isinstance(app.screen, TraceScreen))
        await run(app, "Leave")
        await until(lambda: not isinstance(app.screen, TraceScreen))
        await run(app, "Send the selected dead letter again")
        await until(lambda: "Send 1@397 again?" in screen_text(app))
        await run(app, "Leave")
        await until(lambda: "again?" not in screen_text(app))
        await run(app, "Correct the selected dead letter")
        await until(lambda: form(app).has_class("-correcting"))


async def test_a_value_is_switched_where_one_is_seen(session: FakeSession) -> None:
    async with opened(with_letters(session)) as (app, pilot):
        await run(app, "JSON or bytes")
        await until(lambda: "look at a dead letter" in screen_text(app))
        await to_letters(app, pilot, "end")
        await pilot.press("enter")
        await until(lambda: '"operator_1": "five"' in screen_text(app))
        await run(app, "JSON or bytes")
        await until(lambda: "7b 22 6f 70" in screen_text(app))


async def test_a_request_is_sent_and_results_are_followed_from_another_view(session: FakeSession) -> None:
    session.results.extend(seeded_results())
    async with opened(session) as (app, pilot):
        app.tick()
        await pilot.press("6", "tab", "tab", "7", "escape", "down", "3")
        await run(app, "Send the request")
        await until(lambda: [(sent.x, sent.y) for sent in session.sent] == [("6", "7")])
        log = app.screen.query_one(ResultsLog)
        assert not log.following
        await run(app, "Go to the newest result")
        await until(lambda: log.following)


async def test_a_filter_can_be_taken_away_while_there_is_one(session: FakeSession) -> None:
    session.results.extend(seeded_results())
    async with opened(session) as (app, pilot):
        app.tick()
        assert "Show all results" not in [command.name for command in every_command(app)]
        await pilot.press("escape", "slash", *"error", "enter")
        await until(lambda: "of 6" in screen_text(app))
        await run(app, "Show all results")
        await until(lambda: "of 6" not in screen_text(app))


async def test_panels_of_a_small_window_are_switched_by_a_command_only_there(session: FakeSession) -> None:
    async with opened(session, (40, 12)) as (app, _):
        app.tick()
        await run(app, "Next panel")
        await until(lambda: "client-0" in screen_text(app))
    async with opened(FakeSession()) as (app, _):
        assert "Next panel" not in [command.name for command in every_command(app)]


async def test_a_new_command_is_found_in_the_palette_itself(session: FakeSession) -> None:
    async with opened(session) as (app, pilot):
        await pilot.press("ctrl+p", *"make a topic")
        await pilot.pause()
        await pilot.press("enter")

        def asked() -> bool:
            app.tick()
            return bool(app.screen.query("#topic-name"))

        await until(asked)
