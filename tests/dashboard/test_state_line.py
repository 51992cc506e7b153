"""The line above the panels says what a person should know first, and nothing when all is well."""

import pytest

from tests.dashboard.seeded import seeded_figures, worker
from tui.dashboard.glyphs import UNICODE
from tui.dashboard.widgets.drawing import line_text
from tui.dashboard.widgets.state_line import state_words
from tui.events import Link, WorkerState
from tui.ledger.figures import Figures


def words(figures: Figures, problem: str = "") -> str:
    return line_text(state_words(figures, problem, UNICODE))


def test_all_is_well_needs_no_words() -> None:
    assert words(seeded_figures()) == ""


def test_no_broker_says_what_to_do() -> None:
    figures = seeded_figures(link=Link.NO_BROKER, link_detail="h:9092 does not answer: start it")
    assert words(figures) == "✖ no broker  h:9092 does not answer: start it"


@pytest.mark.parametrize("state", [WorkerState.STOPPED, WorkerState.KILLED, WorkerState.FAILED])
def test_requests_without_workers_say_what_to_do(state: WorkerState) -> None:
    stopped = worker("client-0", state=state)
    assert "12 requests wait in Kafka and no worker runs: press esc, then w" in words(
        seeded_figures(workers=(stopped,))
    )


def test_a_remote_worker_is_a_worker() -> None:
    assert words(seeded_figures(workers=(worker("other-0", remote=True, state=None),))) == ""


def test_missing_permission_is_said() -> None:
    assert "no permission: DESCRIBE" in words(seeded_figures(trouble="no permission: DESCRIBE on group kcalc"))


def test_a_failed_start_is_said_before_all_else() -> None:
    figures = seeded_figures(link=Link.NO_BROKER, link_detail="x")
    assert words(figures, "could not start: boom\x1b[31m") == "✖ could not start: boom\\x1b[31m"
