"""A request that is passed over is lost, and named; one that is only late is not."""

from tests.ledger.builders import NOW, dead, group, place, received, result
from tui.events import RequestsAcknowledged, RequestsSent
from tui.ledger.figures import Accounting
from tui.ledger.ledger import Ledger
from tui.ledger.overtaken import GRACE_S, Overtaken

LATER = NOW + GRACE_S + 2


def sent(count: int, base_offset: int = 100) -> Ledger:
    """A ledger of "me" that sent so many requests, all of them stored in partition 0."""
    ledger = Ledger("me")
    ledger.apply(RequestsSent(0, count, NOW))
    ledger.apply(RequestsAcknowledged(range(count), 0, base_offset, NOW))
    return ledger


def answer(ledger: Ledger, *numbers: int, base_offset: int = 100) -> None:
    ledger.apply(received(*(result(f"me-{number}", offset=base_offset + number) for number in numbers)))


def looked_at(ledger: Ledger, *times: float) -> Accounting:
    """The books after looks at the group at these times."""
    for at in times:
        ledger.apply(group(place(0, 0, 200), at=at))
    return ledger.accounting()


def test_a_lost_number_unbalances_the_books_and_is_named() -> None:
    ledger = sent(5)
    answer(ledger, 0, 1, 3, 4)
    assert looked_at(ledger, NOW + 1).balanced, "it may still come"
    books = looked_at(ledger, LATER)
    assert not books.balanced
    assert books.wrong == "lost: me-2"
    assert (books.sent, books.done, books.in_flight) == (5, 4, 1)
    (reason,) = (reason for reason in ledger.figures(LATER).reasons if "never answered" in reason.what)
    assert reason.what == "1 request was never answered, though later ones of the same partition were: me-2"


def test_of_many_lost_numbers_the_first_are_named_and_the_others_counted() -> None:
    ledger = sent(100)
    answer(ledger, 99)
    assert looked_at(ledger, NOW + 1, LATER).wrong == "lost: me-0, me-1, me-2 and 96 more"


def test_an_answer_after_all_corrects_it() -> None:
    ledger = sent(3)
    answer(ledger, 2)
    assert looked_at(ledger, NOW + 1, LATER).wrong
    answer(ledger, 0)
    ledger.apply(dead("me-1", 0, 101))
    assert looked_at(ledger, LATER + 1).balanced


def test_what_nothing_behind_it_was_answered_may_just_be_slow() -> None:
    ledger = sent(5)
    answer(ledger, 0, 1)
    assert looked_at(ledger, NOW + 1, LATER, LATER + 3_600).balanced


def test_an_answer_that_comes_before_the_broker_says_that_it_stored_the_request_is_none_of_it() -> None:
    ledger = Ledger("me")
    ledger.apply(RequestsSent(0, 2, NOW))
    answer(ledger, 0, 1)
    ledger.apply(RequestsAcknowledged(range(2), 0, 100, NOW))
    assert looked_at(ledger, NOW + 1, LATER).balanced


def test_each_partition_counts_for_itself() -> None:
    ledger = sent(2)
    ledger.apply(RequestsSent(2, 2, NOW))
    ledger.apply(RequestsAcknowledged(range(2, 4), 1, 0, NOW))
    ledger.apply(received(result("me-3", partition=1, offset=1)))
    assert looked_at(ledger, NOW + 1, LATER).wrong == "lost: me-2"


def test_what_a_deleted_topic_held_is_lost_and_the_new_one_begins_afresh() -> None:
    ledger = sent(2)
    ledger.apply(RequestsSent(2, 2, NOW))
    ledger.apply(RequestsAcknowledged(range(2, 4), 0, 0, NOW))
    assert looked_at(ledger, NOW + 1, LATER).wrong == "lost: me-0, me-1"
    ledger.apply(received(result("me-2", offset=0), result("me-3", offset=1)))
    assert looked_at(ledger, LATER + 60).wrong == "lost: me-0, me-1"


def test_an_answer_to_a_request_that_somebody_else_sent_is_theirs_and_loses_nothing() -> None:
    ledger = sent(2)
    ledger.apply(received(result("theirs", offset=500)))
    books = looked_at(ledger, NOW + 1, LATER)
    assert books.balanced
    assert books.others_done == 1


def test_no_more_than_a_million_are_watched() -> None:
    watched = Overtaken(lambda number: False)
    watched.stored(range(1 << 20), 0, 0, NOW)
    watched.stored(range(1 << 20, (1 << 20) + 9), 1, 0, NOW)
    watched.answered(1, 8)
    assert watched.lost(LATER) == []
    watched.answered(0, (1 << 20) - 1)
    assert watched.lost(NOW) == []
    assert watched.lost(LATER) == list(range(10_000))
