"""Workers are kept at work, and what is not right with one that ends is told."""

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.faults import crew
from tests.faults.crew import FEWEST, MOST, NO_BROKER, Crew

WITHIN_S = 10.0
WORKS = "import time; time.sleep(60)"
ON_SIGTERM = "import signal, sys; signal.signal(15, {}); print('here', file=sys.stderr, flush=True);" + WORKS
LEAVES = ON_SIGTERM.format("lambda *_: sys.exit(0)")
STAYS = ON_SIGTERM.format("signal.SIG_IGN")


def running(code: str) -> Callable[[str], Sequence[str]]:
    """Workers that run this code."""
    return lambda client_id: [sys.executable, "-c", code]


def until(condition: Callable[[], object], people: Crew) -> None:
    """Look after them until it is so."""
    deadline = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < deadline
        people.look_after()
        time.sleep(0.01)


def said(folder: Path) -> list[Path]:
    """Who has said something."""
    return [file for file in folder.glob("*.err") if file.stat().st_size]


def test_killed_workers_are_replaced_when_too_few_are_left(tmp_path: Path) -> None:
    with Crew(running(WORKS), {}, tmp_path) as people:
        people.kill(0)
        people.look_after()
        assert len(people.at_work) == FEWEST
        people.kill(0)
        people.look_after()
        assert people.at_work == ["client-2", "client-3"]
        assert people.unexpected == []


def test_one_that_stands_still_counts_as_away_until_it_goes_on(tmp_path: Path) -> None:
    with Crew(running(WORKS), {}, tmp_path) as people:
        go_on = people.freeze(1)
        assert people.at_work == ["client-0", "client-2"]
        people.kill(0)
        people.look_after()
        assert people.at_work == ["client-2", "client-3"]
        go_on()
        assert people.at_work == ["client-1", "client-2", "client-3"]


def test_when_there_are_too_many_the_longest_serving_leaves_for_the_new_one(tmp_path: Path) -> None:
    with Crew(running(LEAVES), {}, tmp_path) as people:
        people.join()
        until(lambda: len(said(tmp_path)) == MOST, people)
        people.join()
        assert people.at_work == ["client-1", "client-2", "client-3", "client-4"]
        people.end()
        assert people.unexpected == []


@pytest.mark.parametrize(("code", "complaints"), [(NO_BROKER, 0), (1, 1)])
def test_one_that_ends_by_itself_is_told_of_unless_it_found_no_broker(
    tmp_path: Path, code: int, complaints: int
) -> None:
    def ends_at_first(client_id: str) -> Sequence[str]:
        return running(f"raise SystemExit({code})" if client_id == "client-0" else WORKS)(client_id)

    with Crew(ends_at_first, {}, tmp_path) as people:
        until(lambda: "client-0" not in people.at_work, people)
        assert len(people.unexpected) == complaints


@pytest.mark.parametrize(("last_words", "complaints"), [("client-0 connecting", 0), ("client-0 joining", 1)])
def test_one_that_is_ended_by_sigterm_is_told_of_if_it_had_joined(
    tmp_path: Path, last_words: str, complaints: int
) -> None:
    with Crew(
        running(f"import sys; print({last_words!r}, file=sys.stderr, flush=True); {WORKS}"), {}, tmp_path
    ) as people:
        until(lambda: len(said(tmp_path)) == len(people.at_work), people)
        people.leave(0)
        people.end()
        assert len(people.unexpected) == complaints * len(said(tmp_path))


def test_one_that_does_not_leave_in_time_is_told_of_and_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "LEAVES_WITHIN_S", 0.2)
    with Crew(running(STAYS), {}, tmp_path) as people:
        until(lambda: len(said(tmp_path)) == len(people.at_work), people)
        people.leave(0)
        until(lambda: people.unexpected, people)
        assert people.unexpected == ["client-0 did not leave within 0.2 s"]
