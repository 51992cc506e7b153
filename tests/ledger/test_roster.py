"""Names and numbers come from messages: a hostile topic does not make the roster grow without bound."""

from tests.ledger.builders import NOW
from tui.events import WorkerState
from tui.ledger.roster import Roster


def test_of_too_many_workers_the_first_of_other_processes_are_forgotten() -> None:
    roster = Roster()
    own = roster.worker("client-0")
    own.changed(WorkerState.IDLE, "", NOW)
    strangers = [roster.worker(f"x-{number}") for number in range(2_000)]
    assert roster.worker("client-0") is own
    assert all(roster.worker(stranger.client_id) is stranger for stranger in strangers[-511:])
    assert roster.worker("x-1488") is not strangers[1_488]


def test_one_partition_too_many_is_not_kept() -> None:
    roster = Roster()
    kept = [roster.partition(number) for number in range(4_096)]
    assert roster.partition(4_096) is not roster.partition(4_096)
    assert all(roster.partition(each.number) is each for each in kept)
