"""What a person may want of a worker: messages that travel up from panes and tables to whoever holds the session."""

from collections.abc import Callable, Mapping

from textual.message import Message

from tui.dashboard.widgets.drawing import Line, line_cells
from tui.dashboard.widgets.key_hints import DEFAULT_KEYS, hint
from tui.events import WorkerState
from tui.ledger.figures import WorkerFigures

_RESTING = {WorkerState.STOPPED, WorkerState.KILLED, WorkerState.FAILED}


class WorkerRequested(Message):
    """A wish that concerns one worker."""

    def __init__(self, client_id: str) -> None:
        super().__init__()
        self.client_id = client_id


class PauseRequested(WorkerRequested):
    """The worker should take no more requests but stay in the group."""


class ResumeRequested(WorkerRequested):
    """The paused worker should go on."""


class StopRequested(WorkerRequested):
    """The worker should finish what it has in hand and leave the group."""


class StartRequested(WorkerRequested):
    """The stopped worker should join the group again."""


class KillRequested(WorkerRequested):
    """The worker should end as by kill -9."""


class RestartRequested(WorkerRequested):
    """The worker should leave the group and join it anew."""


class SlowRequested(WorkerRequested):
    """A person wants to say how long the worker waits before each request; now it is `delay_s` seconds."""

    def __init__(self, client_id: str, delay_s: float) -> None:
        super().__init__(client_id)
        self.delay_s = delay_s


class OpenRequested(WorkerRequested):
    """A person wants to look at this worker from near; it may run in another process."""


def pause_or_resume(worker: WorkerFigures) -> WorkerRequested | None:
    """What `action_pause` means for this worker now, None if nothing."""
    if worker.remote or worker.state is None or worker.state in _RESTING | {WorkerState.STOPPING}:
        return None
    if worker.state is WorkerState.PAUSED:
        return ResumeRequested(worker.client_id)
    return PauseRequested(worker.client_id)


def stop_or_start(worker: WorkerFigures) -> WorkerRequested | None:
    """What `action_stop` means for this worker now, None if nothing."""
    if worker.remote or worker.state is None or worker.state is WorkerState.STOPPING:
        return None
    if worker.state in _RESTING:
        return StartRequested(worker.client_id)
    return StopRequested(worker.client_id)


def kill(worker: WorkerFigures) -> WorkerRequested | None:
    """What `action_kill` means for this worker now, None if nothing."""
    return KillRequested(worker.client_id) if _runs_here(worker) else None


def restart(worker: WorkerFigures) -> WorkerRequested | None:
    """What `action_restart` means for this worker now, None if nothing."""
    return RestartRequested(worker.client_id) if _runs_here(worker) else None


def slow(worker: WorkerFigures) -> WorkerRequested | None:
    """What `action_slow` means for this worker now, None if nothing."""
    return SlowRequested(worker.client_id, worker.delay_s) if _runs_here(worker) else None


def look(worker: WorkerFigures) -> WorkerRequested:
    """What `action_open` means for any worker."""
    return OpenRequested(worker.client_id)


def _runs_here(worker: WorkerFigures) -> bool:
    return not worker.remote and worker.state not in {None, WorkerState.STOPPING, *_RESTING}


WISHES: Mapping[str, Callable[[WorkerFigures], WorkerRequested | None]] = {
    "pause": pause_or_resume,
    "stop": stop_or_start,
    "kill": kill,
    "restart": restart,
    "slow": slow,
    "open": look,
}
"""By the name of the action; the order is that in which keys are named where there is no room for all."""
_NAMED = ("pause", "stop", "kill", "restart", "slow")


def key_words(worker: WorkerFigures, key_names: Mapping[str, str] = DEFAULT_KEYS, cells: int = 1_000) -> Line:
    """The keys of this worker with what they would do now, as many as fit; a click on them does it, too."""
    words: list[tuple[str, str]] = []
    for action in _NAMED:
        wish = WISHES[action](worker)
        if wish is None or f"worker_{action}" not in key_names:
            continue
        word = type(wish).__name__.removesuffix("Requested").lower()
        more = [("  ", "text")] * bool(words)
        more += [(hint(key_names, f"worker_{action}"), f"strong@{action}"), (f" {word}", f"muted@{action}")]
        if line_cells((*words, *more)) > cells:
            break
        words += more
    return tuple(words)
