"""The commands of one worker in the palette: what can be done with it in its state."""

from collections.abc import Iterator
from functools import partial

from tui.dashboard.command import Command, Commanded
from tui.dashboard.formatting import clean
from tui.events import WorkerState
from tui.ledger.figures import WorkerFigures

_NAME_CELLS = 60
_RESTING = {WorkerState.STOPPED, WorkerState.KILLED, WorkerState.FAILED}


def worker_commands(worker: WorkerFigures, app: Commanded) -> Iterator[Command]:
    """All of them. What runs elsewhere, and what kcalc may only watch, can only be looked at."""
    name, client_id = clean(worker.client_id, _NAME_CELLS), worker.client_id
    if not worker.remote and not app.wishes.read_only:
        yield from _changes(worker, name, app)
    yield Command(f"Look at {name}", "Its lanes, its last answers", partial(app.open_worker, client_id), "open")


def _changes(worker: WorkerFigures, name: str, app: Commanded) -> Iterator[Command]:
    wishes = app.wishes
    start, resume, pause, stop, restart, kill, slow = (
        partial(wish, worker.client_id)
        for wish in (
            wishes.start_worker,
            wishes.resume_worker,
            wishes.pause_worker,
            wishes.stop_worker,
            wishes.restart_worker,
            wishes.kill_worker,
            app.slow_down,
        )
    )
    match worker.state:
        case state if state in _RESTING:
            yield Command(f"Start {name}", "It joins the group again", start, "worker_stop")
            return
        case WorkerState.PAUSED:
            yield Command(f"Resume {name}", "It goes on reading", resume, "worker_pause")
        case _:
            yield Command(f"Pause {name}", "It keeps its partitions and reads nothing", pause, "worker_pause")
    yield Command(f"Stop {name}", "It leaves the group, its partitions move", stop, "worker_stop")
    yield Command(f"Restart {name}", "It leaves the group and joins anew", restart, "worker_restart")
    yield Command(f"Kill {name}", "As by kill -9: the group notices later", kill, "worker_kill")
    yield Command(f"Slow {name} down", "It waits before each request, until you say 0", slow, "worker_slow")
