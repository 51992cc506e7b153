"""The command palette: every wish of the dashboard by name, among them those of each worker."""

from collections.abc import Iterator
from functools import partial
from typing import cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from tui.dashboard.command import Command, Commanded
from tui.dashboard.keys import BY_ID
from tui.dashboard.worker_commands import worker_commands


def every_command(app: Commanded) -> Iterator[Command]:
    """All commands that make sense now; where kcalc only watches, none that writes."""
    for command in _all(app):
        if not (app.wishes.read_only and command.key and BY_ID[command.key].writes):
            yield command


def _all(app: Commanded) -> Iterator[Command]:
    yield Command(
        "Add a worker", "It joins the group, and Kafka shares the partitions anew", app.wishes.add_worker, "add_worker"
    )
    yield from _sending(app)
    yield from _results(app)
    yield from _views(app)
    yield from _letters(app)
    yield from _cluster(app)
    for worker in app.known_workers:
        yield from worker_commands(worker, app)


def _sending(app: Commanded) -> Iterator[Command]:
    yield Command("Type a request", "In the form of the first view", app.action_focus_form, "form")
    yield Command("Send the request", "What stands in the form of the first view", app.reaching.send, "send")
    yield Command("Repeat the last request", "Send once more what the form sent last", app.wishes.repeat, "repeat")


def _results(app: Commanded) -> Iterator[Command]:
    yield Command("Hold or follow the results", "Read in peace; what comes is counted", app.hold_results, "hold")
    yield Command("Go to the newest result", "And follow what comes", app.reaching.follow, "follow")
    yield Command("Filter the results", "Show only some of them", app.filter_results, "filter")
    if app.reaching.filtering:
        yield Command("Show all results", "Without the filter", app.reaching.unfilter)
    yield Command("Trace the selected result", "Its whole way, from being sent to here", app.trace_result, "open")
    yield Command("Copy the selected result", "As text, for another program", app.copy_result, "copy")
    yield Command("Save the results", "Into a file, as CSV or JSON Lines", app.action_save_results, "save")
    yield Command("Go to a time", "Hold the results still at a time of day", app.action_jump_results, "jump")


def _views(app: Commanded) -> Iterator[Command]:
    for name in ("live", "workers", "events", "dead_letters", "cluster"):
        key = BY_ID[name]
        yield Command(key.label.capitalize(), key.tooltip, partial(app.action_view, name), name)
    if app.reaching.one_panel:
        key = BY_ID["next_panel"]
        yield Command("Next panel", key.tooltip, app.reaching.next_panel, "next_panel")
    yield Command("By worker or by partition", "Regroup who owns what", app.regroup_partitions, "regroup")
    yield Command("Explain", "Why work is shared as it is, and what helps", app.action_explain, "explain")
    yield Command("Leave", "Close what is on the screen, or leave the form", app.reaching.leave, "leave")
    yield Command("Change the theme", "Colours, dark and light", app.action_change_theme)
    yield Command("Help", "What every key and every sign means", app.action_help, "help")
    yield Command("Quit", "Stop the workers and leave", app.action_quit, "quit")


def _letters(app: Commanded) -> Iterator[Command]:
    for key_id, name, words in (
        ("open", "Look at the selected dead letter", "Why it was refused, its headers and its value"),
        ("trace", "Trace the selected dead letter", "The way of its request, from being sent to being refused"),
        ("send_again", "Send the selected dead letter again", "As it was, after a question"),
        ("correct", "Correct the selected dead letter", "In the form, to be sent in its place"),
    ):
        yield Command(name, words, partial(app.reaching.letter, key_id), key_id)
    yield Command("JSON or bytes", "The value of a dead letter or a trace in the other way", app.reaching.raw, "raw")


def _cluster(app: Commanded) -> Iterator[Command]:
    for key_id, name, words in (
        ("create_topic", "Make a topic", "Asks for its name and its partitions"),
        ("add_partitions", "Add partitions to the selected topic", "Says what that does to keys, and asks how many"),
        ("delete_topic", "Delete the selected topic", "Asks for its name"),
    ):
        yield Command(name, words, partial(app.reaching.cluster, key_id), key_id)


class KcalcCommands(Provider):
    """Offers the commands of the app to Textual's palette."""

    async def discover(self) -> Hits:
        """All of them."""
        for command in self._commands():
            yield DiscoveryHit(Content(command.name), command.run, text=command.name, help=command.help)

    async def search(self, query: str) -> Hits:
        """Those that match what was typed."""
        matcher = self.matcher(query)
        for command in self._commands():
            score = matcher.match(command.name)
            if score > 0:
                yield Hit(score, matcher.highlight(command.name), command.run, text=command.name, help=command.help)

    def _commands(self) -> Iterator[Command]:
        return every_command(cast(Commanded, self.app))
