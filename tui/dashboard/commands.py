"""The command palette: every wish of the dashboard by name, among them one per worker."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Protocol, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from tui.dashboard.formatting import clean
from tui.dashboard.wishes import Wishes
from tui.events import WorkerState
from tui.ledger.figures import WorkerFigures

_NAME_CELLS = 60
_RESTING = {WorkerState.STOPPED, WorkerState.KILLED, WorkerState.FAILED}


@dataclass(frozen=True, slots=True)
class Command:
    """A wish by name; `help` says what it does."""

    name: str
    help: str
    run: Callable[[], object]


class Commanded(Protocol):
    """What the palette can start: methods of the app, and the wishes it passes on."""

    @property
    def wishes(self) -> Wishes: ...
    @property
    def known_workers(self) -> tuple[WorkerFigures, ...]: ...
    def action_view(self, name: str) -> None: ...
    def open_worker(self, client_id: str) -> None: ...
    def slow_down(self, client_id: str) -> None: ...
    def action_explain(self) -> None: ...
    def action_focus_form(self) -> None: ...
    def action_help(self) -> None: ...
    def action_change_theme(self) -> None: ...
    async def action_quit(self) -> None: ...
    def hold_results(self) -> None: ...
    def trace_result(self) -> None: ...
    def copy_result(self) -> None: ...
    def regroup_partitions(self) -> None: ...
    async def filter_results(self) -> None: ...
    def action_save_results(self) -> None: ...
    def action_jump_results(self) -> None: ...


def every_command(app: Commanded) -> Iterator[Command]:
    """All commands that make sense now."""
    wishes = app.wishes
    if not wishes.read_only:
        yield Command("Add a worker", "It joins the group, and Kafka shares the partitions anew", wishes.add_worker)
        yield Command("Type a request", "In the form of the first view", app.action_focus_form)
        yield Command("Repeat the last request", "Send once more what the form sent last", wishes.repeat)
    yield Command("Hold or follow the results", "Read in peace; what comes is counted", app.hold_results)
    yield Command("Filter the results", "Show only some of them", app.filter_results)
    yield Command("Trace the selected result", "Its whole way, from being sent to here", app.trace_result)
    yield Command("Copy the selected result", "As text, for another program", app.copy_result)
    yield Command("Save the results", "Into a file, as CSV or JSON Lines", app.action_save_results)
    yield Command("Go to a time", "Hold the results still at a time of day", app.action_jump_results)
    yield Command("Live", "Who owns what, and what comes back", partial(app.action_view, "live"))
    yield Command("Workers", "All of them, and one from near", partial(app.action_view, "workers"))
    yield Command("Events", "Every rebalance and what it cost", partial(app.action_view, "events"))
    yield Command("Dead letters", "What was no request, and why", partial(app.action_view, "dead_letters"))
    yield Command("By worker or by partition", "Regroup who owns what", app.regroup_partitions)
    yield Command("Cluster", "Brokers, topics, groups and permissions", partial(app.action_view, "cluster"))
    yield Command("Explain", "Why work is shared as it is, and what helps", app.action_explain)
    yield Command("Change the theme", "Colours, dark and light", app.action_change_theme)
    yield Command("Help", "What every key and every sign means", app.action_help)
    yield Command("Quit", "Stop the workers and leave", app.action_quit)
    for worker in app.known_workers:
        name = clean(worker.client_id, _NAME_CELLS)
        if not worker.remote:
            yield from _worker_commands(worker, wishes)
            if worker.state not in _RESTING:
                slow = partial(app.slow_down, worker.client_id)
                yield Command(f"Slow {name} down", "It waits before each request, until you say 0", slow)
        yield Command(f"Look at {name}", "Its lanes, its last answers", partial(app.open_worker, worker.client_id))


def _worker_commands(worker: WorkerFigures, wishes: Wishes) -> Iterator[Command]:
    name, client_id = clean(worker.client_id, _NAME_CELLS), worker.client_id
    start, resume, pause, stop = (
        partial(wish, client_id)
        for wish in (wishes.start_worker, wishes.resume_worker, wishes.pause_worker, wishes.stop_worker)
    )
    match worker.state:
        case state if state in _RESTING:
            yield Command(f"Start {name}", "It joins the group again", start)
            return
        case WorkerState.PAUSED:
            yield Command(f"Resume {name}", "It goes on reading", resume)
        case _:
            yield Command(f"Pause {name}", "It keeps its partitions and reads nothing", pause)
    yield Command(f"Stop {name}", "It leaves the group, its partitions move", stop)
    yield Command(f"Restart {name}", "It leaves the group and joins anew", partial(wishes.restart_worker, client_id))
    yield Command(f"Kill {name}", "As by kill -9: the group notices later", partial(wishes.kill_worker, client_id))


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
