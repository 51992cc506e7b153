"""What a person may want of a worker: messages that travel up from panes and tables to whoever holds the session."""

from collections.abc import Mapping

from textual.message import Message

from tui.dashboard.widgets.drawing import Line
from tui.dashboard.widgets.key_hints import DEFAULT_KEYS, hint
from tui.events import WorkerState
from tui.ledger.figures import WorkerFigures

_RESTING = {WorkerState.STOPPED, WorkerState.FAILED}


class WorkerRequested(Message, namespace="worker_panes"):
    """A wish that concerns one worker of this process."""

    def __init__(self, client_id: str) -> None:
        super().__init__()
        self.client_id = client_id


class PauseRequested(WorkerRequested, namespace="worker_panes"):
    """The worker should take no more requests but stay in the group."""


class ResumeRequested(WorkerRequested, namespace="worker_panes"):
    """The paused worker should go on."""


class StopRequested(WorkerRequested, namespace="worker_panes"):
    """The worker should finish what it has in hand and leave the group."""


class StartRequested(WorkerRequested, namespace="worker_panes"):
    """The stopped worker should join the group again."""


def pause_or_resume(worker: WorkerFigures) -> WorkerRequested | None:
    """What the key p means for this worker now, None if nothing."""
    if worker.remote or worker.state is None or worker.state in _RESTING | {WorkerState.STOPPING}:
        return None
    if worker.state is WorkerState.PAUSED:
        return ResumeRequested(worker.client_id)
    return PauseRequested(worker.client_id)


def stop_or_start(worker: WorkerFigures) -> WorkerRequested | None:
    """What the key x means for this worker now, None if nothing."""
    if worker.remote or worker.state is None or worker.state is WorkerState.STOPPING:
        return None
    if worker.state in _RESTING:
        return StartRequested(worker.client_id)
    return StopRequested(worker.client_id)


def key_words(worker: WorkerFigures, key_names: Mapping[str, str] = DEFAULT_KEYS) -> Line:
    """The keys of this worker with what they would do now; a click on them does it, too."""
    words: list[tuple[str, str]] = []
    for key_id, action, wish in (
        ("worker_pause", "pause", pause_or_resume(worker)),
        ("worker_stop", "stop", stop_or_start(worker)),
    ):
        if wish is not None:
            word = type(wish).__name__.removesuffix("Requested").lower()
            words += [("  ", "text")] * bool(words)
            words += [(hint(key_names, key_id), f"strong@{action}"), (f" {word}", f"muted@{action}")]
    return tuple(words)
