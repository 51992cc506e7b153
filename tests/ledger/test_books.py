"""The balance holds for every order in which answers, repetitions and failures to send arrive."""

from hypothesis import given
from hypothesis import strategies as st

from tests.ledger.builders import NOW, dead, received, result
from tui.calc.messages import ResultError
from tui.events import Event, RequestsSent, RequestsUnsent
from tui.ledger.ledger import Ledger

ERROR = ResultError("division_by_zero", "division by zero")


def sent(count: int, first: int = 0) -> RequestsSent:
    return RequestsSent(first, count, NOW)


@given(
    sent_count=st.integers(0, 12),
    kinds=st.lists(st.tuples(st.integers(0, 11), st.sampled_from(["done", "failed", "dead", "unsent"]))),
)
def test_sent_is_done_failed_dead_and_in_flight_after_every_event(
    sent_count: int, kinds: list[tuple[int, str]]
) -> None:
    ledger = Ledger("me")
    ledger.apply(sent(sent_count))
    first_answers: dict[int, str] = {}
    unsent: set[int] = set()
    again = 0
    for number, kind in kinds:
        if number >= sent_count:
            continue
        event: Event
        if kind == "unsent":
            event = RequestsUnsent([number], "no broker", NOW)
            if number not in first_answers:
                unsent.add(number)
        else:
            again += number in first_answers
            first_answers.setdefault(number, kind)
            unsent.discard(number)
            error = ERROR if kind == "failed" else None
            event = dead(f"me-{number}") if kind == "dead" else received(result(f"me-{number}", error=error))
        ledger.apply(event)
        books = ledger.accounting()
        assert books.balanced
        assert books.sent == sent_count - len(unsent)
        assert books.unsent == len(unsent)
        outcomes = list(first_answers.values())
        assert (books.done, books.failed, books.dead) == tuple(map(outcomes.count, ("done", "failed", "dead")))
        assert books.again == again


def test_an_answer_with_our_name_that_was_never_sent_unbalances_the_books_and_is_named() -> None:
    ledger = Ledger("me")
    ledger.apply(sent(2))
    ledger.apply(received(result("me-2")))
    books = ledger.accounting()
    assert not books.balanced
    assert "me-2" in books.wrong


def test_requests_of_other_programs_are_counted_as_theirs() -> None:
    ledger = Ledger("me")
    ledger.apply(received(result("kcalc.requests/0/7", offset=7), result("x", offset=8, error=ERROR)))
    ledger.apply(dead("kcalc.requests/0/9", offset=9))
    books = ledger.accounting()
    assert (books.others_done, books.others_failed, books.others_dead) == (1, 1, 1)
    assert books.sent == 0
    assert books.balanced


def test_another_programs_request_answered_twice_is_counted_once_and_once_as_again() -> None:
    ledger = Ledger("me")
    ledger.apply(received(result("x", offset=7), result("x", offset=7)))
    books = ledger.accounting()
    assert (books.others_done, books.again) == (1, 1)


def test_two_requests_of_other_programs_with_one_id_are_two_requests() -> None:
    ledger = Ledger("me")
    ledger.apply(received(result("x", offset=7), result("x", offset=8)))
    assert ledger.accounting().others_done == 2


def test_results_from_before_the_start_count_nothing_but_their_repetition_is_again() -> None:
    ledger = Ledger("me")
    ledger.apply(received(result("old", offset=3), replayed=True))
    assert ledger.accounting().others_done == 0
    ledger.apply(received(result("old", offset=3)))
    books = ledger.accounting()
    assert (books.others_done, books.again) == (0, 1)


def test_a_foreign_id_that_only_looks_like_ours_is_theirs() -> None:
    ledger = Ledger("me")
    ledger.apply(sent(5))
    ledger.apply(received(result("me-", offset=1), result("me-x", offset=2), result("me-٣", offset=3)))
    assert ledger.accounting().others_done == 3
