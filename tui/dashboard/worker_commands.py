"""The commands of one worker in the palette: what its keys would do in its state."""

from collections.abc import Iterator, Mapping
from functools import partial

from tui.dashboard.command import Command, Commanded
from tui.dashboard.formatting import clean
from tui.dashboard.widgets.worker_requests import (
    WISHES,
    KillRequested,
    OpenRequested,
    PauseRequested,
    RestartRequested,
    ResumeRequested,
    SlowRequested,
    StartRequested,
    StopRequested,
    WorkerRequested,
)
from tui.ledger.figures import WorkerFigures

_NAME_CELLS = 60
_WORDS: Mapping[type[WorkerRequested], tuple[str, str]] = {
    PauseRequested: ("Pause {}", "It keeps its partitions and reads nothing"),
    ResumeRequested: ("Resume {}", "It goes on reading"),
    StopRequested: ("Stop {}", "It leaves the group, its partitions move"),
    StartRequested: ("Start {}", "It joins the group again"),
    KillRequested: ("Kill {}", "As by kill -9: the group notices later"),
    RestartRequested: ("Restart {}", "It leaves the group and joins anew"),
    SlowRequested: ("Slow {} down", "It waits before each request, until you say 0"),
    OpenRequested: ("Look at {}", "Its lanes, its last answers"),
}
"""What each wish is called, and what it does."""


def worker_commands(worker: WorkerFigures, app: Commanded) -> Iterator[Command]:
    """All that make sense now; what runs elsewhere can only be looked at."""
    name = clean(worker.client_id, _NAME_CELLS)
    for action, wanted in WISHES.items():
        if (wish := wanted(worker)) is not None:
            words, does = _WORDS[type(wish)]
            key = action if action == "open" else f"worker_{action}"
            yield Command(words.format(name), does, partial(app.fulfil, wish), key)
