"""Dead letters sent again are requests of ours: the books balance whatever their ids are and whatever comes first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ledger.builders import NOW, dead, received, result
from tui.calc.messages import ResultError
from tui.events import Event, RequestsAcknowledged, RequestsSent, RequestsUnsent
from tui.ledger.by_position import EARLY_KEPT, PLACES_KEPT, ByPosition
from tui.ledger.ledger import Ledger

ERROR = ResultError("division_by_zero", "division by zero")
PLACE = (2, 70)


def answer(request_id: str, kind: str, partition: int = 2, offset: int = 70) -> Event:
    if kind == "dead":
        return dead(request_id, partition, offset)
    error = ERROR if kind == "failed" else None
    return received(result(request_id, partition=partition, offset=offset, error=error))


def ledger_with_a_dead_letter(request_id: str) -> Ledger:
    """Number 0 of ours was sent and answered, if it has an own id as a dead letter; another's letter is dead, too."""
    ledger = Ledger("me")
    ledger.apply(RequestsSent(0, 1, NOW))
    ledger.apply(RequestsAcknowledged([0], 1, 5, NOW))
    ledger.apply(answer("me-0", "dead" if request_id == "me-0" else "done", 1, 5))
    if request_id != "me-0":
        ledger.apply(dead(request_id, 1, 6))
    return ledger


@pytest.mark.parametrize("request_id", ["me-0", "you-7", "requests/2/70"])
@pytest.mark.parametrize("kind", ["done", "failed", "dead"])
@pytest.mark.parametrize("order", ["stored first", "answered first", "answered twice"])
def test_a_letter_sent_again_is_one_more_request_of_ours_with_one_answer(
    request_id: str, kind: str, order: str
) -> None:
    ledger = ledger_with_a_dead_letter(request_id)
    before = ledger.accounting()
    stored = RequestsAcknowledged([1], *PLACE, NOW)
    ledger.apply(RequestsSent(1, 1, NOW, by_position=True))
    assert ledger.accounting().in_flight == 1
    first, second = (
        (stored, answer(request_id, kind)) if order == "stored first" else (answer(request_id, kind), stored)
    )
    ledger.apply(first)
    ledger.apply(second)
    if order == "answered twice":
        ledger.apply(answer(request_id, kind))
    books = ledger.accounting()
    assert books.balanced
    assert (books.sent, books.in_flight) == (2, 0)
    for outcome in ("done", "failed", "dead"):
        assert getattr(books, outcome) == getattr(before, outcome) + (outcome == kind)
    assert (books.others_done, books.others_failed, books.others_dead) == (0, 0, before.others_dead)
    assert books.again == (order == "answered twice")


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["stored", "unsent", "done", "failed", "dead"]))))
def test_the_books_balance_after_every_event(steps: list[tuple[int, str]]) -> None:
    ledger = Ledger("me")
    ledger.apply(RequestsSent(0, 3, NOW))
    ledger.apply(RequestsSent(3, 3, NOW, by_position=True))
    settled: set[int] = set()
    for number, kind in steps:
        event: Event
        if kind in ("stored", "unsent"):
            if number in settled:
                continue
            settled.add(number)
            stored = RequestsAcknowledged([number], 0, number, NOW)
            event = stored if kind == "stored" else RequestsUnsent([number], "no broker", NOW)
        else:
            event = answer(f"me-{number}" if number < 3 else "you-1", kind, 0, number)
        ledger.apply(event)
        books = ledger.accounting()
        assert books.balanced, (number, kind)
        assert min(books.others_done, books.others_failed, books.others_dead, books.again, books.in_flight) >= 0


def test_a_letter_that_could_not_be_sent_counts_as_unsent() -> None:
    ledger = ledger_with_a_dead_letter("you-7")
    ledger.apply(RequestsSent(1, 1, NOW, by_position=True))
    ledger.apply(RequestsUnsent([1], "no broker", NOW))
    books = ledger.accounting()
    assert (books.sent, books.unsent, books.in_flight) == (1, 1, 0)
    assert books.balanced


def test_a_new_request_of_ours_at_a_place_of_a_topic_that_is_no_more_is_itself() -> None:
    ledger = ledger_with_a_dead_letter("you-7")
    ledger.apply(RequestsSent(1, 1, NOW, by_position=True))
    ledger.apply(RequestsAcknowledged([1], *PLACE, NOW))
    ledger.apply(answer("you-7", "done"))
    ledger.apply(RequestsSent(2, 1, NOW))
    ledger.apply(answer("me-2", "failed"))
    books = ledger.accounting()
    assert (books.sent, books.done, books.failed, books.in_flight, books.again) == (3, 2, 1, 0, 0)


def test_what_it_remembers_is_bounded() -> None:
    places = ByPosition()
    places.sent(range(PLACES_KEPT + 5))
    for offset in range(EARLY_KEPT + 5):
        places.answered(9, offset, "done", True)
    assert list(places.stored(range(PLACES_KEPT + 4), 0, 0)) == []
    assert places.number_at(0, 3) is None
    assert places.number_at(0, 4) == 4
    assert list(places.stored([PLACES_KEPT + 4], 9, 3)) == []
